"""The notes that are no longer as they were signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.notes.models import Note, NoteStatus


@dataclass(frozen=True)
class Edited:
    """A note that differs from what was signed; `revision` None where it is gone or a draft again."""

    note_id: str
    title: str
    signed: int  # revision
    revision: int | None


@dataclass(frozen=True)
class SinceSigning:
    """How the notes of a manifest stand now."""

    unchanged: int
    edited: tuple[Edited, ...]
    added: int  # published since


def since_signing(session: Session, handover_id: str, manifest: Mapping[str, Any]) -> SinceSigning:
    """Compare the notes of a signed manifest with those there are; texts are compared, not revisions."""
    columns = (Note.id, Note.revision, Note.body_sha256)
    rows = session.execute(
        select(*columns)
        .where(Note.handover_id == handover_id)
        .where(Note.status == NoteStatus.PUBLISHED, Note.deleted_at.is_(None))
    )
    now = {row.id: row for row in rows}
    signed = {note["id"]: note for note in manifest["notes"]}
    edited = tuple(
        Edited(key, note["title"], note["revision"], now[key].revision if key in now else None)
        for key, note in signed.items()
        if key not in now or now[key].body_sha256 != note["sha256"]
    )
    return SinceSigning(len(signed) - len(edited), edited, len(now.keys() - signed.keys()))

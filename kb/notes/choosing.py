"""Passages one may point at: the published notes of a handover with their headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from kb.notes.models import Note, NoteStatus, Rendering, note_items
from kb.notes.rendering import key_of

MOST_NOTES = 200


@dataclass(frozen=True)
class Choice:
    """A note to point at, whether it is about the item, and its headings: anchor, words, level."""

    id: str
    title: str
    language: str
    about: bool
    headings: Sequence[tuple[str, str, int]]


def choices_for(session: Session, handover_id: str, item_id: str) -> tuple[list[Choice], bool]:
    """Notes about the item first, then the latest others, in one statement; and whether there are more.

    Headings with nothing under them are left out: they fill nothing.
    """
    about = exists().where(note_items.c.note_id == Note.id, note_items.c.item_id == item_id)
    rows = session.execute(
        select(Note.id, Note.title, Note.language, about.label("about"), Rendering.outline)
        .outerjoin(Rendering, Rendering.key == key_of(Note.body_sha256))
        .where(
            Note.handover_id == handover_id, Note.status == NoteStatus.PUBLISHED, Note.deleted_at.is_(None)
        )
        .order_by(about.desc(), Note.updated_at.desc(), Note.id)
        .limit(MOST_NOTES + 1)
    ).all()
    found = [
        Choice(
            row.id, row.title, row.language, row.about,
            [(one["anchor"], one["text"], one["level"]) for one in row.outline or () if _has_text(one)],
        )
        for row in rows[:MOST_NOTES]
    ]  # fmt: skip
    return found, len(rows) > MOST_NOTES


def _has_text(heading: dict[str, object]) -> bool:
    start, end = heading["start"], heading["end"]
    return isinstance(start, int) and isinstance(end, int) and end - start > len(str(heading["text"])) + 1

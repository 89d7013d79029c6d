"""Renderings after the renderer has changed: made again for every note, so that no reader has to wait for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from kb.db import Database
from kb.notes.covering import keep_covers
from kb.notes.models import Note, Rendering
from kb.notes.rendering import keep_rendering, key_of, prepare

AT_ONCE = 10  # notes in one short transaction that writes


def renew_renderings(database: Database, stopped: Callable[[], bool] = lambda: False) -> int:
    """Keep a rendering by this version for every note that lacks one, and what it covers; returns how many."""
    renewed, last = 0, ""
    while not stopped():
        with database.transaction(read_only=True) as session:
            found = _lacking(session, last)
        if not found:
            break
        with database.transaction() as session:
            for _note_id, _sha256, body in found:
                prepare(session, body)  # before the first statement: nobody waits for the lock meanwhile
            _keep(session, found)
        renewed, last = renewed + len(found), found[-1][0]
    return renewed


Lacking = Sequence[tuple[str, str, str]]  # (id, SHA-256 of the body, body)


def _lacking(session: Session, after: str) -> Lacking:
    kept = select(Rendering.key).where(Rendering.key == key_of(Note.body_sha256)).exists()
    query = select(Note.id, Note.body_sha256, Note.body).where(~kept, Note.id > after).order_by(Note.id)
    return [(row.id, row.body_sha256, row.body) for row in session.execute(query.limit(AT_ONCE))]


def _keep(session: Session, found: Lacking) -> None:
    read = {note_id: (sha256, body) for note_id, sha256, body in found}
    query = select(Note).where(Note.id.in_(read)).order_by(Note.id).with_for_update()
    for note in session.scalars(query.options(load_only(Note.id, Note.kind, Note.covers, Note.body_sha256))):
        sha256, body = read[note.id]
        made = keep_rendering(session, body, sha256)
        # Whoever saved it meanwhile kept its rendering, too.
        if note.body_sha256 == sha256:
            keep_covers(session, note, made)

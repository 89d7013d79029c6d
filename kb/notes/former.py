"""Titles that notes had: a [[link]] written before a note was renamed still leads to it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.notes.models import Note, Revision
from kb.notes.titles import title_key


def formerly_called(
    session: Session, handover_id: str, keys: Collection[str], *, drafts_of: str | None = None
) -> dict[str, str]:
    """Which note of the handover had each of these titles last, by key; a note in the bin counts no more."""
    if not keys:
        return {}
    rows = session.execute(
        select(Revision.note_id, Revision.title)
        .join(Note, Note.id == Revision.note_id)
        .where(Note.handover_id == handover_id, Note.deleted_at.is_(None), Revision.title != Note.title)
        .where((Note.status == "published") | (Note.author_id == drafts_of))
        .order_by(Revision.created_at, Revision.note_id)
    )
    return {key: note_id for note_id, title in rows if (key := title_key(title)) in keys}


def former_keys(
    session: Session, note_id: str, handover_id: str, key: str, *, drafts_of: str | None
) -> set[str]:
    """Keys of links that lead to a note by a title it had; not those that another note took over."""
    titles = session.scalars(select(Revision.title).distinct().where(Revision.note_id == note_id))
    keys = {title_key(title) for title in titles} - {key}
    if not keys:
        return keys
    taken = session.scalars(
        select(Note.title_key)
        .where(Note.handover_id == handover_id, Note.deleted_at.is_(None), Note.title_key.in_(keys))
        .where((Note.status == "published") | (Note.author_id == drafts_of))
    )
    last = formerly_called(session, handover_id, keys.difference(taken), drafts_of=drafts_of)
    return {each for each, had_it in last.items() if had_it == note_id}

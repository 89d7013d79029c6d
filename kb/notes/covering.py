"""Which slots a saved note fills; its attachments count where its text says no more than to look at them."""

from __future__ import annotations

from sqlalchemy import column, exists, select, table
from sqlalchemy.orm import Session

from kb.markdown import Rendered
from kb.notes.fillers import points_at_attachment
from kb.notes.models import Kind, Note
from kb.notes.rendering import covers, rendered
from kb.notes.staleness import look_at_marks

# Attachments belong to a package above this one, which says when one comes or goes; here they are only counted.
_attachments = table("attachments", column("note_id"))


def has_attachment(session: Session, note_id: str, made: Rendered) -> bool:
    """Whether a note has attachments; asked only where its text may point at one."""
    if not points_at_attachment(made.text):
        return False
    return bool(session.scalar(select(exists().where(_attachments.c.note_id == note_id))))


def keep_covers(session: Session, note: Note, made: Rendered) -> bool:
    """Find out which slots a note fills; returns whether it has attachments that count."""
    attached = has_attachment(session, note.id, made)
    fresh = covers(Kind(note.kind), made, has_attachment=attached)
    if note.covers != fresh:
        note.covers = fresh
    return attached


def attachments_changed(session: Session, note_id: str) -> None:
    """An attachment came or went: “see attachment” says something, or says nothing any more."""
    note = session.scalar(select(Note).where(Note.id == note_id).with_for_update())
    if note is not None and points_at_attachment(note.body):
        made = rendered(session, note.body, note.body_sha256)
        look_at_marks(session, note, made, attached=keep_covers(session, note, made))
        session.flush()

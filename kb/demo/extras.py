"""What lies beside the notes of the demo: files attached to them, and what somebody has typed and not saved yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.attachments.models import Attachment
from kb.attachments.services import attach
from kb.attachments.storage import Storage
from kb.demo.calendar import Calendar
from kb.demo.stories import NoteStory
from kb.notes.drafts import keep_draft
from kb.notes.models import Note


def tell_files(
    session: Session, calendar: Calendar, as_whom: Mapping[str, Identity], stories: Iterable[NoteStory],
    notes: Mapping[str, Note], storage: Storage,
) -> None:  # fmt: skip
    """Attach the files of the notes, each by the note's author after its last change."""
    for story in stories:
        note, moment = notes[story.slug], notes[story.slug].updated_at
        for name, path in story.files.items():
            attachment = _attach(session, as_whom[story.author], storage, note, path, name)
            moment = attachment.created_at = calendar.after(moment, (calendar.now - moment).days)
    session.flush()


def _attach(
    session: Session, identity: Identity, storage: Storage, note: Note, path: Path, name: str
) -> Attachment:
    incoming = storage.incoming()
    try:
        incoming.write(path.read_bytes())
        incoming.finish()
        return attach(session, identity, storage, note.id, incoming, name)
    finally:
        incoming.discard()


def tell_unsaved(
    session: Session, calendar: Calendar, as_whom: Mapping[str, Identity], stories: Iterable[NoteStory],
    notes: Mapping[str, Note],
) -> None:  # fmt: skip
    """Keep what people were adding to the end of a note when they left the editor."""
    for story in stories:
        told, note = story.unsaved, notes[story.slug]
        if told:
            fields = {
                "title": note.title,
                "body": f"{note.body.rstrip()}\n\n{told['adds'].rstrip()}\n",
                "base_revision": str(note.revision),
            }
            kept = keep_draft(session, as_whom[told["by"]], note.handover_id, note.id, fields, "", 0)
            kept.draft.saved_at = calendar.after(note.updated_at, told["days_ago"])
    session.flush()

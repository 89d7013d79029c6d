"""Headings of notes about an item under which nothing stands that counts: for each slot that is missing, where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.i18n import _
from kb.markdown import Rendered
from kb.notes.fillers import points_at_attachment
from kb.notes.kinds import slot_of_heading
from kb.notes.models import Note, NoteStatus, note_items
from kb.notes.rendering import rendered
from kb.notes.sections import place_of, section_text

MOST_NOTES = 20  # the latest about an item that are looked through


@dataclass(frozen=True)
class Unsaid:
    """A note with the heading of a slot, and what stands under it; nothing, or words that say nothing."""

    note_id: str
    author_id: str | None
    heading: str
    text: str

    @property
    def why(self) -> str:
        """Why it does not count, kindly; empty where nothing is written yet."""
        if not self.text:
            return ""
        said = {"heading": self.heading[:60], "text": self.text[:60]}
        if points_at_attachment(self.text):
            return (
                _(
                    "Under “%(heading)s” it says “%(text)s”. That does not count yet: the note has no attachment. "
                    "Attach the file, or write in a sentence what matters."
                )
                % said
            )
        return _(
            "Under “%(heading)s” it says “%(text)s”. That does not count yet: whoever takes over learns nothing from "
            "it. One sentence is enough, or say here why nothing is needed."
        ) % said  # fmt: skip


def unsaid_in(session: Session, item_id: str, slots: Collection[str]) -> dict[str, Unsaid]:
    """For slots that are missing, the latest published note that has their heading already."""
    if not slots:
        return {}
    notes = session.execute(
        select(Note.id, Note.author_id, Note.body, Note.body_sha256)
        .join(note_items, note_items.c.note_id == Note.id)
        .where(note_items.c.item_id == item_id)
        .where(Note.status == NoteStatus.PUBLISHED, Note.deleted_at.is_(None))
        .order_by(Note.updated_at.desc(), Note.id)
        .limit(MOST_NOTES)
    ).all()
    found: dict[str, Unsaid] = {}
    for note in notes:
        for slot, heading, text in _headings(rendered(session, note.body, note.body_sha256)):
            if slot in slots:
                found.setdefault(slot, Unsaid(note.id, note.author_id, heading, text))
    return found


def _headings(made: Rendered) -> list[tuple[str, str, str]]:
    return [
        (str(slot), heading.text, section_text(made, place_of(heading)) or "")
        for heading in made.outline
        if (slot := slot_of_heading(heading.text))
    ]

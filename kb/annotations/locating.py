"""The passage somebody means: on the revision they read, and where it stands in the newest."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.annotations.anchoring import Carrier, Mark, Span, locate, surroundings
from kb.annotations.models import Annotation
from kb.annotations.schemas import Place
from kb.errors import Conflict, Invalid
from kb.i18n import _
from kb.notes.models import Note
from kb.notes.queries import get_revision
from kb.notes.rendering import rendered


@dataclass(frozen=True)
class Found:
    """A passage as it was marked on `revision`, and its place [start, end) in the newest text."""

    revision: int
    quote: str
    prefix: str
    suffix: str
    text: str
    start: int
    end: int

    @property
    def reads_so_still(self) -> bool:
        """Whether the newest text says there what was read."""
        return self.text[self.start : self.end].split() == self.quote.split()


def lock_note(session: Session, note_id: str) -> None:
    """Make saves of the note wait until the commit: a save carries only marks that it can see."""
    session.execute(select(Note.id).where(Note.id == note_id).with_for_update())


def lock_note_of(session: Session, annotation_id: str) -> None:
    """The same for the note that a remark is on."""
    marked = select(Annotation.note_id).where(Annotation.id == annotation_id).scalar_subquery()
    session.execute(select(Note.id).where(Note.id == marked).with_for_update())


def find_passage(session: Session, note: Note, place: Place) -> Found:
    """Where a passage stands; Invalid where it does not stand in what was read, Conflict where it has gone since."""
    text = rendered(session, note.body, note.body_sha256).text
    read, number = text, note.revision
    if place.revision is not None and place.revision != note.revision:
        if place.revision > note.revision:
            raise Invalid.field("revision", _("The note has no such revision yet."))
        number, old = place.revision, get_revision(session, note.id, place.revision)
        read = rendered(session, old.body, old.sha256).text
    span = locate(read, place.exact, position=place.start, prefix=place.prefix, suffix=place.suffix)
    if span is None:
        raise Invalid.field("target", _("This passage does not stand in the note as it is now."))
    quote, around = read[span.start : span.end], surroundings(read, span)
    now = span if read == text else _carried(read, text, Mark(quote, *around, span.start, span.end))
    return Found(number, quote, *around, text, now.start, now.end)


def _carried(read: str, text: str, mark: Mark) -> Span:
    placed = Carrier(read, text).place(mark)
    if placed.start is None or placed.end is None:
        raise Conflict(_("The note was saved meanwhile, and this passage is no longer in it."))
    return Span(placed.start, placed.end)

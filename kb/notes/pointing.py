"""Passages slots point at: named by people, or found by headings; read while no save of their note can meet them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from kb.access.identity import Facts, Identity
from kb.access.permits import can_see
from kb.errors import Conflict, Invalid, NotFound
from kb.i18n import _
from kb.markdown import Heading, Rendered
from kb.notes.covering import has_attachment
from kb.notes.kinds import heading_key
from kb.notes.models import Note, NoteStatus
from kb.notes.queries import get_revision
from kb.notes.rendering import rendered
from kb.notes.sections import place_of, says_something, section_text, text_hash
from kb.notes.slot_schemas import filler_words


@dataclass(frozen=True)
class Passage:
    """A section of a note, or with no place the whole of it, as it reads now."""

    note_id: str
    revision: int
    place: str | None
    sha256: str  # of its text


def passage_named(
    session: Session, identity: Identity, handover_id: str, note_id: str, heading: str | None
) -> Passage:
    """The passage people mean; raises Invalid where it cannot fill a slot, in a sentence."""
    note = _locked(session, note_id)
    if note is None or note.handover_id != handover_id or not _may_know(identity, note):
        raise Invalid.field("note", _("There is no such note in this handover."))
    if note.deleted_at is not None:
        raise Invalid.field("note", _("This note is in the bin. Restore it first, then point at it."))
    if note.status != NoteStatus.PUBLISHED:
        raise Invalid.field("note", _("This note is still a draft. Publish it first, then point at it."))
    made = rendered(session, note.body, note.body_sha256)
    place = _place_named(made, heading) if heading else None
    text = section_text(made, place) or ""
    if not says_something(made, place, has_attachment=has_attachment(session, note.id, made)):
        wrong = _("Nothing is written there yet. Write it first, then point at it.")
        raise Invalid.field("heading" if heading else "note", filler_words(text) if text else wrong)
    return Passage(note.id, note.revision, place, text_hash(text))


def passage_found(session: Session, note_id: str, place: str | None) -> Passage:
    """The passage at a known place; Conflict where it is not there any more."""
    note = _locked(session, note_id)
    made = rendered(session, note.body, note.body_sha256) if note else None
    text = section_text(made, place) if made else None
    if note is None or text is None or note.deleted_at or note.status != NoteStatus.PUBLISHED:
        raise _changed()
    return Passage(note.id, note.revision, place, text_hash(text))


def unseen_change(session: Session, passage: Passage, revision: int | None) -> None:
    """Raise Conflict where a passage reads otherwise than in the revision somebody has read."""
    if revision is None or revision == passage.revision:
        return
    try:
        read = get_revision(session, passage.note_id, revision)
    except NotFound:
        raise Invalid.field("revision", _("The note has no such revision yet.")) from None
    text = section_text(rendered(session, read.body, read.sha256), passage.place)
    if text is None or text_hash(text) != passage.sha256:
        raise _changed()


def _changed() -> Conflict:
    return Conflict(_("This passage was changed while you were reading. Please look at it again."))


def _locked(session: Session, note_id: str) -> Note | None:
    """The note as it is now; saves of it wait until the commit."""
    columns = load_only(
        Note.id, Note.handover_id, Note.body, Note.body_sha256, Note.status, Note.revision, Note.author_id,
        Note.deleted_at, raiseload=True,
    )  # fmt: skip
    query = select(Note).where(Note.id == note_id).options(columns).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def _may_know(identity: Identity, note: Note) -> bool:
    return can_see(identity, Facts(note.handover_id, note.author_id, note.status == NoteStatus.DRAFT))


def _place_named(made: Rendered, said: str) -> str:
    """The heading of these words or this anchor; of several the first that says something."""

    def fits(heading: Heading) -> tuple[bool, ...]:
        anchor = said.removeprefix("#") == heading.anchor
        return heading.text == said, anchor, heading_key(heading.text) == heading_key(said)

    fitting = [(fits(heading), place_of(heading)) for heading in made.outline]
    for way in range(3):
        places = [place for ways, place in fitting if ways[way]]
        if places:
            return next((place for place in places if says_something(made, place)), places[0])
    raise Invalid.field("heading", _("This note has no heading “%(heading)s”.") % {"heading": said[:100]})

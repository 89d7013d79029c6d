"""Marks of slots when their note is saved: the passage is followed, and looked at again once it was changed.

A mark keeps the hash of its passage as it was when somebody last looked. `stale_revision` is the first revision that
changed it since, with a minus sign while the passage is gone: its note holds it no more (then the heading is marked
as lost), or holds only a filler.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.markdown import Rendered
from kb.notes.filling import is_gone
from kb.notes.models import Note, SlotMark
from kb.notes.rendering import rendered
from kb.notes.sections import followed, found_again, lost, place_of, says_something, section_text, text_hash


def carry_marks(
    session: Session, note: Note, before: tuple[str, str], *, minor: bool, attached: bool
) -> None:  # fmt: skip
    """After a save: `before` is the body and its hash as they were, `attached` whether the note has attachments."""
    body, sha256 = before
    if sha256 == note.body_sha256:
        return
    marks = _marks(session, note)
    if not marks:
        return
    old, new = rendered(session, body, sha256), rendered(session, note.body, note.body_sha256)
    for mark in marks:
        if is_gone(mark.stale_revision):
            _returned(mark, new, note.revision, attached)
        else:
            _carried(mark, old, new, note.revision, minor=minor, attached=attached)
    session.flush()


def look_at_marks(session: Session, note: Note, made: Rendered, *, attached: bool) -> None:
    """The text is the same, but what it says no more than an attachment would may count, or count no more."""
    for mark in _marks(session, note):
        if is_gone(mark.stale_revision):
            _returned(mark, made, note.revision, attached)
        elif not says_something(made, mark.heading, has_attachment=attached):
            mark.stale_revision = -(mark.stale_revision or note.revision)


def _marks(session: Session, note: Note) -> list[SlotMark]:
    ordered = select(SlotMark).where(SlotMark.note_id == note.id).order_by(SlotMark.item_id, SlotMark.slot)
    return list(session.scalars(ordered.with_for_update()))


def _carried(
    mark: SlotMark, old: Rendered, new: Rendered, revision: int, *, minor: bool, attached: bool
) -> None:
    was, place = section_text(old, mark.heading), mark.heading
    if place is not None:
        place = followed(old, new, place)
    gone = place is None and mark.heading is not None
    if gone:
        mark.heading = lost(str(mark.heading))
    if gone or not says_something(new, place, has_attachment=attached):
        mark.stale_revision = -(mark.stale_revision or revision)
        return
    mark.heading = place
    text = section_text(new, place)
    now = text_hash(text or "")
    if mark.stale_revision is not None:
        if now == mark.passage_sha256:  # it reads again as it did
            mark.stale_revision = None
    elif text == was or minor:
        mark.passage_sha256 = now
    elif now != mark.passage_sha256:
        mark.stale_revision = revision


def _returned(mark: SlotMark, made: Rendered, revision: int, attached: bool) -> None:
    """A passage that was gone is there again, under its heading or word for word under another."""
    places: list[str | None] = [found_again(mark.heading) if mark.heading is not None else None]
    if mark.heading is not None:
        known = mark.passage_sha256
        anywhere = (place_of(heading) for heading in made.outline)
        places += [place for place in anywhere if text_hash(section_text(made, place) or "") == known]
    for place in places:
        if says_something(made, place, has_attachment=attached):
            mark.heading = place
            same = text_hash(section_text(made, place) or "") == mark.passage_sha256
            mark.stale_revision = None if same else -(mark.stale_revision or -revision)
            return

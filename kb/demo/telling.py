"""Notes and their versions, each written by its author and dated back; remarks made in between come in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.annotations.services import save_note
from kb.demo.calendar import Calendar
from kb.demo.remarks import Remarks
from kb.demo.stories import NoteStory, Version
from kb.notes.freshness import default_check_by
from kb.notes.models import Note, NoteStatus
from kb.notes.queries import get_revision
from kb.notes.services import create_note
from kb.people.models import User

People = Mapping[str, Identity]


def tell_notes(
    session: Session, calendar: Calendar, as_whom: People, people: Mapping[str, User],
    stories: Iterable[NoteStory], handover_id: str, items: Mapping[str, str], remarks: Remarks,
) -> dict[str, Note]:  # fmt: skip
    """Write the notes of a handover with their earlier versions; returns them by slug."""
    told = {}
    for story in stories:
        data = {
            **story.fields,
            "items": [items[key] for key in story.items],
            "owner": people[story.owner].email,
        }
        told[story.slug] = _note(session, calendar, as_whom, story, handover_id, data, remarks)
    return told


def _note(
    session: Session, calendar: Calendar, as_whom: People, story: NoteStory, handover_id: str,
    data: Mapping[str, Any], remarks: Remarks,
) -> Note:  # fmt: skip
    first, *later = story.versions
    note = create_note(session, as_whom[first.author], handover_id, _version(data, first))
    moments = [calendar.moment(first.days_ago)]
    for number, version in enumerate(later, 2):
        said = remarks.tell_before(story.slug, note, number, moments[-1])
        save_note(session, as_whom[version.author], note.id, _version(data, version), note.revision)
        moments.append(calendar.after(said, version.days_ago))
    note.author_id = as_whom[story.author].user_id
    note.created_at, note.updated_at = moments[0], moments[-1]
    _check(calendar, as_whom, note, story.check)
    # A draft finished on another day is still the same first revision: nothing in it has changed.
    for number, moment in enumerate(moments[-note.revision :], 1):
        get_revision(session, note.id, number).created_at = moment
    session.flush()
    return note


def _check(calendar: Calendar, as_whom: People, note: Note, told: Mapping[str, Any]) -> None:
    """By when a note is to be checked, counted from its own days; and who has checked it."""
    if note.status == NoteStatus.PUBLISHED:
        note.check_by = default_check_by(note.importance, note.updated_at.date())
    if note.checked_at:  # by its owner's last change
        note.checked_at = note.updated_at
    if "checked_by" in told:
        note.checked_at = calendar.after(note.updated_at, float(told["checked_days_ago"]))
        note.checked_by_id = as_whom[told["checked_by"]].user_id
        note.check_by = default_check_by(note.importance, note.checked_at.date())
    if "check_in_days" in told:
        note.check_by = calendar.now.date() + timedelta(days=int(told["check_in_days"]))


def _version(data: Mapping[str, Any], version: Version) -> dict[str, Any]:
    saying = {"body": version.body, "reason": version.reason, "minor": version.minor}
    return {**data, **saying} | ({"status": str(NoteStatus.DRAFT)} if version.draft else {})

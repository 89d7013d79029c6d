"""Notes, their versions and the remarks on them, each written by its author and dated back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.annotations.models import AnnotationState, Reply
from kb.annotations.services import change_annotation, create_annotation, reply, save_note
from kb.demo.calendar import Calendar
from kb.demo.stories import NoteStory
from kb.notes.freshness import default_check_by
from kb.notes.models import Note, NoteStatus
from kb.notes.queries import get_revision
from kb.notes.rendering import rendered
from kb.notes.services import create_note
from kb.people.models import User

People = Mapping[str, Identity]


def tell_notes(
    session: Session, calendar: Calendar, as_whom: People, people: Mapping[str, User],
    stories: Iterable[NoteStory], handover_id: str, items: Mapping[str, str],
) -> dict[str, Note]:  # fmt: skip
    """Write the notes of a handover with their earlier versions; returns them by slug."""
    told = {}
    for story in stories:
        data = {
            **story.fields,
            "items": [items[key] for key in story.items],
            "owner": people[story.owner].email,
        }
        told[story.slug] = _note(session, calendar, as_whom, story, handover_id, data)
    return told


def _note(
    session: Session, calendar: Calendar, as_whom: People, story: NoteStory, handover_id: str,
    data: Mapping[str, Any],
) -> Note:  # fmt: skip
    first, *later = story.versions
    note = create_note(session, as_whom[first.author], handover_id, _version(data, first.body, first.draft))
    moments = [calendar.moment(first.days_ago)]
    for version in later:
        fields = _version(data, version.body, version.draft)
        save_note(session, as_whom[version.author], note.id, fields, note.revision)
        moments.append(calendar.after(moments[-1], version.days_ago))
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


def _version(data: Mapping[str, Any], body: str, draft: bool) -> dict[str, Any]:
    return {**data, "body": body} | ({"status": str(NoteStatus.DRAFT)} if draft else {})


def tell_remarks(
    session: Session, calendar: Calendar, as_whom: People, remarks: Iterable[Mapping[str, Any]],
    notes: Mapping[str, Note],
) -> None:  # fmt: skip
    """Write the remarks with their answers; a passage that does not stand in its note is a ValueError."""
    for remark in remarks:
        note = notes[remark["note"]]
        author = as_whom[remark["author"]]
        made = create_annotation(session, author, note.id, _remark(session, note, remark))
        moment = made.created_at = calendar.after(note.updated_at, remark["days_ago"])
        moment = _answers(session, calendar, as_whom, made.id, remark.get("replies") or (), moment)
        if remark.get("state") == AnnotationState.RESOLVED:
            made = change_annotation(session, author, made.id, {"state": remark["state"]})
            moment = made.resolved_at = calendar.after(moment, remark["days_ago"])
        made.updated_at = moment
        session.flush()


def _remark(session: Session, note: Note, remark: Mapping[str, Any]) -> dict[str, Any]:
    """The input of a remark, its place found by the words and how often they came before."""
    text, exact = rendered(session, note.body, note.body_sha256).text, remark["exact"]
    start = -1
    for _time in range(int(remark.get("occurrence") or 0) + 1):
        start = text.find(exact, start + 1)
        if start < 0:
            raise ValueError(f"{remark['note']}: “{exact}” does not stand in the note")
    target = {"quote": {"exact": exact}, "position": {"start": start, "end": start + len(exact)}}
    data = {"kind": remark["kind"], "body": remark.get("body") or "", "target": target}
    return data | ({"replacement": remark["replacement"]} if "replacement" in remark else {})


def _answers(
    session: Session, calendar: Calendar, as_whom: People, annotation_id: str,
    answers: Iterable[Mapping[str, Any]], moment: datetime,
) -> datetime:  # fmt: skip
    """Write the answers in order; returns when the last one came."""
    for answer in answers:
        reply(session, as_whom[answer["author"]], annotation_id, {"body": answer["body"]})
        moment = calendar.after(moment, answer["days_ago"])
        newest = select(Reply).where(Reply.annotation_id == annotation_id).order_by(Reply.created_at.desc())
        session.scalars(newest.limit(1)).one().created_at = moment
    return moment

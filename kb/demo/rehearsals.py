"""Meetings, demonstrations and practice of the demo, as `rehearsals.yaml` tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.checklists.queries import items_of
from kb.checklists.services import change_item
from kb.clock import now
from kb.demo.calendar import Calendar
from kb.demo.stories import CONTENT, HandoverStory, cast, handovers, read_yaml
from kb.handovers.models import Handover
from kb.handovers.queries import identity_of
from kb.notes.models import Note
from kb.people.queries import users_by_email
from kb.rehearsals.meetings import record_meeting
from kb.rehearsals.models import Meeting, PracticeRun
from kb.rehearsals.practice import record_run

_AFTERNOON = time(15, 0)


@dataclass(frozen=True)
class _Teller:
    """One handover's people and things by their keys."""

    session: Session
    calendar: Calendar
    zone: str
    today: date
    handover_id: str
    emails: Mapping[str, str]
    as_whom: Mapping[str, Identity]
    items: Mapping[str, str]
    notes: Mapping[str, str]

    def later(self, days: int) -> datetime:
        """An afternoon ahead."""
        return datetime.combine(self.today + timedelta(days=days), _AFTERNOON, ZoneInfo(self.zone))


def load_rehearsals(session: Session, zone: str, today: date) -> None:
    """Tell the meetings and practice runs of the demo's handovers, which must be there."""
    for story in handovers():
        teller = _teller(session, zone, today, story)
        told = read_yaml(CONTENT / story.key / "rehearsals.yaml")
        manager = teller.as_whom[story.person("manager")]
        for key, asked in told["practice"].items():
            change_item(session, manager, teller.items[key], {"practice": asked})
        for one in told["meetings"]:
            _meeting(teller, one)
        for one in told["runs"]:
            _run(teller, one)
        _date_items(teller)
    session.flush()


def _teller(session: Session, zone: str, today: date, story: HandoverStory) -> _Teller:
    handover = session.scalars(select(Handover).where(Handover.title == story.facts["title"])).one()
    emails = {person.key: person.email for person in cast()}
    people = users_by_email(session, set(emails.values()))
    slugs = {str(note.fields["title"]): note.slug for note in story.notes}
    notes = session.execute(select(Note.title, Note.id).where(Note.handover_id == handover.id))
    return _Teller(
        session, Calendar(now(), zone), zone, today, handover.id, emails,
        {key: identity_of(session, people[email]) for key, email in emails.items()},
        {item.template_key: item.id for item in session.scalars(items_of(handover.id)).unique() if item.template_key},
        {slugs[title]: note_id for title, note_id in notes if title in slugs},
    )  # fmt: skip


def _meeting(teller: _Teller, told: Mapping[str, Any]) -> None:
    ahead = "in_days" in told
    held = teller.later(told["in_days"]) if ahead else teller.calendar.moment(told["days_ago"])
    agreed = [
        {
            "title": line["title"],
            "owner": teller.emails[line["owner"]],
            "due": (teller.today + timedelta(days=line["due_in_days"])).isoformat(),
        }
        for line in told.get("agreed") or ()
    ]
    data = {name: told.get(name, "") for name in ("kind", "minutes", "agenda", "problem", "recording")}
    data |= {
        "held_at": held.isoformat(), "agreed": agreed,
        "attendees": [*(teller.emails[key] for key in told["attendees"]), *(told.get("others") or ())],
        "items": [teller.items[key] for key in told.get("items") or ()],
    }  # fmt: skip
    made = record_meeting(teller.session, teller.as_whom[told["by"]], teller.handover_id, data, teller.zone)
    made.note_id = teller.notes[told["note"]] if "note" in told else None
    written = teller.calendar.moment(1) if ahead else teller.calendar.after(held, told["days_ago"])
    made.created_at = made.updated_at = written
    _date_agreed(made, written)


def _date_agreed(meeting: Meeting, moment: datetime) -> None:
    for link in meeting.links:
        if link.agreed:
            link.item.created_at = link.item.updated_at = moment


def _run(teller: _Teller, told: Mapping[str, Any]) -> None:
    held = teller.calendar.moment(told["days_ago"])
    data = {name: told.get(name, "") for name in ("level", "outcome", "feedback", "problem", "fix")}
    data |= {"successor": teller.emails[told["who"]], "held_at": held.isoformat()}
    if "next_in_days" in told:
        data["next_on"] = (teller.today + timedelta(days=told["next_in_days"])).isoformat()
    run: PracticeRun = record_run(
        teller.session, teller.as_whom[told["by"]], teller.items[told["item"]], data, teller.zone
    )
    run.note_id = teller.notes[told["note"]] if "note" in told else None
    run.created_at = teller.calendar.after(held, told["days_ago"])


def _date_items(teller: _Teller) -> None:
    """What practice was asked for was agreed on when the handover began."""
    for item in teller.session.scalars(items_of(teller.handover_id)).unique():
        if item.required_level:
            item.updated_at = item.created_at

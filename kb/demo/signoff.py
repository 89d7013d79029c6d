"""A handover of the demo that is over: written, practised, signed by all three; one note was edited since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.annotations.services import save_note
from kb.checklists.services import add_item, change_item, start_handover
from kb.clock import now
from kb.demo.calendar import Calendar
from kb.demo.stories import CONTENT, cast, read_yaml
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import identity_of
from kb.handovers.schemas import new_handover
from kb.handovers.stage_changes import set_stage, stage_changes_of
from kb.notes.models import Note
from kb.notes.queries import get_revision
from kb.notes.services import create_note
from kb.people.queries import users_by_email
from kb.registers.services import add_entry, change_entry
from kb.rehearsals.meetings import record_meeting
from kb.rehearsals.practice import record_run
from kb.signoff.signing import sign

Told = Mapping[str, Any]


@dataclass(frozen=True)
class _Teller:
    """The story, its people by role and name, and the days it counts in."""

    session: Session
    calendar: Calendar
    zone: str
    told: Told
    as_whom: Mapping[str, Identity]
    emails: Mapping[str, str]

    def role(self, role: str) -> Identity:
        """Who holds a role."""
        return self.as_whom[self.told["people"][role]]


def load_signed(session: Session, zone: str, today: date) -> None:
    """Tell the handover that is over; its people must be there."""
    told, emails = read_yaml(CONTENT / "finished.yaml"), {person.key: person.email for person in cast()}
    users = users_by_email(session, set(emails.values()))
    begun = _begin(
        session, told, emails, identity_of(session, users[emails[told["people"]["manager"]]]), today
    )
    as_whom = {key: identity_of(session, users[email]) for key, email in emails.items()}
    teller = _Teller(session, Calendar(now(), zone), zone, told, as_whom, emails)
    begun.created_at = teller.calendar.moment(told["confirmed_days_ago"])
    items = _items(teller, begun)
    notes = {one["key"]: _note(teller, begun, items, one) for one in told["notes"]}
    _register(teller, begun)
    _rehearse(teller, begun, items)
    _walk(teller, begun, Stage.CAPTURING, Stage.TRANSFERRING)
    signed_at = _sign(teller, begun)
    _walk(teller, begun, Stage.SUPPORTING)
    for one in told["notes"]:
        if "edited" in one:
            _edit(teller, notes[one["key"]], one["edited"])
    _date_stages(teller, begun, signed_at)
    begun.updated_at = max([signed_at, *(note.updated_at for note in notes.values())])
    session.flush()


def _begin(
    session: Session, told: Told, emails: Mapping[str, str], manager: Identity, today: date
) -> Handover:
    began = today - timedelta(days=told["confirmed_days_ago"])
    last_day = today - timedelta(days=told["last_day_days_ago"])
    people = told["people"]
    data = {name: told[name] for name in ("title", "position", "department", "language")} | {
        "leaver": emails[people["leaver"]], "last_day": last_day.isoformat(),
        "support_until": (last_day + timedelta(days=told["support_days"])).isoformat(),
        "confirmed_on": began.isoformat(), "confirmed_by": manager.name,
        "members": [{"email": emails[people[role]], "role": role} for role in ("successor", "viewer")],
    }  # fmt: skip
    return start_handover(session, manager, new_handover(data, told["language"]), today=began)


def _items(teller: _Teller, handover: Handover) -> dict[str, str]:
    made = {}
    for one in teller.told["items"]:
        data = {name: value for name, value in one.items() if name not in ("key", "state")}
        data |= {"module": teller.told["module"], "owner": teller.role("successor").email}
        item = add_item(teller.session, teller.role("manager"), handover.id, data)
        change_item(teller.session, teller.role("manager"), item.id, {"state": one["state"]})
        item.created_at = item.updated_at = handover.created_at
        made[one["key"]] = item.id
    return made


def _note(teller: _Teller, handover: Handover, items: Mapping[str, str], one: Told) -> Note:
    data = {name: one[name] for name in ("kind", "title", "tags", "importance", "purpose", "body")}
    data |= {"items": [items[key] for key in one["items"]], "language": teller.told["language"]}
    note = create_note(teller.session, teller.role("leaver"), handover.id, data)
    note.created_at = note.updated_at = teller.calendar.moment(one["days_ago"])
    note.owner_id = teller.role("successor").user_id
    note.check_by = (teller.calendar.now + timedelta(days=90)).date()
    get_revision(teller.session, note.id, 1).created_at = note.created_at
    teller.session.flush()
    return note


def _edit(teller: _Teller, note: Note, edited: Told) -> None:
    """An edit after everything was signed."""
    body = f"{note.body.rstrip()}\n{edited['adds'].rstrip()}\n"
    changed = {"body": body, "reason": edited["reason"]}
    save_note(teller.session, teller.as_whom[edited["by"]], note.id, changed, note.revision)
    note.updated_at = note.checked_at = teller.calendar.moment(edited["days_ago"])
    get_revision(teller.session, note.id, note.revision).created_at = note.updated_at
    teller.session.flush()


def _register(teller: _Teller, handover: Handover) -> None:
    leaver, successor = teller.role("leaver"), teller.role("successor")
    for one in teller.told["register"]:
        data = {name: value for name, value in one.items() if name != "evidence"}
        data |= {"holder": leaver.email, "new_holder": successor.email}
        entry = add_entry(teller.session, leaver, handover.id, data)
        for state in ("shared", "transferred", "confirmed"):
            change_entry(teller.session, successor, entry.id, {"state": state, "evidence": one["evidence"]})
        entry.created_at = entry.updated_at = handover.created_at


def _rehearse(teller: _Teller, handover: Handover, items: Mapping[str, str]) -> None:
    told, manager = teller.told["meeting"], teller.role("manager")
    people = [teller.role(role).email for role in ("leaver", "successor", "manager")]
    data = {
        "kind": "kickoff", "held_at": teller.calendar.moment(told["days_ago"]).isoformat(), "attendees": people,
        "minutes": told["minutes"], "items": [items[key] for key in told["items"]],
    }  # fmt: skip
    record_meeting(teller.session, manager, handover.id, data, teller.zone)
    for one in teller.told["runs"]:
        sent = {name: one[name] for name in ("level", "outcome", "feedback")}
        sent |= {"successor": people[1], "held_at": teller.calendar.moment(one["days_ago"]).isoformat()}
        run = record_run(teller.session, manager, items[one["item"]], sent, teller.zone)
        run.created_at = run.held_at
    teller.session.flush()


def _sign(teller: _Teller, handover: Handover) -> datetime:
    """Three signatures on their days; returns when the last one was made."""
    at = handover.created_at
    for one in teller.told["signatures"]:
        at = teller.calendar.after(at, one["days_ago"])
        said = {"reservations": one["reservations"], "role": one["role"]}
        sign(teller.session, teller.role(one["role"]), handover.id, said, zone=teller.zone, at=at)
    return at


def _walk(teller: _Teller, handover: Handover, *stages: Stage) -> None:
    """Go through stages; when, is told at the end."""
    for stage in stages:
        set_stage(teller.session, teller.role("manager"), handover, stage)


def _date_stages(teller: _Teller, handover: Handover, signed_at: datetime) -> None:
    moments = {stage: teller.calendar.moment(days) for stage, days in teller.told["stages"].items()}
    moments[str(Stage.SIGNED_OFF)] = signed_at
    for change in stage_changes_of(teller.session, handover.id):
        change.at = moments[change.became]

"""Loads the demo through the services people use, then dates what they did back to the stories' days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.attachments.storage import Storage
from kb.checklists.queries import items_of
from kb.checklists.services import add_item, change_item, start_handover
from kb.clock import now, today
from kb.demo.calendar import Calendar
from kb.demo.extras import tell_files, tell_unsaved
from kb.demo.progress import load_progress
from kb.demo.register import load_registers
from kb.demo.rehearsals import load_rehearsals
from kb.demo.remarks import Remarks
from kb.demo.retrospective import load_retrospective
from kb.demo.searching import tell_searches
from kb.demo.signoff import load_signed
from kb.demo.slots import load_slots
from kb.demo.stages import load_stages
from kb.demo.stories import HandoverStory, Person, cast, handovers
from kb.demo.telling import tell_notes
from kb.demo.words import tell_words
from kb.handovers.models import Handover
from kb.handovers.queries import identity_of
from kb.handovers.schemas import new_handover
from kb.people.models import User
from kb.people.queries import any_user
from kb.people.schemas import NewUser
from kb.people.services import create_user

# Known to everybody who reads this, so the demo listens on this machine only unless told otherwise.
PASSWORD = "handover-demo"  # noqa: S105
JOINED_DAYS_AGO = 400.0


def load_demo(session: Session, zone: str, storage: Storage, password: str = PASSWORD) -> bool:
    """Fill an empty database with the demo, its files into `storage`; False, and nothing done, where anybody is."""
    if any_user(session):
        return False
    calendar = Calendar(now(), zone)
    people = {person.key: _create(session, calendar, person, password) for person in cast()}
    for story in handovers():
        _tell(session, calendar, people, story, today(zone), storage)
    tell_words(session, calendar, people)
    load_registers(session, zone, today(zone))
    load_rehearsals(session, zone, today(zone))
    load_progress(session, zone, today(zone))
    load_signed(session, zone, today(zone))
    return True


def _create(session: Session, calendar: Calendar, person: Person, password: str) -> User:
    new = NewUser(person.email, person.name, password, person.admin, person.locale)
    user = create_user(session, new, by=None)
    user.created_at = calendar.moment(JOINED_DAYS_AGO)
    return user


def _tell(
    session: Session, calendar: Calendar, people: Mapping[str, User], story: HandoverStory, day: date,
    storage: Storage,
) -> None:  # fmt: skip
    handover = _begin(session, calendar, people, story, day)
    members = {str(member["person"]) for member in story.facts["members"]}
    as_whom = {key: identity_of(session, people[key]) for key in members}
    manager = as_whom[story.person("manager")]
    items = _checklist(session, manager, people, story, handover, day)
    remarks = Remarks(session, calendar, as_whom, story.remarks)
    notes = tell_notes(session, calendar, as_whom, people, story.notes, handover.id, items, remarks)
    remarks.tell_rest(notes)
    tell_files(session, calendar, as_whom, story.notes, notes, storage)
    load_slots(session, calendar, as_whom, story.key, items, notes)
    tell_unsaved(session, calendar, as_whom, story.notes, notes)
    tell_searches(session, calendar, as_whom, story.searches, handover.id)
    _date_items(session, handover)
    load_stages(session, calendar, manager, handover, story.facts["stage"])
    load_retrospective(session, calendar, as_whom, story.key, handover.id)
    handover.updated_at = max(note.updated_at for note in notes.values())
    session.flush()


def _begin(
    session: Session, calendar: Calendar, people: Mapping[str, User], story: HandoverStory, day: date
) -> Handover:
    facts = story.facts
    last_day = day + timedelta(days=facts["last_day_in_days"])
    manager, confirmed = people[story.person("manager")], facts["confirmed_days_ago"]
    began = day - timedelta(days=confirmed)
    data = {name: facts[name] for name in ("title", "position", "department", "language", "template")}
    data |= {
        "leaver": people[story.person("leaver")].email,
        "last_day": last_day.isoformat(),
        "support_until": (last_day + timedelta(days=facts["support_days"])).isoformat(),
        "confirmed_on": began.isoformat(),
        "confirmed_by": manager.name,
        "members": [
            {"email": people[member["person"]].email, "role": member["role"]} for member in facts["members"]
        ],
    }
    new = new_handover(data, facts["language"])
    handover = start_handover(session, identity_of(session, manager), new, today=began)
    handover.created_at = calendar.moment(confirmed)
    return handover


def _checklist(
    session: Session, manager: Identity, people: Mapping[str, User], story: HandoverStory, handover: Handover,
    day: date,
) -> dict[str, str]:  # fmt: skip
    """The items by key, changed and added to as the story says; returns their ids."""
    found = session.scalars(items_of(handover.id)).unique()
    ids = {item.template_key: item.id for item in found if item.template_key}
    for extra in story.facts.get("extra_items") or ():
        data = {name: extra[name] for name in ("module", "title", "guidance", "importance", "slots")}
        data["owner"] = people[extra["owner"]].email
        ids[extra["key"]] = add_item(session, manager, handover.id, data).id
    for key, change in (story.facts.get("items") or {}).items():
        data = {"owner": people[change["owner"]].email, "state": change["state"]}
        if "due_in_days" in change:
            data["due"] = (day + timedelta(days=change["due_in_days"])).isoformat()
        change_item(session, manager, ids[key], data)
    return ids


def _date_items(session: Session, handover: Handover) -> None:
    """Nobody touched an item after the handover began but through its notes, which carry their own dates."""
    for item in session.scalars(items_of(handover.id)).unique():
        item.created_at = item.updated_at = handover.created_at
    session.flush()

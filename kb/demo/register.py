"""The registers of the demo: entries as `register.yaml` tells them, and the steps by which they changed hands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.checklists.queries import items_of
from kb.clock import now
from kb.demo.calendar import Calendar
from kb.demo.stories import CONTENT, HandoverStory, cast, handovers, read_yaml
from kb.handovers.models import Handover
from kb.handovers.queries import identity_of
from kb.people.queries import users_by_email
from kb.registers.models import Entry
from kb.registers.queries import steps_of
from kb.registers.services import add_entry, change_entry

_PLAIN = ("kind", "name", "location", "contact", "remark", "vault_ref", "importance")
Addresses = Mapping[str, str]


def load_registers(session: Session, zone: str, today: date) -> None:
    """Fill in the registers of the demo's handovers, which must be there; expiries are days from `today`."""
    calendar, addresses = Calendar(now(), zone), {person.key: person.email for person in cast()}
    for story in handovers():
        handover = session.scalars(select(Handover).where(Handover.title == story.facts["title"])).one()
        entries = read_yaml(CONTENT / story.key / "register.yaml")
        for told in sorted(entries, key=lambda one: -one["entered_days_ago"]):
            _tell(session, calendar, addresses, story, handover, told, today)
    session.flush()


def _tell(
    session: Session, calendar: Calendar, addresses: Addresses, story: HandoverStory, handover: Handover,
    told: Mapping[str, Any], today: date,
) -> None:  # fmt: skip
    people = users_by_email(session, set(addresses.values()))
    as_whom = {key: identity_of(session, people[email]) for key, email in addresses.items()}
    items = {item.template_key: item.id for item in session.scalars(items_of(handover.id)).unique()}
    data = {name: told[name] for name in _PLAIN if name in told}
    data |= {name: addresses.get(told[name], told[name]) for name in ("holder", "new_holder")}
    data["item"] = items.get(told["item"])
    if "expires_in_days" in told:
        data["expires_on"] = (today + timedelta(days=told["expires_in_days"])).isoformat()
    entry = add_entry(session, as_whom[story.person("leaver")], handover.id, data)
    moment = entered = calendar.moment(told["entered_days_ago"])
    for step in told.get("steps") or ():
        sent = {"state": step["to"], "evidence": step["evidence"]}
        change_entry(session, as_whom[step["by"]], entry.id, sent, strict=True)
        taken = session.scalars(steps_of(entry.id)).first()
        moment = calendar.after(moment, step["days_ago"])
        if taken is not None:
            taken.at = moment
    _date(session, entry, entered, moment)


def _date(session: Session, entry: Entry, entered: Any, changed: Any) -> None:
    entry.created_at, entry.updated_at = entered, changed
    session.flush()

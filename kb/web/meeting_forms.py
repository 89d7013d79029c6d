"""The form of a meeting: what its fields hold, and what is sent as the services take it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request
from sqlalchemy.orm import Session

from kb.checklists.queries import items_of
from kb.clock import now, today
from kb.errors import FieldError, Invalid
from kb.gate.state import services_of
from kb.handovers.models import Handover
from kb.handovers.queries import get_handover
from kb.i18n import _
from kb.notes.coverage import coverage_of
from kb.registers.queries import entries_of
from kb.rehearsals.agenda import kickoff_agenda
from kb.rehearsals.models import Meeting, MeetingKind
from kb.rehearsals.reading import people_at
from kb.rehearsals.schemas import moment
from kb.validation import Checker, is_visible
from kb.web.forms import Form, lists

FEWEST_LINES, MORE_LINES, MOST_LINES = 3, 3, 30
TEXTS = ("kind", "held_at", "agenda", "minutes", "problem", "recording", "others", "base")
_USUAL = time(10, 0)
_AGREED = ("agreed_title", "agreed_owner", "agreed_due")


def zone_of(request: Request[Any, Any, Any]) -> str:
    """The organisation's time zone."""
    return services_of(request).settings.time_zone


def local(moment: datetime, zone: str) -> str:
    """A moment as a form's field holds it."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def next_working_day(zone: str) -> datetime:
    """The next day from Monday to Friday, in the morning."""
    day = today(zone) + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, _USUAL, ZoneInfo(zone))


def of_address(
    request: Request[Any, Any, Any], session: Session, handover: Handover
) -> tuple[dict[str, Any], bool]:
    """A new meeting's fields as its address asks for them, and whether it was held already."""
    query, zone = request.query_params, zone_of(request)
    kind = query.get("kind") if query.get("kind") in set(MeetingKind) else str(MeetingKind.DEMONSTRATION)
    held = bool(query.get("held"))
    roles = {membership.user.email: membership.role for membership in handover.memberships}
    at = now() if held else next_working_day(zone)
    values = empty() | {
        "kind": kind, "held_at": local(at, zone), "items": query.getall("item", []),
        "attendees": [email for email, role in roles.items() if role in ("leaver", "successor", "manager")],
    }  # fmt: skip
    values["set_state"] = "1" if held else ""
    if kind == MeetingKind.KICKOFF and not held:
        values["agenda"] = agenda_for(request, session, handover)
    return values, held


def empty() -> dict[str, Any]:
    """A form in which nothing stands."""
    return dict.fromkeys(TEXTS, "") | {"attendees": [], "items": [], "agreed": [], "set_state": ""}


def agenda_for(request: Request[Any, Any, Any], session: Session, handover: Handover) -> str:
    """The agenda drawn from the checklist and the register as they are now."""
    register = Counter(entry.kind for entry in session.scalars(entries_of(handover.id)))
    return kickoff_agenda(handover, coverage_of(session, handover.id), register, today(zone_of(request)))


def of_meeting(request: Request[Any, Any, Any], session: Session, meeting: Meeting) -> dict[str, Any]:
    """The fields of a meeting as its form holds them."""
    people = people_at(session, [meeting])
    known = [people[one["user_id"]].email for one in meeting.attendees if one.get("user_id") in people]
    others = [one["name"] for one in meeting.attendees if one.get("user_id") not in people]
    return empty() | {
        "kind": meeting.kind, "held_at": local(meeting.held_at, zone_of(request)), "agenda": meeting.agenda,
        "minutes": meeting.minutes, "problem": meeting.problem, "recording": meeting.recording,
        "attendees": known, "others": as_line(others), "base": meeting.updated_at.isoformat(),
        "items": [link.item_id for link in meeting.links if not link.agreed],
        "set_state": "" if meeting.minutes else "1",
    }  # fmt: skip


def typed(form: Form) -> dict[str, Any]:
    """A form's fields as they are shown again."""
    data = lists(form, "attendees", "items", *_AGREED)
    values = empty() | {name: data[name] for name in TEXTS if isinstance(data.get(name), str)}
    values |= {name: [one for one in data[name] if isinstance(one, str)] for name in ("attendees", "items")}
    rows = zip(*(data[name] for name in _AGREED), strict=False)
    lines = [{"title": str(title), "owner": str(owner), "due": str(due)} for title, owner, due in rows]
    values["agreed"] = [line for line in lines if line["title"].strip() or line["owner"] or line["due"]][
        :MOST_LINES
    ]
    return values | {
        "set_state": form.get("set_state", ""),
        "accept_secrets": form.get("accept_secrets", ""),
        "more": form.get("intent") == "more",
    }


def check_times(values: Mapping[str, Any], zone: str) -> None:
    """Raises Invalid for minutes of a meeting that is still to come, and for what was agreed for a day that is over."""
    errors = []
    at = moment(Checker(values), "held_at", zone, required=False)
    if at and at > now() and is_visible(values["minutes"]):
        text = _(
            "This meeting is still to come. Correct the day and time, or write the minutes once it was held."
        )
        errors.append(FieldError("held_at", text))
    for number, line in enumerate(values["agreed"]):
        try:
            not_past(line, "due", zone)
        except Invalid as past:
            errors += [FieldError(f"agreed-{number}", error.message) for error in past.errors]
    if errors:
        raise Invalid(errors)


def not_past(data: Mapping[str, Any], name: str, zone: str) -> None:
    """Raises Invalid for a day that is over; what is no day at all is refused where it is read."""
    day = Checker(data).day(name, required=False)
    if day and day < today(zone):
        raise Invalid.field(name, _("This day is over. Choose today or a later one."))


def as_line(names: list[str]) -> str:
    """Names in one field; a semicolon says that a comma belongs to a name."""
    commas = any(mark in name for name in names for mark in ",，、")
    return "; ".join(names) + ";" if commas else ", ".join(names)


def names_in(text: str) -> list[str]:
    """The names in a field, parted by semicolons, or where there are none by commas."""
    marks = "[;；\n]" if re.search("[;；]", text) else "[,，、\n]"
    return [name.strip() for name in re.split(marks, text) if name.strip()]


def sent(values: dict[str, Any]) -> dict[str, Any]:
    """The same as the services take it."""
    others = names_in(values["others"])
    data = {name: values[name] for name in TEXTS if name != "others"}
    return data | {
        "attendees": [*values["attendees"], *others], "items": values["items"], "agreed": values["agreed"],
        "set_state": bool(values["set_state"]), "accept_secrets": values.get("accept_secrets") or False,
    }  # fmt: skip


def context(session: Session, handover_id: str, values: dict[str, Any]) -> dict[str, Any]:
    """What the form's page shows beside the fields: people, items by module, lines to fill in."""
    handover = get_handover(session, handover_id)
    people = {membership.user.email: membership.user.name for membership in handover.memberships}
    modules: dict[str, list[Any]] = {}
    for item in session.scalars(items_of(handover_id)):
        modules.setdefault(item.module.title, []).append(item)
    lines = list(values["agreed"])
    wanted = max(FEWEST_LINES, len(lines) + (MORE_LINES if values.get("more") else 1))
    lines += [{"title": "", "owner": "", "due": ""}] * (min(wanted, MOST_LINES) - len(lines))
    return {
        "handover": handover, "people": sorted(people.items(), key=lambda pair: pair[1]), "modules": modules,
        "lines": lines,
    }  # fmt: skip

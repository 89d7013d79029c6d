"""Input about handovers: JSON structures and their validation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from kb.access.roles import Role
from kb.errors import FieldError, Invalid
from kb.i18n import _
from kb.validation import Checker

MOST_MEMBERS = 200
DAYS = ("last_day", "support_until", "confirmed_on")


class MemberBody(msgspec.Struct):
    """One person in one role."""

    email: str
    role: str


class HandoverBody(msgspec.Struct):
    """A handover to create, or the fields of one to change."""

    title: str | UnsetType = UNSET
    position: str | UnsetType = UNSET
    department: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    leaver: str | UnsetType = UNSET
    last_day: str | UnsetType = UNSET
    support_until: str | None | UnsetType = UNSET
    confirmed_on: str | None | UnsetType = UNSET
    confirmed_by: str | UnsetType = UNSET
    template: str | None | UnsetType = UNSET
    members: list[MemberBody] | UnsetType = UNSET
    stage: str | UnsetType = UNSET
    override_reason: str | None | UnsetType = UNSET


@dataclass(frozen=True)
class Member:
    """A checked member: an address and a role."""

    email: str
    role: Role


@dataclass(frozen=True)
class NewHandover:
    """A checked handover to create."""

    title: str
    position: str
    department: str
    language: str
    leaver: str
    last_day: date
    support_until: date | None
    confirmed_on: date | None
    confirmed_by: str
    template: str | None
    members: tuple[Member, ...]


def check_members(check: Checker, field: str, entries: Any) -> tuple[Member, ...]:
    """A list of {email, role}; repeats and broken ones are dropped."""
    members: dict[Member, None] = {}
    if not isinstance(entries, list) or len(entries) > MOST_MEMBERS:
        check.fail(field, _("At most %(most)s entries are possible.") % {"most": MOST_MEMBERS})
        return ()
    for entry in entries:
        one = Checker(entry if isinstance(entry, Mapping) else {})
        member = Member(one.email("email"), one.choice("role", Role))
        for error in one.errors:
            check.fail(f"{field}.{error.field}", error.message)
        if not one.errors:
            members[member] = None
    return tuple(members)


def _in_order(check: Checker, days: Mapping[str, Any]) -> None:
    last_day, support_until, confirmed_on = (days.get(name) for name in DAYS)
    if last_day and support_until and support_until < last_day:
        check.fail("support_until", _("The support period cannot end before the last day."))
    if last_day and confirmed_on and confirmed_on > last_day:
        check.fail("confirmed_on", _("The resignation was confirmed before the last day, not after it."))


def new_handover(data: Mapping[str, Any], default_language: str) -> NewHandover:
    """Check a handover to create; raises Invalid."""
    new, errors = read_handover(data, default_language)
    if errors:
        raise Invalid(errors)
    return new


def read_handover(data: Mapping[str, Any], default_language: str) -> tuple[NewHandover, list[FieldError]]:
    """A handover to create as far as it can be read, without broken members, and what is wrong with it."""
    check = Checker(data)
    days = {name: check.day(name, required=name == "last_day") for name in DAYS}
    _in_order(check, days)
    new = NewHandover(
        title=check.line("title", most=200),
        position=check.line("position", most=200),
        department=check.line("department", most=200, required=False),
        language=check.language("language", default_language),
        leaver=check.email("leaver"),
        last_day=days["last_day"] or date.min,
        support_until=days["support_until"],
        confirmed_on=days["confirmed_on"],
        confirmed_by=check.line("confirmed_by", most=200, required=False),
        template=check.line("template", most=60, required=False) or None,
        members=check_members(check, "members", data.get("members") or []),
    )
    return new, check.errors


def _elsewhere(check: Checker) -> None:
    """What cannot be changed here must not look as if it had been."""
    for name in ("leaver", "members"):
        if check.has(name):
            check.fail(name, _("Change who is in it with PUT /handovers/{handover_id}/members."))
    if check.has("template"):
        check.fail(
            "template",
            _("It has its checklist already. Change that item by item: PATCH or DELETE /items/{item_id}."),
        )


def handover_changes(data: Mapping[str, Any], present: Mapping[str, date | None]) -> dict[str, Any]:
    """Check the fields sent for an existing handover; returns only those. The stage has a way of its own.

    `present`: the days as they are, of those that may not be sent.
    """
    check = Checker(data)
    _elsewhere(check)
    changes: dict[str, Any] = {}
    for name in ("title", "position"):
        if check.has(name):
            changes[name] = check.line(name, most=200)
    for name in ("department", "confirmed_by"):
        if check.has(name):
            changes[name] = check.line(name, most=200, required=False)
    for name in DAYS:
        if check.has(name):
            changes[name] = check.day(name, required=name == "last_day")
    if check.has("language"):
        changes["language"] = check.language("language", "")
    _in_order(check, {**present, **changes})
    check.done()
    return changes

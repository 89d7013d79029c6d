"""Input about meetings and practice runs: JSON structures and their validation."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType

from kb.clock import now
from kb.i18n import _
from kb.rehearsals.models import Level, MeetingKind, Outcome
from kb.validation import Checker

MOST_MINUTES, MOST_AGENDA, MOST_SAID = 100_000, 20_000, 4_000  # characters
MOST_ATTENDEES, MOST_ITEMS, MOST_AGREED = 60, 200, 30
CLOCKS_DIFFER = timedelta(days=1)  # by which a moment may lie ahead and still count as past


class AgreedBody(msgspec.Struct):
    """Something agreed on in a meeting; it becomes a checklist item. `owner`: a member's email."""

    title: str
    owner: str | None = None
    due: str | None = None


class MeetingBody(msgspec.Struct):
    """A meeting to record or to plan (without minutes it is still to come), or the fields of one to change."""

    kind: str | UnsetType = UNSET
    held_at: str | UnsetType = UNSET
    attendees: list[str] | UnsetType = UNSET
    minutes: str | UnsetType = UNSET
    items: list[str] | UnsetType = UNSET
    agenda: str | UnsetType = UNSET
    agreed: list[AgreedBody] | UnsetType = UNSET
    problem: str | UnsetType = UNSET
    recording: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    set_state: bool | UnsetType = UNSET
    base: str | UnsetType = UNSET
    accept_secrets: bool | UnsetType = UNSET


class RunBody(msgspec.Struct):
    """A practice run that was held. `successor`: an email; else the caller, or the only successor."""

    level: str
    outcome: str
    feedback: str | UnsetType = UNSET
    successor: str | None | UnsetType = UNSET
    held_at: str | None | UnsetType = UNSET
    problem: str | UnsetType = UNSET
    fix: str | UnsetType = UNSET
    next_on: str | None | UnsetType = UNSET
    set_state: bool | UnsetType = UNSET
    accept_secrets: bool | UnsetType = UNSET


def moment(check: Checker, name: str, zone: str, *, required: bool = True) -> datetime | None:
    """A moment in ISO 8601; without an offset (as forms send it) it is meant in `zone`."""
    value = check.data.get(name)
    if value in (None, ""):
        if required:
            check.fail(name, _("This must be filled in."))
        return None
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
        if read and 1970 < read.year < 2200:
            return (read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except ValueError:
        pass
    check.fail(name, _("This must be a day and time such as 2026-11-30T14:00."))
    return None


def meeting_fields(data: Mapping[str, Any], zone: str, *, creating: bool) -> dict[str, Any]:
    """The fields that were sent, or all of a new meeting; attendees, items and agreed lines as they were named."""
    check = Checker(data)
    fields: dict[str, Any] = {}
    if creating or check.has("kind"):
        fields["kind"] = str(check.choice("kind", MeetingKind))
    if creating or check.has("held_at"):
        fields["held_at"] = moment(check, "held_at", zone)
    for name, most in (("agenda", MOST_AGENDA), ("minutes", MOST_MINUTES), ("problem", MOST_SAID)):
        if creating or check.has(name):
            fields[name] = check.text(name, most=most, required=False)
    if creating or check.has("recording"):
        fields["recording"] = check.line("recording", most=500, required=False)
    if creating or check.has("attendees"):
        fields["attendees"] = check.strings("attendees", most=MOST_ATTENDEES, each=200)
    if creating or check.has("items"):
        fields["items"] = check.strings("items", most=MOST_ITEMS, each=12)
    if check.data.get("language"):
        fields["language"] = check.language("language", "en")
    fields["agreed"] = _agreed(check)
    check.done()
    return fields


def _agreed(check: Checker) -> list[dict[str, Any]]:
    """The lines in which something stands."""
    sent = check.data.get("agreed") or []
    lines = [line for line in sent if isinstance(line, Mapping) and any(line.values())]
    if len(lines) > MOST_AGREED:
        check.fail("agreed", _("At most %(most)s entries are possible.") % {"most": MOST_AGREED})
    return [dict(line) for line in lines]


def run_fields(data: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """The fields of a practice run; `successor` stays an address."""
    check = Checker(data)
    held_at = moment(check, "held_at", zone, required=False) or now()
    if held_at > now() + CLOCKS_DIFFER:
        check.fail("held_at", _("A practice run is recorded once it was held; this moment is still to come."))
    next_on: date | None = check.day("next_on", required=False)
    fields = {
        "level": str(check.choice("level", Level)),
        "outcome": str(check.choice("outcome", Outcome)),
        "feedback": check.text("feedback", most=MOST_SAID, required=False),
        "problem": check.text("problem", most=MOST_SAID, required=False),
        "fix": check.text("fix", most=MOST_SAID, required=False),
        "successor": check.email("successor", required=False) if check.data.get("successor") else "",
        "held_at": held_at,
        "next_on": next_on,
    }
    check.done()
    return fields

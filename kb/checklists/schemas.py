"""Input about checklist items: JSON structures and their validation."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from kb.checklists.models import Importance, ItemState, Level, Rhythm, Slot
from kb.i18n import _
from kb.validation import Checker

MOST_RUNS = 20  # that may be asked for


class PracticeBody(msgspec.Struct):
    """Practice asked for before an item can be accepted: so many runs passed at this level or above."""

    level: str
    runs: int = 1


class ItemBody(msgspec.Struct):
    """An item to create, or the fields of one to change."""

    module: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    guidance: str | UnsetType = UNSET
    importance: str | UnsetType = UNSET
    due: str | None | UnsetType = UNSET
    owner: str | None | UnsetType = UNSET
    slots: list[str] | UnsetType = UNSET
    rhythm: str | None | UnsetType = UNSET
    next_on: str | None | UnsetType = UNSET
    practice: PracticeBody | None | UnsetType = UNSET
    state: str | UnsetType = UNSET
    override_reason: str | None | UnsetType = UNSET


def _slots(check: Checker) -> list[Slot]:
    named = check.strings("slots", most=len(Slot), each=20)
    known = [slot for slot in Slot if slot in named]
    if len(known) != len(named):
        check.fail("slots", _("Each must be one of: %(allowed)s.") % {"allowed": ", ".join(Slot)})
    return known


def _practice(check: Checker) -> dict[str, Any]:
    """What is required, as an item keeps it: nothing, or a level and how often."""
    sent = check.data.get("practice")
    if not sent:
        return {"required_level": None, "required_runs": 0}
    asked = Checker(sent if isinstance(sent, Mapping) else {})
    level, runs = asked.choice("level", Level), asked.whole("runs", low=1, high=MOST_RUNS)
    for error in asked.errors[:1]:
        check.fail("practice", error.message)
    return {"required_level": str(level), "required_runs": runs or 1}


def item_fields(check: Checker, *, creating: bool) -> dict[str, Any]:
    """The fields of an item that were sent, or all of a new one; `owner` stays an address. Errors stay in `check`."""
    fields: dict[str, Any] = {}
    if creating or check.has("module"):
        fields["module"] = check.line("module", most=200)
    if creating or check.has("title"):
        fields["title"] = check.line("title", most=200)
    if creating or check.has("guidance"):
        fields["guidance"] = check.text("guidance", most=4000, required=False)
    if creating or check.has("importance"):
        fields["importance"] = str(check.choice("importance", Importance, Importance.NORMAL))
    for name in ("due", "next_on"):
        if creating or check.has(name):
            fields[name] = check.day(name, required=False)
    if creating or check.has("owner"):
        fields["owner"] = check.email("owner", required=False) if check.data.get("owner") else None
    if creating or check.has("slots"):
        fields["slots"] = _slots(check)
    if creating or check.has("rhythm"):
        fields["rhythm"] = str(check.choice("rhythm", Rhythm)) if check.data.get("rhythm") else None
    if creating or check.has("practice"):
        fields |= _practice(check)
    if check.has("state"):
        fields["state"] = str(check.choice("state", ItemState))
    return fields

"""Input about checklist items: JSON structures and their validation."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from kb.checklists.models import Importance, ItemState, Rhythm, Slot
from kb.i18n import _
from kb.validation import Checker


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
    state: str | UnsetType = UNSET
    override_reason: str | UnsetType = UNSET


def _slots(check: Checker) -> list[Slot]:
    named = check.strings("slots", most=len(Slot), each=20)
    known = [slot for slot in Slot if slot in named]
    if len(known) != len(named):
        check.fail("slots", _("Each must be one of: %(allowed)s.") % {"allowed": ", ".join(Slot)})
    return known


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
    if creating or check.has("due"):
        fields["due"] = check.day("due", required=False)
    if creating or check.has("owner"):
        fields["owner"] = check.email("owner", required=False) if check.data.get("owner") else None
    if creating or check.has("slots"):
        fields["slots"] = _slots(check)
    if creating or check.has("rhythm"):
        fields["rhythm"] = str(check.choice("rhythm", Rhythm)) if check.data.get("rhythm") else None
    if check.has("state"):
        fields["state"] = str(check.choice("state", ItemState))
    return fields

"""What the pages about handovers show: plain values made from a handover and its coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.access.roles import Role
from kb.checklists.models import Importance, Level, Slot
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import people_in
from kb.notes.coverage import Coverage, ItemCoverage, SlotCoverage, SlotState
from kb.notes.models import Kind
from kb.notes.tallies import Tally
from kb.rehearsals.queries import PracticeStanding, never_tried
from kb.web.formats import days_left

RUNNING = frozenset({Stage.PREPARING, Stage.CAPTURING, Stage.TRANSFERRING})
BUFFER_DAYS = 7  # E3: with less, a week of working side by side is no longer possible
# Above this many items modules open one at a time, and their rows are sent when asked for.
MOST_OPEN = 60


def coverage_facts(coverage: Coverage) -> dict[str, int]:
    """A coverage bar's numbers, in slots."""
    return {
        "percent": coverage.percent,
        "covered": coverage.filled,
        "total": coverage.asked,
        "accepted": coverage.accepted,
    }


def tally_facts(tally: Tally) -> dict[str, int]:
    """The same from numbers alone."""
    return {
        "percent": tally.percent,
        "covered": tally.filled,
        "total": tally.asked,
        "accepted": tally.accepted,
    }


def card(handover: Handover, coverage: dict[str, int], today: date) -> dict[str, Any]:
    """A handover as a card shows it; members must be loaded."""
    return {
        "id": handover.id,
        "title": handover.title,
        "stage": handover.stage,
        "language": handover.language,
        "days_left": days_left(handover.last_day, today),
        "coverage": coverage,
        "leaver": people_in(handover, Role.LEAVER)[0].name,
        "successors": [user.name for user in people_in(handover, Role.SUCCESSOR)],
    }


def write_address(handover_id: str, kind: str = Kind.PROCEDURE, **about: str) -> str:
    """Where a note of this kind is begun; `about`: item, slot."""
    return f"/handovers/{handover_id}/notes/new?" + urlencode({"kind": str(kind), **about})


def slot_address(one: ItemCoverage, slot: SlotCoverage, *, may_write: bool) -> str:
    """Where a slot leads: to its passage, what changed there since, the reason, or the editor; readers to the item."""
    here = f"/items/{one.item.id}#slot-{slot.slot}"
    if slot.state == SlotState.STALE and slot.stale_revision:
        change = {"since": slot.stale_revision - 1, "item": one.item.id}
        return f"/notes/{slot.note_id}/history/{slot.note_revision}?" + urlencode(change)
    if slot.note_id:
        return f"/notes/{slot.note_id}" + (f"#{slot.anchor}" if slot.anchor else "")
    if slot.state == SlotState.WAIVED or not may_write:
        return here
    kind = Kind.PITFALL if slot.slot == Slot.CAUTIONS and Kind.PITFALL in one.item.kinds else Kind.PROCEDURE
    return write_address(one.item.handover_id, kind, item=one.item.id, slot=str(slot.slot))


def module_rows(
    coverage: Coverage, practice: Mapping[str, PracticeStanding], *, may_write: bool, opened: str | None
) -> list[dict[str, Any]]:
    """The grid: modules with their items, each with the slots it has. Of many, only the opened one has rows."""
    few = len(coverage.items) <= MOST_OPEN
    rows = []
    for _position, group in groupby(coverage.items, key=lambda one: one.item.module_id):
        items = list(group)
        module = items[0].item.module
        rows.append(
            {
                "id": module.id,
                "title": module.title,
                "open": few or module.id == opened,
                "items": len(items),
                "covered": sum(one.filled for one in items),
                "total": sum(len(one.slots) or 1 for one in items),
                "critical": sum(
                    one.item.importance == Importance.CRITICAL and one.untouched for one in items
                ),
                "rows": [
                    _grid_row(one, practice.get(one.item.id) or never_tried(one.item), may_write)
                    for one in items
                ]
                if few or module.id == opened
                else [],
            }
        )
    return rows


def _grid_row(one: ItemCoverage, standing: PracticeStanding, may_write: bool) -> dict[str, Any]:
    cells = {
        str(slot.slot): (str(slot.state), slot_address(one, slot, may_write=may_write)) for slot in one.slots
    }
    item = one.item
    return {
        "id": item.id,
        "title": item.title,
        "importance": item.importance,
        "state": item.state,
        "cells": cells,
        "practice": _practice_cell(one.item.id, standing),
    }


def _practice_cell(item_id: str, standing: PracticeStanding) -> dict[str, Any] | None:
    """How far practice is: what is asked for, else the best level passed; None where nothing was asked or tried."""
    asked = standing.required_level is not None
    if not asked and not standing.runs:
        return None
    if asked and not standing.fulfilled:
        tone = "stale" if standing.runs else "missing"
    elif asked or standing.best == Level.INDEPENDENT:
        tone = "accepted"
    else:
        tone = "proposed" if standing.best else "stale"
    return {"tone": tone, "href": f"/items/{item_id}/practice", "standing": standing}


def used_slots(coverage: Coverage) -> list[str]:
    """The slots any item asks for, in their usual order: the grid's columns."""
    used = {slot.slot for one in coverage.items for slot in one.slots}
    return [str(slot) for slot in Slot if slot in used]


def gaps(items: Iterable[ItemCoverage], today: date, *, may_write: bool) -> list[dict[str, Any]]:
    """Items that are not covered, as lines: how bad it is, what is missing, where to write it."""
    return [
        {
            "item": one.item,
            "importance": one.item.importance,
            "nothing": one.untouched,
            "missing": [str(slot) for slot in one.missing],
            "days": days_left(one.item.due, today) if one.item.due else None,
            "owner": one.item.owner.name if one.item.owner else None,
            "tone": _tone(one),
            "write_href": _write_gap(one) if may_write else None,
        }
        for one in items
    ]


def _tone(one: ItemCoverage) -> str:
    if not one.untouched or one.item.importance in (Importance.NORMAL, Importance.LOW):
        return "warn"
    return "danger"


def _write_gap(one: ItemCoverage) -> str:
    """A note about everything that is missing, or about the one slot that is."""
    about = {"item": one.item.id}
    if len(one.missing) == 1:
        about["slot"] = str(one.missing[0])
    return write_address(one.item.handover_id, (one.item.kinds or [Kind.PROCEDURE])[0], **about)


def may_write_in(identity: Identity | None, handover_id: str) -> bool:
    """Whether notes may be written there."""
    return can(identity, Permission.NOTE_CREATE, Facts(handover_id))

"""Coverage: which slots of which items are captured by published notes, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.checklists.models import Importance, Item, ItemState, Slot
from kb.checklists.queries import get_item, item_facts, items_of
from kb.checklists.services import change_item
from kb.errors import Conflict
from kb.i18n import _
from kb.notes.filling import Filling, SlotCoverage, SlotState, filling_of, filling_of_item, is_accepted
from kb.notes.reasons import override_reason
from kb.notes.slots import watch_no_more, watch_slots

__all__ = ["Coverage", "ItemCoverage", "SlotCoverage", "SlotState"]


@dataclass(frozen=True)
class ItemCoverage:
    """An item, its slots, and how many published notes are about it or pointed at."""

    item: Item
    slots: tuple[SlotCoverage, ...]
    notes: int

    @property
    def covered(self) -> bool:
        """Every slot is filled; an item without slots needs one note."""
        return all(slot.filled for slot in self.slots) if self.slots else self.notes > 0

    @property
    def filled(self) -> int:
        """How many of its slots are filled; without slots it counts as one."""
        return sum(slot.filled for slot in self.slots) if self.slots else int(self.notes > 0)

    @property
    def untouched(self) -> bool:
        """No note is about it, and nothing was said of any slot."""
        return not self.notes and not self.filled

    @property
    def missing(self) -> tuple[Slot, ...]:
        return tuple(slot.slot for slot in self.slots if not slot.filled)

    @property
    def stale(self) -> tuple[Slot, ...]:
        """Slots to be looked at again: their passage was changed since."""
        return tuple(slot.slot for slot in self.slots if slot.state == SlotState.STALE)

    @property
    def accepted(self) -> int:
        """How many of its slots are accepted, counted like `filled`."""
        whole = self.item.state == ItemState.ACCEPTED
        if not self.slots:
            return int(whole and self.notes > 0)
        return sum(is_accepted(slot, whole) for slot in self.slots)


@dataclass(frozen=True)
class Coverage:
    """A handover's coverage; `percent` of its slots that are filled, rounded down."""

    items: tuple[ItemCoverage, ...]

    @property
    def percent(self) -> int:
        return 100 * self.filled // self.asked if self.asked else 0

    @property
    def filled(self) -> int:
        """How many slots are filled; an item without slots counts as one."""
        return sum(item.filled for item in self.items)

    @property
    def asked(self) -> int:
        """How many slots there are, counted like `filled`."""
        return sum(len(item.slots) or 1 for item in self.items)

    @property
    def accepted(self) -> int:
        """How many slots are accepted, counted like `filled`."""
        return sum(item.accepted for item in self.items)

    @property
    def covered(self) -> int:
        return sum(item.covered for item in self.items)

    @property
    def missing(self) -> int:
        return len(self.items) - self.covered

    def most_urgent(self) -> list[ItemCoverage]:
        """What is not covered: by importance, the emptier first, then in the checklist's order."""
        order = {importance: place for place, importance in enumerate(Importance)}
        return sorted(
            (item for item in self.items if not item.covered),
            key=lambda one: (order[Importance(one.item.importance)], one.notes > 0, one.item.position),
        )


def coverage_of(session: Session, handover_id: str) -> Coverage:
    """Coverage of one handover, in four statements."""
    items = list(session.scalars(items_of(handover_id)))
    return Coverage(tuple(_cover(items, filling_of(session, [handover_id]))))


def coverage_of_item(session: Session, item_id: str) -> ItemCoverage:
    """Coverage of one item; raises NotFound."""
    item = get_item(session, item_id)
    (one,) = _cover([item], filling_of_item(session, item_id))
    return one


def coverages(session: Session, handover_ids: Iterable[str]) -> dict[str, Coverage]:
    """Coverage of several handovers, in the four statements of one."""
    ids = list(handover_ids)
    filling = filling_of(session, ids)
    by_handover: dict[str, list[Item]] = {handover_id: [] for handover_id in ids}
    for item in session.scalars(items_of(*ids)):
        by_handover[item.handover_id].append(item)
    return {key: Coverage(tuple(_cover(items, filling))) for key, items in by_handover.items()}


def _cover(items: Iterable[Item], filling: Filling) -> Iterable[ItemCoverage]:
    for item in items:
        slots = tuple(filling.slot(item.id, item.state, slot.slot) for slot in item.slots)
        yield ItemCoverage(item, slots, filling.notes(item.id))


def patch_item(session: Session, identity: Identity, item_id: str, data: Mapping[str, Any]) -> Item:
    """Change an item; accepting one with empty slots is a Conflict unless `override_reason` says why."""
    facts = item_facts(session, item_id)
    require(identity, Permission.ITEM_STATE, facts)
    if data.get("state") == ItemState.ACCEPTED:
        reason = override_reason(data)
        one = coverage_of_item(session, item_id)
        if not one.covered and not reason:
            raise _blocked(one)
        if reason and one.item.state != ItemState.ACCEPTED:
            record(
                session, actor_id=identity.user_id, action="item.accepted_with_gaps", object_type="item",
                object_id=item_id, handover_id=one.item.handover_id, reason=reason,
            )  # fmt: skip
    fields = {key: value for key, value in data.items() if key != "override_reason"}
    before = get_item(session, item_id).state
    item = change_item(session, identity, item_id, fields)
    if item.state != before and item.state == ItemState.ACCEPTED:
        watch_slots(session, item, identity.user_id)
    elif item.state != before and before == ItemState.ACCEPTED:
        watch_no_more(session, item_id)
    return item


def _blocked(one: ItemCoverage) -> Conflict:
    return Conflict(
        _("This item still has gaps. Fill them, or say why it is accepted all the same."),
        blocking=[
            {
                "item": one.item.id,
                "title": one.item.title,
                "slot": str(slot),
                "reason": _("Nothing is written yet."),
            }
            for slot in one.missing
        ]
        or [{"item": one.item.id, "title": one.item.title, "reason": _("No note is linked to it.")}],
    )

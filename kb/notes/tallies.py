"""Coverage as numbers only, and items nobody has written about: for pages that show many handovers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Exists, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session, joinedload

from kb.checklists.models import Importance, Item, ItemSlot, ItemState
from kb.handovers.models import Handover
from kb.notes.filling import filling_of, is_accepted
from kb.notes.models import Note, NoteStatus, SlotMark, note_items

_PUBLISHED = (Note.status == NoteStatus.PUBLISHED, Note.deleted_at.is_(None))


@dataclass(frozen=True)
class Tally:
    """How many slots are asked for, filled, and accepted with their item; an item without slots counts as one."""

    filled: int = 0
    asked: int = 0
    accepted: int = 0

    @property
    def percent(self) -> int:
        """Percent filled, rounded down."""
        return 100 * self.filled // self.asked if self.asked else 0


def tallies(session: Session, handover_ids: Iterable[str]) -> dict[str, Tally]:
    """The numbers of several handovers, in three statements."""
    ids = list(handover_ids)
    filling = filling_of(session, ids)
    counts: dict[str, list[int]] = {handover_id: [0, 0, 0] for handover_id in ids}
    asked = (
        select(Item.handover_id, Item.id, Item.state, ItemSlot.slot)
        .outerjoin(ItemSlot, ItemSlot.item_id == Item.id)
        .where(Item.handover_id.in_(ids))
    )
    for handover_id, item_id, state, slot in session.execute(asked):
        whole = state == ItemState.ACCEPTED
        if slot:
            known = filling.slot(item_id, state, slot)
            filled, accepted = known.filled, is_accepted(known, whole)
        else:
            filled = filling.notes(item_id) > 0
            accepted = filled and whole
        counts[handover_id][0] += filled
        counts[handover_id][1] += 1
        counts[handover_id][2] += accepted
    return {handover_id: Tally(*numbers) for handover_id, numbers in counts.items()}


def unwritten(user_id: str, handover_ids: Iterable[str]) -> Select[Item]:
    """Items a person owns that nothing is written about: due soonest first, then by importance; with owners.

    No published note is about one, no slot points at a passage, and not every slot was said to need none.
    """
    by_importance = case({str(level): place for place, level in enumerate(Importance)}, value=Item.importance)
    return (
        select(Item)
        .join(Handover, Handover.id == Item.handover_id)
        .where(Item.owner_id == user_id, Item.handover_id.in_(list(handover_ids)))
        .where(~_has_note(), ~_is_pointed_at(), ~_is_waived())
        .options(joinedload(Item.owner))
        .order_by(func.coalesce(Item.due, Handover.last_day), by_importance, Item.position, Item.id)
    )


def _has_note() -> Exists:
    linked = exists(select(note_items.c.note_id).join(Note, Note.id == note_items.c.note_id))
    return linked.where(note_items.c.item_id == Item.id, *_PUBLISHED)


def _is_pointed_at() -> Exists:
    pointed = exists(select(SlotMark.item_id).join(Note, Note.id == SlotMark.note_id))
    return pointed.where(SlotMark.item_id == Item.id, *_PUBLISHED)


def _is_waived() -> ColumnElement[bool]:
    """Whether it has slots, and a reason for each."""
    asked = exists().where(ItemSlot.item_id == Item.id)
    same = (SlotMark.item_id == ItemSlot.item_id, SlotMark.slot == ItemSlot.slot)
    reason = exists().where(*same, SlotMark.waived_because.is_not(None)).correlate(ItemSlot)
    return and_(asked, ~asked.where(~reason))

"""Coverage as numbers only, and items nobody has written about: for pages that show many handovers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import Session, joinedload

from kb.checklists.models import Importance, Item, ItemSlot, ItemState
from kb.handovers.models import Handover
from kb.notes.models import Note, NoteStatus, note_items


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
    """The numbers of several handovers, in two statements."""
    ids = list(handover_ids)
    written = _written(session, ids)
    counts: dict[str, list[int]] = {handover_id: [0, 0, 0] for handover_id in ids}
    asked = (
        select(Item.handover_id, Item.id, Item.state, ItemSlot.slot)
        .outerjoin(ItemSlot, ItemSlot.item_id == Item.id)
        .where(Item.handover_id.in_(ids))
    )
    for handover_id, item_id, state, slot in session.execute(asked):
        filled = slot in written.get(item_id, ()) if slot else item_id in written
        counts[handover_id][0] += filled
        counts[handover_id][1] += 1
        counts[handover_id][2] += filled and state == ItemState.ACCEPTED
    return {handover_id: Tally(*numbers) for handover_id, numbers in counts.items()}


def _written(session: Session, handover_ids: list[str]) -> dict[str, set[str]]:
    """The slots filled by published notes, by item."""
    rows = session.execute(
        select(note_items.c.item_id, Note.covers)
        .join(Note, Note.id == note_items.c.note_id)
        .where(Note.handover_id.in_(handover_ids))
        .where(Note.status == NoteStatus.PUBLISHED, Note.deleted_at.is_(None))
    )
    found: dict[str, set[str]] = defaultdict(set)
    for item_id, covers in rows:
        found[item_id].update(entry["slot"] for entry in covers)
    return found


def unwritten(user_id: str, handover_ids: Iterable[str]) -> Select[Item]:
    """Items a person owns that no published note is about: due soonest first, then by importance; with owners."""
    by_importance = case({str(level): place for place, level in enumerate(Importance)}, value=Item.importance)
    has_note = exists(
        select(note_items.c.note_id)
        .join(Note, Note.id == note_items.c.note_id)
        .where(note_items.c.item_id == Item.id)
        .where(Note.status == NoteStatus.PUBLISHED, Note.deleted_at.is_(None))
    )
    return (
        select(Item)
        .join(Handover, Handover.id == Item.handover_id)
        .where(Item.owner_id == user_id, Item.handover_id.in_(list(handover_ids)), ~has_note)
        .options(joinedload(Item.owner))
        .order_by(func.coalesce(Item.due, Handover.last_day), by_importance, Item.position, Item.id)
    )

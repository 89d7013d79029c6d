"""What fills the slots of items: a passage found in a published note, one pointed at, or a reason for none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from kb.checklists.models import Item, ItemState, Slot
from kb.notes.models import Note, NoteStatus, SlotMark, note_items
from kb.notes.sections import anchor_of, is_lost, words_of


class SlotState(StrEnum):
    """Nothing there; written; looked at and found enough; changed since; not needed, with a reason."""

    MISSING = "missing"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    STALE = "stale"
    WAIVED = "waived"


@dataclass(frozen=True)
class SlotCoverage:
    """One slot of one item, the passage that fills it or the reason why none does, and who said so when."""

    slot: Slot
    note_id: str | None = None
    note_title: str | None = None
    heading: str | None = None  # None: the whole note
    anchor: str | None = None
    state: SlotState = SlotState.MISSING
    reason: str | None = None  # why it is not needed
    note_revision: int | None = None
    stale_revision: int | None = None  # the first to change it since it was looked at
    pointed_by_id: str | None = None
    accepted_by_id: str | None = None
    accepted_at: datetime | None = None
    waived_by_id: str | None = None
    marked_at: datetime | None = None  # when somebody pointed at it or waived it

    @property
    def filled(self) -> bool:
        """It points at a passage or has a reason."""
        return self.state != SlotState.MISSING


def is_accepted(slot: SlotCoverage, with_item: bool) -> bool:
    """Whether a slot counts as accepted, by itself or with its item; one that is waived, where somebody agreed."""
    if slot.state == SlotState.WAIVED:
        return with_item or slot.accepted_at is not None
    return slot.state == SlotState.ACCEPTED


class Filling:
    """What fills the slots of some handovers' items, by item."""

    def __init__(self, covers: Iterable[Any], marks: Iterable[Any]) -> None:
        self._notes: dict[str, set[str]] = defaultdict(set)
        self._found: dict[tuple[str, str], SlotCoverage] = {}
        self._marks: dict[tuple[str, str], SlotCoverage] = {}
        self._lost: dict[tuple[str, str], SlotCoverage] = {}
        self._looked_at: dict[str, set[str]] = {}  # by item with marks: slots that are accepted with it
        for row in covers:
            self._notes[row.item_id].add(row.id)
            for entry in row.covers:
                self._found.setdefault((row.item_id, entry["slot"]), _written(row, entry))
        for row in marks:
            taken = self._looked_at.setdefault(row.item_id, set())
            if slot := _marked(row):
                known = self._lost if is_gone(row.stale_revision) else self._marks
                known[row.item_id, row.slot] = slot
                if _goes_with_item(row):
                    taken.add(row.slot)
                if slot.note_id:
                    self._notes[row.item_id].add(slot.note_id)

    def slot(self, item_id: str, item_state: str, slot: str) -> SlotCoverage:
        """What is known of one slot: what somebody said of it counts before what was found.

        With an item that is accepted, so is what was there then; where nothing is kept of that, whatever is there.
        """
        key = (item_id, slot)
        known = (
            self._marks.get(key) or self._found.get(key) or self._lost.get(key) or SlotCoverage(Slot(slot))
        )
        if known.state == SlotState.PROPOSED and item_state == ItemState.ACCEPTED:
            looked_at = self._looked_at.get(item_id)
            if looked_at is None or (key in self._marks and slot in looked_at):
                return replace(known, state=SlotState.ACCEPTED)
        return known

    def notes(self, item_id: str) -> int:
        """How many published notes are about an item, or pointed at by its slots."""
        return len(self._notes.get(item_id, ()))


def filling_of(session: Session, handover_ids: Iterable[str]) -> Filling:
    """What fills the slots of several handovers, in two statements."""
    return _filling(session, Item.handover_id.in_(list(handover_ids)))


def filling_of_item(session: Session, item_id: str) -> Filling:
    """The same for one item."""
    return _filling(session, Item.id == item_id)


def _filling(session: Session, which: ColumnElement[bool]) -> Filling:
    published = and_(Note.status == NoteStatus.PUBLISHED, Note.deleted_at.is_(None))
    covers = (
        select(note_items.c.item_id, Note.id, Note.title, Note.revision, Note.covers)
        .join(Note, Note.id == note_items.c.note_id)
        .join(Item, Item.id == note_items.c.item_id)
        .where(which, published)
        .order_by(Note.updated_at.desc(), Note.id)
    )
    marks = (
        select(*SlotMark.__table__.c, Note.id.label("live"), Note.title, Note.revision)
        .join(Item, Item.id == SlotMark.item_id)
        .outerjoin(Note, and_(Note.id == SlotMark.note_id, published))
        .where(which)
    )
    return Filling(session.execute(covers), session.execute(marks))


def _written(row: Any, entry: dict[str, Any]) -> SlotCoverage:
    return SlotCoverage(
        Slot(entry["slot"]), row.id, row.title, entry["heading"], entry["anchor"], SlotState.PROPOSED,
        note_revision=row.revision,
    )  # fmt: skip


def _marked(row: Any) -> SlotCoverage | None:
    """What a mark says; None where what it points at is a draft, in the bin, or gone from its note.

    One that was accepted is to be looked at again where its heading was taken out of the note.
    """
    said = {"accepted_by_id": row.accepted_by_id, "accepted_at": row.accepted_at, "marked_at": row.updated_at}
    if row.waived_because is not None:
        return SlotCoverage(
            Slot(row.slot), state=SlotState.WAIVED, reason=row.waived_because, waived_by_id=row.waived_by_id, **said
        )  # fmt: skip
    gone = is_gone(row.stale_revision)
    if row.live is None or (gone and not (is_lost(row.heading) and _goes_with_item(row))):
        return None
    if row.stale_revision is not None:
        state = SlotState.STALE
    else:
        state = SlotState.ACCEPTED if row.accepted_at else SlotState.PROPOSED
    return SlotCoverage(
        Slot(row.slot), row.live, row.title, words_of(row.heading), anchor_of(row.heading), state,
        note_revision=row.revision, pointed_by_id=row.pointed_by_id,
        stale_revision=None if row.stale_revision is None else abs(row.stale_revision), **said,
    )  # fmt: skip


def _goes_with_item(row: Any) -> bool:
    """Whether somebody looked at the passage: by itself, or when the item was accepted as a whole."""
    return bool(row.accepted_by_id or row.accepted_at or row.pointed_by_id is None)


def is_gone(stale_revision: int | None) -> bool:
    """Whether a mark's passage is not in its note any more: since the revision kept with a minus sign."""
    return stale_revision is not None and stale_revision < 0

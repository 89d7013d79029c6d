"""What people say of an item's slots: this passage fills it, it is enough, or there is nothing to write and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import not_found, require
from kb.activity.record import record
from kb.checklists.models import Item, ItemSlot, ItemState
from kb.checklists.queries import item_facts
from kb.clock import now
from kb.errors import Conflict
from kb.i18n import _
from kb.notes.filling import SlotCoverage, SlotState, filling_of_item
from kb.notes.models import SlotMark
from kb.notes.pointing import Passage, passage_found, passage_named, unseen_change
from kb.notes.sections import place_at
from kb.notes.slot_schemas import SlotSaying, slot_saying


def mark_slot(
    session: Session, identity: Identity, item_id: str, slot: str, data: Mapping[str, Any]
) -> SlotCoverage:
    """Say something of a slot, or take back what was said; returns what is known of it then.

    Raises NotFound for a slot the item does not have, Invalid for a passage that is not there or says nothing,
    Conflict where an empty slot would be accepted, or one whose passage was changed since `revision`.
    """
    require(identity, Permission.SLOT_MARK, item_facts(session, item_id))
    said = slot_saying(data)
    if said.accepted is not None:
        require(identity, Permission.SLOT_ACCEPT, item_facts(session, item_id))
    # One after the other: two people may mark it at once. Whoever links a note to the item meanwhile need not wait.
    item = session.scalars(select(Item).where(Item.id == item_id).with_for_update(key_share=True)).one()
    if session.get(ItemSlot, (item_id, slot)) is None:
        raise not_found()
    before = _mark_of(session, item_id, slot)
    stood = _snapshot(before)
    if said.clears and before is not None:
        if item.state == ItemState.ACCEPTED:
            _forget(before)  # the row stays: what is found from now on was not accepted with the item
        else:
            session.delete(before)
        _record(session, identity, item, "slot.cleared", slot)
    if said.note is not None:
        _point(session, identity, item, slot, said)
    elif said.waived_because is not None:
        _waive(session, identity, item, slot, said.waived_because)
    if said.accepted is not None:
        (_accept if said.accepted else _take_back)(session, identity, item, slot, said)
    session.flush()
    if not said.clears and _snapshot(_mark_of(session, item_id, slot)) != stood:
        action = "waived" if said.waived_because else "pointed" if said.note else "accepted"
        _record(session, identity, item, f"slot.{action if said.accepted is not False else 'reopened'}", slot)
    return filling_of_item(session, item_id).slot(item_id, item.state, slot)


def _point(session: Session, identity: Identity, item: Item, slot: str, said: SlotSaying) -> None:
    """Point at a passage; what was accepted stays so only while it is the same one, and stale until looked at again."""
    passage = passage_named(session, identity, item.handover_id, str(said.note), said.heading)
    mark = _mark_of(session, item.id, slot, anew=True) or _new_mark(session, item.id, slot)
    same = mark.note_id == passage.note_id and mark.heading == passage.place
    if not (same and (mark.accepted_at or mark.accepted_by_id)):
        _forget(mark)
        mark.note_id, mark.heading, mark.passage_sha256 = passage.note_id, passage.place, passage.sha256
    if not same or mark.pointed_by_id is None:
        mark.pointed_by_id, mark.updated_at = identity.user_id, now()


def _waive(session: Session, identity: Identity, item: Item, slot: str, reason: str) -> None:
    mark = _mark_of(session, item.id, slot) or _new_mark(session, item.id, slot)
    if mark.waived_because != reason:
        _forget(mark)
        mark.waived_because, mark.waived_by_id, mark.updated_at = reason, identity.user_id, now()


def _accept(session: Session, identity: Identity, item: Item, slot: str, said: SlotSaying) -> None:
    """It is enough: the passage as it reads now is kept in mind, so that changes of it are noticed."""
    known = filling_of_item(session, item.id).slot(item.id, item.state, slot)
    if not known.filled:
        message = _(
            "Nothing fills this slot yet. Point at a passage or say why none is needed, then accept it."
        )
        raise Conflict(
            message, blocking=[{"item": item.id, "title": item.title, "slot": slot, "reason": message}]
        )
    mark = _mark_of(session, item.id, slot)
    if known.state == SlotState.STALE and known.heading is not None and known.anchor is None:
        raise Conflict(_("The note has this heading no longer. Point at where it is written now."))
    if known.state != SlotState.WAIVED:
        passage = passage_found(session, str(known.note_id), _place(known))
        unseen_change(session, passage, said.revision)
        mark = _taken(
            _mark_of(session, item.id, slot, anew=True) or _new_mark(session, item.id, slot), passage
        )
    if mark is not None and mark.accepted_at is None:
        mark.accepted_at, mark.accepted_by_id = now(), identity.user_id


def _taken(mark: SlotMark, passage: Passage) -> SlotMark:
    """The mark with the passage somebody has looked at just now; who looks at a changed one accepts it anew."""
    if (mark.note_id, mark.heading) != (passage.note_id, passage.place):
        _forget(mark)
        mark.note_id, mark.heading, mark.updated_at = passage.note_id, passage.place, now()
    elif mark.stale_revision is not None:
        mark.accepted_at = None
    mark.passage_sha256, mark.stale_revision = passage.sha256, None
    return mark


def _take_back(session: Session, _identity: Identity, item: Item, slot: str, _said: SlotSaying) -> None:
    mark = _mark_of(session, item.id, slot)
    if mark is None:
        return
    mark.accepted_at = mark.accepted_by_id = None
    only_accepted = mark.pointed_by_id is None and mark.waived_because is None
    if only_accepted and item.state != ItemState.ACCEPTED:
        session.delete(mark)


def watch_slots(session: Session, item: Item, by_id: str | None = None) -> None:
    """An item is accepted as a whole: keep in mind the passages of its slots, so that changes are noticed.

    A slot with nothing in it gets a mark that says nothing: what fills it later was not accepted. `by_id`: who accepts.
    """
    filling = filling_of_item(session, item.id)
    found = [filling.slot(item.id, item.state, one.slot) for one in item.slots]
    # Notes are locked in one order everywhere, or two such items could wait for each other.
    for known in sorted(found, key=lambda one: one.note_id or ""):
        if stands := _mark_of(session, item.id, known.slot):
            if known.state in (SlotState.PROPOSED, SlotState.ACCEPTED) and stands.pointed_by_id:
                stands.accepted_by_id = stands.accepted_by_id or by_id
        elif known.note_id is None:
            _new_mark(session, item.id, known.slot)
        else:
            passage = passage_found(session, known.note_id, _place(known))
            mark = _new_mark(session, item.id, known.slot)
            mark.note_id, mark.heading, mark.passage_sha256 = passage.note_id, passage.place, passage.sha256
    session.flush()


def watch_no_more(session: Session, item_id: str) -> None:
    """An item is accepted no longer: forget what was kept only for that."""
    with_it = select(SlotMark).where(SlotMark.item_id == item_id, SlotMark.accepted_at.is_(None))
    for mark in session.scalars(with_it):
        mark.accepted_by_id = None
        if mark.pointed_by_id is None and mark.waived_because is None:
            session.delete(mark)
    session.flush()


def _place(known: SlotCoverage) -> str | None:
    return place_at(known.heading, known.anchor) if known.heading is not None else None


def _mark_of(session: Session, item_id: str, slot: str, *, anew: bool = False) -> SlotMark | None:
    """The mark; `anew`: now that its note is locked, as the save before us left it."""
    mark = session.get(SlotMark, (item_id, slot))
    if mark is not None and anew:
        session.flush()
        session.refresh(mark)
    return mark


def _new_mark(session: Session, item_id: str, slot: str) -> SlotMark:
    mark = SlotMark(item_id=item_id, slot=slot, updated_at=now())
    session.add(mark)
    return mark


def _forget(mark: SlotMark) -> None:
    """Whatever it said before it says something else."""
    for name in ("note_id", "heading", "passage_sha256", "pointed_by_id", "accepted_at", "accepted_by_id",
                 "stale_revision", "waived_because", "waived_by_id"):  # fmt: skip
        setattr(mark, name, None)


def _snapshot(mark: SlotMark | None) -> tuple[Any, ...]:
    if mark is None:
        return ()
    return tuple(getattr(mark, column.key) for column in SlotMark.__table__.c if column.key != "updated_at")


def _record(session: Session, identity: Identity, item: Item, action: str, slot: str) -> None:
    mark = _mark_of(session, item.id, slot)
    about = {"note": mark.note_id, "heading": mark.heading, "reason": mark.waived_because} if mark else {}
    record(
        session, actor_id=identity.user_id, action=action, object_type="item", object_id=item.id,
        handover_id=item.handover_id, slot=slot, **{name: value for name, value in about.items() if value},
    )  # fmt: skip

"""An item's slots as its page shows them: what fills each, who said so and when, and the forms of an opened one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.errors import FieldError
from kb.notes.choosing import choices_for
from kb.notes.coverage import ItemCoverage, SlotCoverage, SlotState
from kb.notes.unsaid import unsaid_in
from kb.people.models import User
from kb.web.handover_views import slot_address


@dataclass(frozen=True)
class Opened:
    """The slot whose forms are shown, what was typed there, and why it was refused."""

    slot: str
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Iterable[FieldError] = ()
    conflict: str = ""


NOTHING_OPENED = Opened("")


def slots_view(
    session: Session, identity: Identity, one: ItemCoverage, *, may_write: bool, opened: Opened
) -> dict[str, Any]:
    """For the page: rows, what may be done, and for the opened slot the passages to choose from."""
    facts = Facts(one.item.handover_id)
    may_mark = can(identity, Permission.SLOT_MARK, facts)
    names = _names(session, one.slots)
    rows = [_row(one, slot, names, may_write) for slot in one.slots]
    _lead_to_their_notes(session, identity, one, rows, may_write=may_write)
    is_open = may_mark and any(row["slot"] == opened.slot for row in rows)
    choices, more = choices_for(session, one.item.handover_id, one.item.id) if is_open else ([], False)
    errors = [(error.field, error.message) for error in opened.errors]
    return {
        "rows": rows, "open": opened.slot if is_open else "", "may_mark": may_mark, "choices": choices, "more": more,
        "may_accept": can(identity, Permission.SLOT_ACCEPT, facts), "values": opened.values,
        "errors": errors, "err": dict(reversed(errors)), "conflict": opened.conflict,
    }  # fmt: skip


def _row(one: ItemCoverage, slot: SlotCoverage, names: Mapping[str, str], may_write: bool) -> dict[str, Any]:
    passage = f"/notes/{slot.note_id}" + (f"#{slot.anchor}" if slot.anchor else "") if slot.note_id else None
    stale = slot.state == SlotState.STALE
    leads_to = slot_address(one, slot, may_write=may_write)
    return {
        "slot": str(slot.slot),
        "state": str(slot.state),
        "about": slot,
        "passage": passage,
        "unsaid": "",
        "change": leads_to if stale else None,
        "write": leads_to if may_write and not slot.filled else None,
        "pointed_by": names.get(slot.pointed_by_id or ""),
        "accepted_by": names.get(slot.accepted_by_id or ""),
        "waived_by": names.get(slot.waived_by_id or ""),
        "chosen": f"{slot.note_id}#{slot.anchor}" if slot.anchor else slot.note_id or "",
        "marked": bool(slot.pointed_by_id or slot.waived_by_id or slot.reason),
    }


def _lead_to_their_notes(
    session: Session, identity: Identity, one: ItemCoverage, rows: list[dict[str, Any]], *, may_write: bool
) -> None:
    """Where a note has the heading already, it is written there; what stands there and does not count is said."""
    there = unsaid_in(session, one.item.id, [str(slot) for slot in one.missing]) if may_write else {}
    for row in rows:
        known = there.get(row["slot"])
        if known and can(identity, Permission.NOTE_EDIT, Facts(one.item.handover_id, known.author_id)):
            row |= {"write": f"/notes/{known.note_id}/edit", "unsaid": known.why}


def _names(session: Session, slots: Iterable[SlotCoverage]) -> dict[str, str]:
    ids = {
        who for slot in slots for who in (slot.pointed_by_id, slot.accepted_by_id, slot.waived_by_id) if who
    }
    if not ids:
        return {}
    return {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(ids)))}

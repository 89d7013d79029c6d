"""Giving what somebody owns to named people, who accept or decline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.access.roles import Role
from kb.activity.record import record
from kb.checklists.models import Item
from kb.clock import now
from kb.errors import Conflict, Invalid
from kb.handovers.models import Handover
from kb.handovers.queries import get_handover, people_in
from kb.i18n import _
from kb.notes.models import Note
from kb.offboarding.models import Transfer, TransferState
from kb.offboarding.queries import Belonging, Thing, gate_of, get_transfer, transfer_facts
from kb.people.models import User
from kb.registers.models import Entry
from kb.validation import Checker

MOST_THINGS = 2000


def offer(
    session: Session, identity: Identity, handover_id: str, *, to: str, things: Sequence[str]
) -> Transfer:
    """Offer what is the leaver's to a member: `to` an address, `things` as `type:id`.

    What was offered to somebody else before is theirs to answer no longer. A draft goes to a manager only.
    """
    require(identity, Permission.TRANSFER_OFFER, Facts(handover_id))
    handover = get_handover(session, handover_id)
    gate = gate_of(session, handover)
    taker = _taker(handover, to, gate.person)
    wanted = set(things[:MOST_THINGS])
    chosen = [one for one in gate.belongings if one.key in wanted]
    if not chosen:
        raise Invalid.field("things", _("Choose at least one thing that is to be taken on."))
    if any(one.draft for one in chosen) and taker not in people_in(handover, Role.MANAGER):
        raise Invalid.field("things", _("Drafts can be taken on by a manager only: publish them first."))
    _take_back(session, handover_id, {one.key for one in chosen})
    made = Transfer(
        handover_id=handover_id, from_id=gate.person.id, to_id=taker.id, offered_by_id=identity.user_id,
        objects=[_as_object(one) for one in chosen], state=str(TransferState.OFFERED), created_at=now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    _record(session, identity, "transfer.offered", made, to=taker.id, things=len(chosen))
    return made


def _as_object(one: Belonging) -> dict[str, str]:
    return {"type": str(one.type), "id": one.id, "title": one.title}


def _taker(handover: Handover, address: str, giver: User) -> User:
    people = {m.user.email: m.user for m in handover.memberships if m.user.is_active}
    taker = people.get(address.strip().lower())
    if taker is None or taker.id == giver.id:
        raise Invalid.field("to", _("Choose somebody else in this handover."))
    return taker


def _take_back(session: Session, handover_id: str, keys: set[str]) -> None:
    """Things offered anew leave the offers they were in; an offer of nothing is withdrawn."""
    waiting = session.query(Transfer).filter_by(handover_id=handover_id, state=str(TransferState.OFFERED))
    for one in waiting.with_for_update():
        left = [thing for thing in one.objects if f"{thing['type']}:{thing['id']}" not in keys]
        if len(left) < len(one.objects):
            one.objects = left
            one.state = str(one.state if left else TransferState.WITHDRAWN)
            one.answered_at = one.answered_at if left else now()


def accept(session: Session, identity: Identity, transfer_id: str) -> int:
    """Take on what was offered and is still the giver's; answers how much that was."""
    one = _waiting(session, identity, transfer_id)
    taken = sum(_give(session, one, thing) for thing in one.objects)
    _answered(one, TransferState.ACCEPTED)
    _record(session, identity, "transfer.accepted", one, things=taken)
    session.flush()
    return taken


def decline(session: Session, identity: Identity, transfer_id: str, data: Mapping[str, Any]) -> None:
    """Say no, and why, so that it can be offered to somebody else."""
    check = Checker(data)
    reason = check.line("reason", most=500)
    check.done()
    one = _waiting(session, identity, transfer_id)
    _answered(one, TransferState.DECLINED)
    one.reason = reason
    _record(session, identity, "transfer.declined", one, reason=reason)
    session.flush()


def _waiting(session: Session, identity: Identity, transfer_id: str) -> Transfer:
    require(identity, Permission.TRANSFER_ANSWER, transfer_facts(session, transfer_id))
    one = get_transfer(session, transfer_id)
    session.refresh(one, with_for_update={"of": Transfer})
    if one.state != TransferState.OFFERED:
        raise Conflict(_("This offer has been answered or taken back already."))
    return one


def _answered(one: Transfer, state: TransferState) -> None:
    one.state, one.answered_at = str(state), now()


def _give(session: Session, one: Transfer, thing: Mapping[str, str]) -> bool:
    """Row by row, so that search hears of it; what has found somebody else meanwhile stays with them."""
    table = {Thing.NOTE: Note, Thing.ITEM: Item, Thing.ENTRY: Entry}[Thing(thing["type"])]
    row: Note | Item | Entry | None = session.get(table, thing["id"], with_for_update=True)  # type: ignore[assignment]
    if row is None or row.handover_id != one.handover_id:
        return False
    if isinstance(row, Entry):
        if row.holder_id != one.from_id or row.new_holder_id not in (None, one.from_id):
            return False
        row.new_holder_id, row.new_holder_name = one.to_id, ""
        return True
    if row.owner_id != one.from_id:
        return False
    row.owner_id = one.to_id
    return True


def _record(session: Session, identity: Identity, action: str, one: Transfer, **details: Any) -> None:
    record(
        session, actor_id=identity.user_id, action=action, object_type="transfer", object_id=one.id,
        handover_id=one.handover_id, **details,
    )  # fmt: skip

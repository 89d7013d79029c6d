"""The end of an account: whatever is still in the person's name finds somebody first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.activity.record import record
from kb.checklists.models import Item
from kb.handovers.models import Handover, Membership
from kb.handovers.queries import get_handover
from kb.notes.ownership import PassedOn, end_account, heirs_in
from kb.offboarding.queries import is_owned_entry
from kb.people.models import User
from kb.registers.models import Entry


def end_account_and_pass_on(
    session: Session, email: str, *, by: Identity | None
) -> tuple[User, list[PassedOn]]:
    """Deactivate an account. What nobody took on goes to the only successor, else to a manager of each handover."""
    user, passed = end_account(session, email, by=by)
    places = select(Membership.handover_id).where(Membership.user_id == user.id).distinct()
    for handover_id in sorted(session.scalars(places)):
        _pass_duties(session, by, get_handover(session, handover_id), user)
    return user, passed


def _pass_duties(session: Session, by: Identity | None, handover: Handover, user: User) -> None:
    heir, _manager = heirs_in(handover, user.id, by)
    if heir is None:
        return
    items = session.scalars(select(Item).where(Item.handover_id == handover.id, Item.owner_id == user.id))
    entries = session.scalars(
        select(Entry).where(Entry.handover_id == handover.id, is_owned_entry(user.id))
    )  # fmt: skip
    counts = {"items": 0, "entries": 0}
    for item in items.all():
        item.owner_id = heir.id
        counts["items"] += 1
    for entry in entries.all():
        entry.new_holder_id, entry.new_holder_name = heir.id, ""
        counts["entries"] += 1
    if any(counts.values()):
        record(
            session, actor_id=by.user_id if by else None, action="duties.passed_on", object_type="handover",
            object_id=handover.id, handover_id=handover.id, former=user.id, heir=heir.id, **counts,
        )  # fmt: skip
    session.flush()

"""Reading checklists."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.access.identity import Facts, Identity
from kb.access.permits import not_found
from kb.checklists.models import Item, Module


def item_facts(session: Session, item_id: str) -> Facts:
    """Facts for the policy; raises NotFound."""
    handover_id = session.scalar(select(Item.handover_id).where(Item.id == item_id))
    if handover_id is None:
        raise not_found()
    return Facts(handover_id)


def items_of(*handover_ids: str) -> Select[Item]:
    """The items of a handover, or of several, in order, with module, owner and slots."""
    return (
        select(Item)
        .join(Item.module)
        .where(Item.handover_id.in_(handover_ids))
        .options(joinedload(Item.module), joinedload(Item.owner), selectinload(Item.slots))
        .order_by(Module.position, Item.position, Item.id)
    )


def get_item(session: Session, item_id: str) -> Item:
    """One item with module, owner and slots; raises NotFound."""
    found = session.scalar(
        select(Item)
        .where(Item.id == item_id)
        .options(joinedload(Item.module), joinedload(Item.owner), selectinload(Item.slots))
    )
    if found is None:
        raise not_found()
    return found


def modules_of(session: Session, handover_id: str) -> list[Module]:
    """A handover's modules in order."""
    return list(
        session.scalars(select(Module).where(Module.handover_id == handover_id).order_by(Module.position))
    )


def items_among(session: Session, handover_id: str, ids: list[str]) -> list[Item]:
    """Those of the named items that belong to the handover."""
    if not ids:
        return []
    return list(session.scalars(select(Item).where(Item.handover_id == handover_id, Item.id.in_(ids))))


def item_title(session: Session, identity: Identity, item_id: str) -> str | None:
    """What an item is called, if the person may read it."""
    readable = Item.handover_id.in_(identity.handovers_as())
    return session.scalar(select(Item.title).where(Item.id == item_id, readable))

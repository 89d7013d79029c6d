"""Checklist items."""

from __future__ import annotations

from typing import Any

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.api.calls import ApiRequest, Json, call, created, page_of
from kb.api.note_json import email_of, name_of
from kb.api.people import caller
from kb.api.shapes import ItemAnswer, PracticeAsked
from kb.checklists.models import Importance, Item, ItemState, Level, Rhythm, Slot
from kb.checklists.queries import get_item, items_of
from kb.checklists.schemas import ItemBody
from kb.gate.guards import allow
from kb.notes.unlinking import delete_item
from kb.rehearsals.accepting import add_item, patch_item


def _practice_json(item: Item) -> PracticeAsked | None:
    if not item.required_level:
        return None
    return PracticeAsked(level=Level(item.required_level), runs=item.required_runs)


def _item_json(item: Item) -> ItemAnswer:
    return ItemAnswer(
        id=item.id,
        handover=item.handover_id,
        module=item.module.title,
        title=item.title,
        guidance=item.guidance,
        importance=Importance(item.importance),
        state=ItemState(item.state),
        due=item.due.isoformat() if item.due else None,
        owner=email_of(item.owner),
        owner_name=name_of(item.owner),
        slots=[Slot(slot.slot) for slot in item.slots],
        rhythm=Rhythm(item.rhythm) if item.rhythm else None,
        next_on=item.next_on.isoformat() if item.next_on else None,
        practice=_practice_json(item),
        created_at=item.created_at.isoformat(),
        updated_at=item.updated_at.isoformat(),
    )


@get(
    "/handovers/{handover_id:str}/items",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    **call(ItemAnswer, listing=True),
)
def get_items(request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]) -> Json:
    """A handover's checklist in order."""
    return page_of(request, session, items_of(handover_id)).map(_item_json)


@post(
    "/handovers/{handover_id:str}/items",
    guards=[allow(Permission.ITEM_WRITE, "handover_id")],
    **call(ItemAnswer, body=ItemBody, required="module title", creating=True, errors=(409,)),
)
def post_item(
    request: ApiRequest,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    sent: NamedDependency[Json],
) -> Response[ItemAnswer]:
    """Add an item at the end of its module, which is made where it is new; accepted as with `PATCH`."""
    item = add_item(session, caller(request), handover_id, sent)
    return created(_item_json(item), f"items/{item.id}")


@get("/items/{item_id:str}", guards=[allow(Permission.HANDOVER_READ, "item_id")], **call(ItemAnswer))
def get_one(session: NamedDependency[Session], item_id: FromPath[str]) -> ItemAnswer:
    """One item."""
    return _item_json(get_item(session, item_id))


@patch(
    "/items/{item_id:str}",
    guards=[allow(Permission.ITEM_STATE, "item_id")],
    **call(ItemAnswer, body=ItemBody, errors=(409,)),
)
def patch_one(
    request: ApiRequest,
    session: NamedDependency[Session],
    item_id: FromPath[str],
    sent: NamedDependency[Json],
) -> ItemAnswer:
    """Change the fields that are sent; accepting one with gaps needs an `override_reason`."""
    return _item_json(patch_item(session, caller(request), item_id, sent))


@delete("/items/{item_id:str}", guards=[allow(Permission.ITEM_WRITE, "item_id")], **call())
def delete_one(request: ApiRequest, session: NamedDependency[Session], item_id: FromPath[str]) -> None:
    """Take an item off the checklist for good; notes about it stay, linked to it no longer."""
    delete_item(session, caller(request), item_id)


HANDLERS: list[Any] = [get_items, post_item, get_one, patch_one, delete_one]

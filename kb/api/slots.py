"""What people say of an item's slots."""

from __future__ import annotations

from typing import Any

from litestar import put
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.api.calls import ApiRequest, Json, call
from kb.api.coverage import slot_json
from kb.api.coverage_shapes import SlotAnswer
from kb.api.people import caller
from kb.gate.guards import allow
from kb.notes.slot_schemas import SlotBody
from kb.notes.slots import mark_slot


@put(
    "/items/{item_id:str}/slots/{slot:str}",
    guards=[allow(Permission.SLOT_MARK, "item_id")],
    **call(SlotAnswer, body=SlotBody, optional=True, errors=(409,)),
)
def put_slot(
    request: ApiRequest,
    session: NamedDependency[Session],
    item_id: FromPath[str],
    slot: FromPath[str],
    sent: NamedDependency[Json],
) -> SlotAnswer:
    """Point at the passage that fills a slot, say why none is needed, or accept what is there.

    `accepted: true` again after the passage was changed says that the change was looked at; `false` takes it back.
    `revision` is the note's as it was read: where the passage reads otherwise now, it is 409. An empty body or null
    takes back whatever was said.
    """
    return slot_json(mark_slot(session, caller(request), item_id, slot, sent))


HANDLERS: list[Any] = [put_slot]

"""Forms of an item's slots, on its page: pointing at a passage, saying why none is needed, accepting."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.errors import Conflict, Invalid
from kb.gate.guards import allow
from kb.notes.slots import mark_slot
from kb.web.forms import Form, read_form
from kb.web.items import item_page
from kb.web.pages import go
from kb.web.sessions import reader_of
from kb.web.slot_view import Opened


@post(
    "/items/{item_id:str}/slots/{slot:str}",
    guards=[allow(Permission.SLOT_MARK, "item_id")],
    dependencies={"form": Provide(read_form)},
    sync_to_thread=True,
)
def change_slot(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    item_id: FromPath[str],
    slot: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """One of the slot's forms; what is refused comes back as it was typed."""
    try:
        mark_slot(session, reader_of(request), item_id, slot, _said(form))
    except Invalid as invalid:
        session.rollback()
        opened = Opened(slot, form, invalid.errors)
        return item_page(request, session, item_id, status=422, opened=opened)
    except Conflict as conflict:
        session.rollback()
        return item_page(
            request, session, item_id, status=409, opened=Opened(slot, form, (), conflict.message)
        )
    return go(request, f"/items/{item_id}#slot-{slot}", flash="saved")


def _said(form: Form) -> dict[str, Any]:
    """What a form says: a passage is chosen as one value, the note and the anchor of its heading."""
    intent = form.get("intent")
    if intent == "accept":
        return {"accepted": True, "revision": form.get("revision")}
    if intent == "reopen":
        return {"accepted": False}
    if intent == "waive":
        return {"waived_because": form.get("waived_because", "")}
    if intent == "clear":
        return {}
    note, _hash, anchor = str(form.get("note", "")).partition("#")
    heading = f"#{anchor}" if anchor else None
    return {"note": note, "heading": form.get("heading") or heading}


@get(
    "/items/{item_id:str}/slots/{slot:str}",
    guards=[allow(Permission.HANDOVER_READ, "item_id")],
    sync_to_thread=True,
)
def open_slot(request: Request[Any, Any, Any], item_id: FromPath[str], slot: FromPath[str]) -> Response[None]:
    """The item's page with this slot opened; also where a reload leads after a refused form."""
    return go(request, f"/items/{item_id}?slot={slot}#slot-{slot}")


HANDLERS: list[Any] = [change_slot, open_slot]

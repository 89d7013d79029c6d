"""The form of a checklist item: adding one and changing one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.checklists.models import Importance, Item, Slot
from kb.checklists.queries import get_item, modules_of
from kb.checklists.services import add_item, change_item
from kb.errors import FieldError, Invalid
from kb.gate.guards import allow
from kb.handovers.models import Handover
from kb.handovers.queries import get_handover
from kb.web.forms import Form, lists, read_form
from kb.web.handover_forms import problems
from kb.web.pages import go, page
from kb.web.sessions import reader_of

FORM = {"form": Provide(read_form)}
FIELDS = (
    "module",
    "title",
    "guidance",
    "importance",
    "due",
    "owner",
    "slots",
    "rhythm",
    "next_on",
    "practice",
)


@get("/items/{item_id:str}/edit", guards=[allow(Permission.ITEM_WRITE, "item_id")], sync_to_thread=True)
def edit_form(
    request: Request[Any, Any, Any], session: NamedDependency[Session], item_id: FromPath[str]
) -> Response[str]:
    """The form to change an item."""
    item = get_item(session, item_id)
    return _form_page(request, session, item.handover_id, _values(item), [], item=item)


@post("/items/{item_id:str}/edit", guards=[allow(Permission.ITEM_WRITE, "item_id")], dependencies=FORM,
      sync_to_thread=True)  # fmt: skip
def edit(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    item_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Change an item."""
    identity = reader_of(request)
    sent = _sent(form)
    try:
        change_item(session, identity, item_id, sent)
    except Invalid as invalid:
        session.rollback()
        item = get_item(session, item_id)
        return _form_page(request, session, item.handover_id, sent, invalid.errors, item=item, status=422)
    return go(request, f"/items/{item_id}", flash="saved")


@get("/handovers/{handover_id:str}/items/new", guards=[allow(Permission.ITEM_WRITE, "handover_id")],
     sync_to_thread=True)  # fmt: skip
def new_form(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    module: FromQuery[str] = "",
) -> Response[str]:
    """The form to add an item; `module` is the module's title."""
    usual = [Slot.STEPS, Slot.KEY_POINTS, Slot.CAUTIONS]
    values = {"module": module, "importance": Importance.NORMAL, "slots": [str(slot) for slot in usual]}
    return _form_page(request, session, handover_id, values, [])


@post("/handovers/{handover_id:str}/items", guards=[allow(Permission.ITEM_WRITE, "handover_id")], dependencies=FORM,
      sync_to_thread=True)  # fmt: skip
def create(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Add an item."""
    identity = reader_of(request)
    sent = _sent(form)
    try:
        item = add_item(session, identity, handover_id, sent)
    except Invalid as invalid:
        session.rollback()
        return _form_page(request, session, handover_id, sent, invalid.errors, status=422)
    return go(request, f"/items/{item.id}", flash="created")


def _sent(form: Form) -> dict[str, Any]:
    """The fields of the form, the slots as a list; the state has a form of its own."""
    sent = {name: value for name, value in lists(form, "slots").items() if name in FIELDS}
    level, runs = form.get("practice", ""), form.get("practice_runs") or 1
    return sent | {"practice": {"level": level, "runs": runs} if level else None}


def _values(item: Item) -> dict[str, Any]:
    return {
        "module": item.module.title, "title": item.title, "guidance": item.guidance, "importance": item.importance,
        "due": item.due, "owner": item.owner.email if item.owner else "", "rhythm": item.rhythm or "",
        "next_on": item.next_on,
        "slots": [slot.slot for slot in item.slots],
        "practice": {"level": item.required_level, "runs": item.required_runs} if item.required_level else None,
    }  # fmt: skip


def _form_page(
    request: Request[Any, Any, Any], session: Session, handover_id: str, values: dict[str, Any],
    errors: Iterable[FieldError], *, item: Item | None = None, status: int = 200,
) -> Response[str]:  # fmt: skip
    handover = get_handover(session, handover_id)
    return page(
        request, "items/form.html", status=status, handover=handover, facts=Facts(handover_id), item=item,
        values=dict.fromkeys(FIELDS, "") | values, owners=_owners(handover),
        modules=[module.title for module in modules_of(session, handover_id)], **problems(errors),
    )  # fmt: skip


def _owners(handover: Handover) -> list[tuple[str, str]]:
    people = {m.user.email: m.user.name for m in handover.memberships}
    return sorted(people.items(), key=lambda pair: pair[1])


HANDLERS: list[Any] = [edit_form, edit, new_form, create]

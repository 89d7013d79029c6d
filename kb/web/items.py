"""Pages of checklist items: one with its slots and notes, its state, taking one away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.checklists.queries import get_item
from kb.clock import today
from kb.errors import Conflict, FieldError, Invalid
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.handovers.queries import get_handover
from kb.notes.coverage import coverage_of_item
from kb.notes.models import Kind
from kb.notes.queries import notes_about
from kb.notes.unlinking import delete_item, linked_notes
from kb.progress.evidence import asks_rehearsal
from kb.progress.rhythm import round_of
from kb.registers.queries import entries_about
from kb.rehearsals.accepting import patch_item
from kb.web import handover_views as views
from kb.web.formats import days_left
from kb.web.forms import Form, read_form
from kb.web.found_words import with_marks, words_of
from kb.web.handover_forms import problems
from kb.web.pages import go, page
from kb.web.practice_view import panel
from kb.web.sessions import reader_of
from kb.web.slot_view import NOTHING_OPENED, Opened, slots_view

FORM = {"form": Provide(read_form)}


@get("/items/{item_id:str}", guards=[allow(Permission.HANDOVER_READ, "item_id")], sync_to_thread=True)
def show(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    item_id: FromPath[str],
    slot: FromQuery[str] = "",
) -> Response[str]:
    """An item: what to write down, what is there, how far it is; `slot` is opened to be changed."""
    return item_page(request, session, item_id, opened=Opened(slot))


def item_page(
    request: Request[Any, Any, Any], session: Session, item_id: str, *, status: int = 200, form: Form | None = None,
    conflict: Conflict | None = None, errors: Iterable[FieldError] = (), opened: Opened = NOTHING_OPENED,
) -> Response[str]:  # fmt: skip
    """The page of an item, also where one of its forms was refused."""
    identity = reader_of(request)
    one = coverage_of_item(session, item_id)
    item = one.item
    may_write = views.may_write_in(identity, item.handover_id)
    kinds = list(dict.fromkeys([*item.kinds, *map(str, Kind)]))
    day = today(services_of(request).settings.time_zone)
    words = words_of(request.query_params)
    handover = get_handover(session, item.handover_id)
    round_ = round_of(item.rhythm, item.next_on, day, handover.last_day)
    return page(
        request, "items/item.html", status=status, item=item, guidance=with_marks(item.guidance, words),
        title=with_marks(item.title, words), handover=handover, round=round_,
        rehearse=asks_rehearsal(session, item, round_, day, handover.last_day), facts=Facts(item.handover_id),
        slots=slots_view(session, identity, one, may_write=may_write, opened=opened), covered=one.covered,
        notes=list(session.scalars(notes_about(identity, item_id))), may_write=may_write,
        entries=list(session.scalars(entries_about(item_id))),
        kinds=[(kind, views.write_address(item.handover_id, kind, item=item.id)) for kind in kinds],
        days=days_left(item.due, day) if item.due else None, values={"state": item.state, **(form or {})},
        conflict=conflict, missing=[str(slot) for slot in one.missing],
        practice=panel(session, identity, item.handover_id, item_id), **problems(errors),
    )  # fmt: skip


@post("/items/{item_id:str}/state", guards=[allow(Permission.ITEM_STATE, "item_id")], dependencies=FORM,
      sync_to_thread=True)  # fmt: skip
def change_state(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    item_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Move the item's state; accepted with gaps needs a reason."""
    identity = reader_of(request)
    sent = {"state": form.get("state", ""), "override_reason": form.get("override_reason", "")}
    try:
        patch_item(session, identity, item_id, sent)
    except Invalid as invalid:
        session.rollback()
        return item_page(request, session, item_id, status=422, form=sent, errors=invalid.errors)
    except Conflict as conflict:
        session.rollback()
        return item_page(request, session, item_id, status=409, form=sent, conflict=conflict)
    return go(request, f"/items/{item_id}", flash="saved")


@get("/items/{item_id:str}/delete", guards=[allow(Permission.ITEM_WRITE, "item_id")], sync_to_thread=True)
def delete_form(
    request: Request[Any, Any, Any], session: NamedDependency[Session], item_id: FromPath[str]
) -> Response[str]:
    """What deleting an item takes along, before it is done."""
    item = get_item(session, item_id)
    return page(
        request, "items/delete.html", item=item, handover=get_handover(session, item.handover_id),
        linked=linked_notes(session, item_id),
    )  # fmt: skip


@post("/items/{item_id:str}/delete", guards=[allow(Permission.ITEM_WRITE, "item_id")], sync_to_thread=True)
def delete(
    request: Request[Any, Any, Any], session: NamedDependency[Session], item_id: FromPath[str]
) -> Response[Any]:
    """Take an item off the checklist."""
    handover_id = delete_item(session, reader_of(request), item_id)
    return go(request, f"/handovers/{handover_id}#grid", flash="removed")


@get("/items/{item_id:str}/state", guards=[allow(Permission.HANDOVER_READ, "item_id")], sync_to_thread=True)
def back_to_item(request: Request[Any, Any, Any], item_id: FromPath[str]) -> Response[None]:
    """Where a reload or a change of language leads after a refused form."""
    return go(request, f"/items/{item_id}")


@get(
    "/handovers/{handover_id:str}/items",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    sync_to_thread=True,
)
def back_to_checklist(request: Request[Any, Any, Any], handover_id: FromPath[str]) -> Response[None]:
    """The checklist is part of the handover's page."""
    return go(request, f"/handovers/{handover_id}#grid")


HANDLERS: list[Any] = [
    show, change_state, back_to_item, delete_form, delete, back_to_checklist,
]  # fmt: skip

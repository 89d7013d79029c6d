"""The register of a handover: what has a holder, what still names the leaver, one new holder for many."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.access.roles import Role
from kb.clock import today
from kb.errors import FieldError, Invalid
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.handovers.queries import get_handover, people_in
from kb.registers.queries import entries_of, naming
from kb.registers.services import give_new_holder
from kb.web import register_view as views
from kb.web.formats import days_left
from kb.web.forms import Form, lists, read_form
from kb.web.pages import go, page
from kb.web.register_words import problems
from kb.web.sessions import reader_of

FORM = {"form": Provide(read_form)}
READ = [allow(Permission.HANDOVER_READ, "handover_id")]
AnyRequest = Request[Any, Any, Any]


@get("/handovers/{handover_id:str}/register", guards=READ, sync_to_thread=True)
def show(request: AnyRequest, session: NamedDependency[Session], handover_id: FromPath[str]) -> Response[str]:
    """Everything in the register by kind, and what is urgent about it."""
    return _register_page(request, session, handover_id, dict(request.query_params))


def _register_page(
    request: AnyRequest, session: Session, handover_id: str, asked: dict[str, str], *, status: int = 200,
    form: Form | None = None, errors: Iterable[FieldError] = (),
) -> Response[str]:  # fmt: skip
    handover = get_handover(session, handover_id)
    leavers = people_in(handover, Role.LEAVER)
    entries = list(session.scalars(entries_of(handover_id)))
    named = {entry.id for entry in naming(entries, leavers)}
    day = today(services_of(request).settings.time_zone)
    narrowed = views.chosen(asked)
    expiring = sorted(
        (views.row(entry, named, day) for entry in entries if views.expiry(entry, day)),
        key=lambda one: one["days"],
    )
    shown, number, pages = views.paged(
        views.groups(views.passing(entries, narrowed, named), named, day), asked.get("page")
    )
    return page(
        request, "register/register.html", status=status, handover=handover, facts=Facts(handover_id),
        leaver=leavers[0].name if leavers else "", total=len(entries), named=len(named), expiring=expiring,
        days=days_left(handover.last_day, day), narrowed=narrowed, people=list(views.names_of(handover)),
        groups=shown, number=number, pages=pages, page_href=partial(views.page_address, handover_id, narrowed),
        left=views.left(entries, asked),
        filters=views.filters(handover_id, entries, narrowed), form=form or {}, **problems(errors),
    )  # fmt: skip


@post(
    "/handovers/{handover_id:str}/register/holder",
    guards=[allow(Permission.REGISTER_MOVE, "handover_id")],
    dependencies=FORM,
    sync_to_thread=True,
)
def change_holder(
    request: AnyRequest,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Name one new holder for the chosen entries, or for all that are shown."""
    handover = get_handover(session, handover_id)
    narrowed = views.chosen(form)
    ids = lists(form, "entries")["entries"]
    if form.get("all"):
        entries = list(session.scalars(entries_of(handover_id)))
        named = {entry.id for entry in naming(entries, people_in(handover, Role.LEAVER))}
        ids = [entry.id for entry in views.passing(entries, narrowed, named)]
    new_holder = str(views.sent(form, views.names_of(handover), ("new_holder",)).get("new_holder", ""))
    try:
        given = give_new_holder(session, reader_of(request), handover_id, ids, new_holder)
    except Invalid as invalid:
        session.rollback()
        typed = form | {"entries": ids}
        return _register_page(
            request, session, handover_id, narrowed, status=422, form=typed, errors=invalid.errors
        )
    back = views.back_to(handover_id, narrowed | views.left_out(given.left))
    return go(request, back, flash="saved" if given.changed else "unchanged")


@get("/handovers/{handover_id:str}/register/holder", guards=READ, sync_to_thread=True)
def back_to_register(request: AnyRequest, handover_id: FromPath[str]) -> Response[None]:
    """Where a reload or a change of language leads after a refused form."""
    return go(request, f"/handovers/{handover_id}/register")


HANDLERS: list[Any] = [show, change_holder, back_to_register]

"""Changing a handover's fields."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.errors import Invalid
from kb.gate.guards import allow
from kb.handovers.models import Handover
from kb.handovers.queries import get_handover
from kb.handovers.services import change_handover
from kb.web.forms import Form, read_form
from kb.web.handover_forms import problems
from kb.web.pages import go, page
from kb.web.sessions import reader_of


@get(
    "/handovers/{handover_id:str}/edit",
    guards=[allow(Permission.HANDOVER_EDIT, "handover_id")],
    sync_to_thread=True,
)
def edit_form(
    request: Request[Any, Any, Any], session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """The form to change its fields."""
    return _edit_page(request, get_handover(session, handover_id), {}, [])


@post(
    "/handovers/{handover_id:str}/edit", guards=[allow(Permission.HANDOVER_EDIT, "handover_id")],
    dependencies={"form": Provide(read_form)}, sync_to_thread=True,
)  # fmt: skip
def edit(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Change its fields."""
    identity = reader_of(request)
    try:
        change_handover(session, identity, handover_id, form)
    except Invalid as invalid:
        session.rollback()
        handover = get_handover(session, handover_id)
        return _edit_page(request, handover, form, invalid.errors, status=422)
    return go(request, f"/handovers/{handover_id}", flash="saved")


def _edit_page(
    request: Request[Any, Any, Any], handover: Handover, form: Form, errors: Any, status: int = 200
) -> Response[str]:
    names = ("title", "position", "department", "last_day", "support_until", "confirmed_on", "confirmed_by",
             "language")  # fmt: skip
    values = {name: getattr(handover, name) for name in names} | form
    return page(
        request, "handovers/edit.html", status=status, handover=handover, facts=Facts(handover.id), values=values,
        **problems(errors),
    )  # fmt: skip


HANDLERS: list[Any] = [edit_form, edit]

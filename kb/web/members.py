"""The page of the people in a handover: added, changed and removed in one form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.access.roles import Role
from kb.errors import FieldError, Invalid
from kb.gate.guards import allow
from kb.handovers.models import Handover
from kb.handovers.queries import get_handover
from kb.handovers.schemas import check_members
from kb.handovers.services import replace_members
from kb.validation import Checker
from kb.web.forms import Form, read_form
from kb.web.handover_forms import (
    MORE_ROWS,
    Row,
    members_of,
    placed,
    problems,
    row_errors,
    typed_rows,
    with_room,
)
from kb.web.pages import go, page
from kb.web.sessions import reader_of

SPARE_ROWS = 2


@get("/handovers/{handover_id:str}/members", guards=[allow(Permission.HANDOVER_READ, "handover_id")],
     sync_to_thread=True)  # fmt: skip
def members_page(
    request: Request[Any, Any, Any], session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """Who is in the handover; managers may change it."""
    handover = get_handover(session, handover_id)
    return _page(request, handover, with_room(_present(handover), more=SPARE_ROWS), [])


@post("/handovers/{handover_id:str}/members", guards=[allow(Permission.MEMBERS_MANAGE, "handover_id")],
      dependencies={"form": Provide(read_form)}, sync_to_thread=True)  # fmt: skip
def save_members(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Replace the list by what the form holds, or give more rows."""
    identity = reader_of(request)
    rows = typed_rows(form)
    if "more" in form:
        return _page(request, get_handover(session, handover_id), with_room(rows, more=MORE_ROWS), [])
    try:
        wanted = check_members(Checker({}), "members", members_of(rows))
        replace_members(session, identity, handover_id, wanted, wrong=row_errors(rows))
    except Invalid as invalid:
        session.rollback()
        return _page(
            request, get_handover(session, handover_id), rows, placed(invalid.errors, rows), status=422
        )
    still_in = any(member.email == identity.email for member in wanted)
    return go(request, f"/handovers/{handover_id}/members" if still_in else "/handovers", flash="saved")


def _present(handover: Handover) -> list[Row]:
    order = list(Role)
    found = sorted(handover.memberships, key=lambda m: (order.index(Role(m.role)), m.user.name))
    return [Row(m.user.email, m.role, m.user.name) for m in found]


def _page(
    request: Request[Any, Any, Any],
    handover: Handover,
    rows: list[Row],
    errors: Iterable[FieldError],
    status: int = 200,
) -> Response[str]:
    return page(
        request, "handovers/members.html", status=status, handover=handover, facts=Facts(handover.id), rows=rows,
        **problems(errors),
    )  # fmt: skip


HANDLERS: list[Any] = [members_page, save_members]

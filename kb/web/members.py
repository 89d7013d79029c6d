"""The page of the people in a handover: added, changed and removed in one form; who answers for the notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.access.roles import Role
from kb.errors import FieldError, Invalid
from kb.gate.guards import allow
from kb.handovers.models import Handover
from kb.handovers.queries import get_handover
from kb.handovers.schemas import check_members
from kb.notes.ownership import PassedOn, change_members, hand_all, owners_in, passed_on_just_now
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
from kb.web.pages import FLASH_COOKIE, cookies_of, go, page
from kb.web.sessions import reader_of

SPARE_ROWS = 2


@get("/handovers/{handover_id:str}/members", guards=[allow(Permission.HANDOVER_READ, "handover_id")],
     sync_to_thread=True)  # fmt: skip
def members_page(
    request: Request[Any, Any, Any], session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """Who is in the handover; managers may change it."""
    handover, passed = get_handover(session, handover_id), []
    if cookies_of(request).get(FLASH_COOKIE) == "saved":
        passed = passed_on_just_now(session, reader_of(request), handover_id)
    rows = with_room(_present(handover), more=SPARE_ROWS)
    return _page(request, session, handover, rows, [], passed=passed)


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
        handover = get_handover(session, handover_id)
        return _page(request, session, handover, with_room(rows, more=MORE_ROWS), [])
    try:
        wanted = check_members(Checker({}), "members", members_of(rows))
        change_members(session, identity, handover_id, wanted, wrong=row_errors(rows))
    except Invalid as invalid:
        session.rollback()
        errors = placed(invalid.errors, rows)
        return _page(request, session, get_handover(session, handover_id), rows, errors, status=422)
    still_in = any(member.email == identity.email for member in wanted)
    return go(request, f"/handovers/{handover_id}/members" if still_in else "/handovers", flash="saved")


@post("/handovers/{handover_id:str}/members/notes", guards=[allow(Permission.MEMBERS_MANAGE, "handover_id")],
      dependencies={"form": Provide(read_form)}, sync_to_thread=True)  # fmt: skip
def hand_notes(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Give all notes of one person here to another."""
    chosen = {name: str(form.get(name, "")) for name in ("former", "owner")}
    try:
        passed = hand_all(session, reader_of(request), handover_id, **chosen)
    except Invalid as invalid:
        session.rollback()
        handover = get_handover(session, handover_id)
        rows = with_room(_present(handover), more=SPARE_ROWS)
        return _page(request, session, handover, rows, invalid.errors, status=422, chosen=chosen)
    return go(request, f"/handovers/{handover_id}/members", flash="saved" if passed else "unchanged")


def _present(handover: Handover) -> list[Row]:
    order = list(Role)
    found = sorted(handover.memberships, key=lambda m: (order.index(Role(m.role)), m.user.name))
    return [Row(m.user.email, m.role, m.user.name) for m in found]


def _page(
    request: Request[Any, Any, Any], session: Session, handover: Handover, rows: list[Row],
    errors: Iterable[FieldError], status: int = 200, passed: Iterable[PassedOn] = (),
    chosen: Mapping[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    facts = Facts(handover.id)
    manages = can(reader_of(request), Permission.MEMBERS_MANAGE, facts)
    return page(
        request, "handovers/members.html", status=status, handover=handover, facts=facts, rows=rows,
        passed=[one.said() for one in passed], chosen=chosen or {},
        owners=_owners(session, handover) if manages else [],
        heirs=sorted({(m.user.email, m.user.name) for m in handover.memberships if m.user.is_active},
                     key=lambda pair: pair[1]),
        **problems(errors),
    )  # fmt: skip


def _owners(session: Session, handover: Handover) -> list[dict[str, Any]]:
    """Who owns notes here, and whether they can still be asked."""
    staying = {member.user_id for member in handover.memberships if member.user.is_active}
    return [
        {"email": user.email, "name": user.name, "notes": count, "left": user.id not in staying}
        for user, count in owners_in(session, handover.id)
    ]


HANDLERS: list[Any] = [members_page, save_members, hand_notes]

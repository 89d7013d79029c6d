"""The exit gate of a handover: what is still the leaver's, offered to named people who accept."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.access.roles import Role
from kb.errors import Conflict, Invalid
from kb.gate.guards import allow
from kb.handovers.queries import get_handover, people_in
from kb.offboarding.models import TransferState
from kb.offboarding.queries import Thing, gate_of, get_transfer, transfers_in
from kb.offboarding.services import accept, decline, offer
from kb.web.forms import Form, lists, read_form
from kb.web.handover_forms import problems
from kb.web.pages import go, page
from kb.web.sessions import reader_of

FORM = {"form": Provide(read_form)}
TAKERS = (Role.SUCCESSOR, Role.MANAGER, Role.TRAINER, Role.VIEWER)
ANSWERS = [allow(Permission.TRANSFER_ANSWER, "transfer_id")]


@get("/handovers/{handover_id:str}/leaving", guards=[allow(Permission.HANDOVER_READ, "handover_id")],
     sync_to_thread=True)  # fmt: skip
def show(
    request: Request[Any, Any, Any], session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """What must find somebody before the leaver's account ends; `none=1`: with nothing ticked."""
    return _gate_page(request, session, handover_id, [] if request.query_params.get("none") else None)


@post("/handovers/{handover_id:str}/leaving", guards=[allow(Permission.TRANSFER_OFFER, "handover_id")],
      dependencies=FORM, sync_to_thread=True)  # fmt: skip
def offer_things(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Offer what is chosen to one person."""
    chosen = lists(form, "things")["things"]
    try:
        offer(session, reader_of(request), handover_id, to=str(form.get("to", "")), things=chosen)
    except Invalid as invalid:
        session.rollback()
        return _gate_page(
            request, session, handover_id, chosen, status=422, to=form.get("to"), errors=invalid.errors
        )
    return go(request, f"/handovers/{handover_id}/leaving", flash="offered")


def _gate_page(
    request: Request[Any, Any, Any], session: Session, handover_id: str, chosen: list[str] | None, *,
    status: int = 200, to: Any = None, errors: Any = (), reason: str = "",
) -> Response[str]:  # fmt: skip
    """`chosen`: what was ticked. None: all nobody has been asked about, but drafts, which go to managers only."""
    handover = get_handover(session, handover_id)
    gate = gate_of(session, handover)
    transfers = list(session.scalars(transfers_in(handover_id)))
    me = reader_of(request).user_id
    free = [one.key for one in gate.belongings if not (one.offered_to or one.draft)]
    # Who takes the work over comes first.
    people = {
        user.email: user.name for role in TAKERS for user in people_in(handover, role) if user.is_active
    }
    return page(
        request, "handovers/leaving.html", status=status, handover=handover, facts=Facts(handover_id), gate=gate,
        groups=[(str(thing), gate.of(thing)) for thing in Thing if gate.of(thing)],
        chosen=free if chosen is None else chosen,
        takers=[(email, name) for email, name in people.items() if email != gate.person.email],
        to=to, reason=reason, answered=[one for one in transfers if one.state != TransferState.WITHDRAWN],
        mine=[one for one in transfers if one.to_id == me and one.state == TransferState.OFFERED],
        **problems(errors),
    )  # fmt: skip


@post("/transfers/{transfer_id:str}/accept", guards=ANSWERS, sync_to_thread=True)
def take_on(
    request: Request[Any, Any, Any], session: NamedDependency[Session], transfer_id: FromPath[str]
) -> Response[Any]:
    """Take on what was offered."""
    here = _place(session, transfer_id)
    try:
        accept(session, reader_of(request), transfer_id)
    except Conflict:
        return go(request, here, flash="answered")
    return go(request, here, flash="taken-on")


@post("/transfers/{transfer_id:str}/decline", guards=ANSWERS, dependencies=FORM, sync_to_thread=True)
def say_no(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    transfer_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Decline, and say why."""
    one = get_transfer(session, transfer_id)
    here = _place(session, transfer_id)
    try:
        decline(session, reader_of(request), transfer_id, form)
    except Invalid as invalid:
        session.rollback()
        return _gate_page(request, session, one.handover_id, None, status=422, errors=invalid.errors)
    except Conflict:
        return go(request, here, flash="answered")
    return go(request, here, flash="declined")


def _place(session: Session, transfer_id: str) -> str:
    return f"/handovers/{get_transfer(session, transfer_id).handover_id}/leaving"


HANDLERS: list[Any] = [show, offer_things, take_on, say_no]

"""The page of the sign-off: what is covered, what is not, three signatures, the certificate."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.clock import today
from kb.errors import Conflict, FieldError, Invalid, KbError, TooMany
from kb.gate.certificates import certificate_json, certificate_pdf
from kb.gate.guards import allow
from kb.gate.passwords import ask_again
from kb.gate.state import services_of
from kb.handovers.queries import get_handover
from kb.signoff.schemas import reason_of
from kb.signoff.signing import begin_anew, sign
from kb.signoff.standing import standing
from kb.web.forms import Form, read_form
from kb.web.pages import go, page
from kb.web.sessions import reader_of
from kb.web.signoff_view import Typed, signoff_facts, told, typed_reservations, wrong_in

Asked = Request[Any, Any, Any]
FORM = {"form": Provide(read_form)}
READ = [allow(Permission.HANDOVER_READ, "handover_id")]


@get("/handovers/{handover_id:str}/signoff", guards=READ, sync_to_thread=True)
def show(request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]) -> Response[str]:
    """Who has signed, who is next, and what it is about."""
    return _page(request, session, handover_id)


@post(
    "/handovers/{handover_id:str}/signoff",
    guards=[allow(Permission.SIGN, "handover_id")],
    dependencies=FORM,
    sync_to_thread=True,
)
def sign_form(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Sign with one's own password, and a reservation for each thing that is open."""
    identity, typed = reader_of(request), typed_reservations(form)
    zone = services_of(request).settings.time_zone
    wrong: list[FieldError] = []
    try:
        try:
            ask_again(request, identity, form.get("password"))
        except Invalid as refused:  # everything that is wrong is told at once
            wrong += refused.errors
        blocking = standing(session, get_handover(session, handover_id)).blocking
        if wrong := wrong_in(typed, blocking) + wrong:
            raise Invalid(wrong)
        data = {"reservations": typed.sentences(blocking), "role": form.get("role", "")}
        sign(session, identity, handover_id, data, zone=zone)
    except (Invalid, Conflict, TooMany) as refused:
        session.rollback()
        return _page(request, session, handover_id, refused=refused, typed=typed)
    return go(request, f"/handovers/{handover_id}/signoff", flash="signed")


@post(
    "/handovers/{handover_id:str}/signoff/anew",
    guards=[allow(Permission.SIGN_ANEW, "handover_id")],
    dependencies=FORM,
    sync_to_thread=True,
)
def anew_form(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Begin another sign-off."""
    try:
        begin_anew(session, reader_of(request), handover_id, reason_of(form))
    except (Invalid, Conflict) as refused:
        session.rollback()
        return _page(request, session, handover_id, refused=refused)
    return go(request, f"/handovers/{handover_id}/signoff", flash="begun-anew")


@get("/handovers/{handover_id:str}/signoff/anew", guards=READ, sync_to_thread=True)
def back_to_signoff(request: Asked, handover_id: FromPath[str]) -> Response[None]:
    """Where a reload or a change of language leads after a refused form."""
    return go(request, f"/handovers/{handover_id}/signoff")


@get("/handovers/{handover_id:str}/signoff/certificate.json", guards=READ, sync_to_thread=True)
def send_json(request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]) -> Response[Any]:
    """The certificate as JSON."""
    return certificate_json(request, session, handover_id)


@get("/handovers/{handover_id:str}/signoff/certificate.pdf", guards=READ, sync_to_thread=True)
def send_pdf(request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]) -> Response[Any]:
    """The certificate as PDF."""
    return certificate_pdf(request, session, handover_id)


def _page(
    request: Asked, session: Session, handover_id: str, *, refused: KbError | None = None,
    typed: Typed | None = None,
) -> Response[str]:  # fmt: skip
    handover = get_handover(session, handover_id)
    errors: list[FieldError] = list(refused.errors) if isinstance(refused, Invalid) else []
    day = today(services_of(request).settings.time_zone)
    facts = signoff_facts(session, reader_of(request), handover, day)
    return page(
        request, "signoff/signoff.html", status=refused.status if refused else 200,
        headers=refused.headers if isinstance(refused, TooMany) else None, typed=typed or Typed({}, ()),
        trouble=refused.message if refused and not errors else "", **facts, **told(errors, facts["now"].blocking),
    )  # fmt: skip


HANDLERS: list[Any] = [show, sign_form, anew_form, back_to_signoff, send_json, send_pdf]

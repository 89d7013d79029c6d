"""Signing a handover off, and the certificate."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.access.roles import Role
from kb.api.calls import ApiRequest, Json, Parameter, call, created
from kb.api.people import caller
from kb.api.signoff_shapes import (
    BlockingAnswer,
    ChangedAnswer,
    EarlierAnswer,
    ExceptionAnswer,
    SignatureAnswer,
    Signer,
    SignoffAnswer,
)
from kb.gate.certificates import certificate_json, certificate_pdf
from kb.gate.guards import allow
from kb.gate.passwords import ask_again
from kb.gate.state import services_of
from kb.handovers.queries import get_handover
from kb.signoff.models import Signature, Signoff, SignoffState
from kb.signoff.schemas import AnewBody, SignBody, reason_of
from kb.signoff.signing import begin_anew, sign
from kb.signoff.standing import Standing, standing

NUMBER = Parameter("number", "Of an earlier sign-off; the one that holds when not given.", "integer")


def _signature_json(one: Signature) -> SignatureAnswer:
    return SignatureAnswer(
        role=Role(one.role),
        user=Signer(email=one.email, name=one.name),
        signed_at=one.signed_at.isoformat(),
        reservations=list(one.reservations),
    )


def _earlier_json(one: Signoff) -> EarlierAnswer:
    return EarlierAnswer(
        number=one.number,
        state=SignoffState(one.state),
        complete=one.certificate is not None,
        signed_at=one.signed_at.isoformat() if one.signed_at else None,
        manifest_sha256=one.manifest_sha256 or None,
    )


def _signoff_json(now: Standing) -> SignoffAnswer:
    current = now.current
    return SignoffAnswer(
        number=current.number if current else 1,
        state=now.state,
        signatures=[_signature_json(one) for one in now.signatures],
        missing=list(now.missing),
        blocking=[BlockingAnswer(item=b.item_id, title=b.title, reason=b.reason) for b in now.blocking],
        exceptions=[ExceptionAnswer(**one) for one in now.exceptions],  # type: ignore[typeddict-item]  # as it was made
        changed=[ChangedAnswer(section=one.section, number=one.number) for one in now.changed],
        manifest_sha256=(current.manifest_sha256 or None) if current else None,
        signed_at=current.signed_at.isoformat() if current and current.signed_at else None,
        certificate=now.signed.number if now.signed else None,
        earlier=[_earlier_json(one) for one in now.earlier],
    )


def _answer(session: Session, handover_id: str) -> SignoffAnswer:
    return _signoff_json(standing(session, get_handover(session, handover_id)))


@get(
    "/handovers/{handover_id:str}/signoff",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    **call(SignoffAnswer),
)
def get_signoff(session: NamedDependency[Session], handover_id: FromPath[str]) -> SignoffAnswer:
    """Who has signed, who is missing, and what is still open."""
    return _answer(session, handover_id)


@post(
    "/handovers/{handover_id:str}/signoff",
    guards=[allow(Permission.SIGN, "handover_id")],
    **call(SignoffAnswer, body=SignBody, required="password", optional=True, errors=(409, 429)),
)
def post_signature(
    request: ApiRequest,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    sent: NamedDependency[Json],
) -> Response[SignoffAnswer]:
    """Sign in one's role, with one's own password; the third signature makes the certificate."""
    identity = caller(request)
    ask_again(request, identity, sent.get("password"))
    sign(session, identity, handover_id, sent, zone=services_of(request).settings.time_zone)
    return created(_answer(session, handover_id), f"handovers/{handover_id}/signoff")


@post(
    "/handovers/{handover_id:str}/signoff/anew",
    guards=[allow(Permission.SIGN_ANEW, "handover_id")],
    **call(SignoffAnswer, body=AnewBody, optional=True, errors=(409,)),
)
def post_anew(
    request: ApiRequest,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    sent: NamedDependency[Json],
) -> Response[SignoffAnswer]:
    """Begin another sign-off: what was not complete is void, what was complete holds until this one is."""
    begin_anew(session, caller(request), handover_id, reason_of(sent))
    return created(_answer(session, handover_id), f"handovers/{handover_id}/signoff")


@get(
    "/handovers/{handover_id:str}/signoff/certificate.json",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    **call(download=True, parameters=(NUMBER,)),
)
def get_certificate_json(
    request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[Any]:
    """The certificate as JSON, the very bytes that are in an export."""
    return certificate_json(request, session, handover_id)


@get(
    "/handovers/{handover_id:str}/signoff/certificate.pdf",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    **call(download=True, parameters=(NUMBER,)),
)
def get_certificate_pdf(
    request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[Any]:
    """The certificate as PDF in both languages, to be filed."""
    return certificate_pdf(request, session, handover_id)


HANDLERS: list[Any] = [get_signoff, post_signature, post_anew, get_certificate_json, get_certificate_pdf]

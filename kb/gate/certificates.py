"""Certificates of sign-offs as they are sent: the stored JSON, and the PDF made of it."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from sqlalchemy.orm import Session

from kb.attachments.naming import disposition
from kb.signoff.certificate_pdf import pdf_of
from kb.signoff.models import Signoff
from kb.signoff.queries import with_certificate
from kb.validation import Checker

MOST_SIGNOFFS = 2**31 - 1
HEADERS = {
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-store",
}


def certificate_json(request: Request[Any, Any, Any], session: Session, handover_id: str) -> Response[Any]:
    """The certificate's bytes as they were made; `?number=` asks for an earlier one. Raises NotFound."""
    signoff = _asked(request, session, handover_id)
    content = (signoff.certificate or "").encode("utf-8")
    return _sent(content, "application/json", f"certificate-{handover_id}-{signoff.number}.json")


def certificate_pdf(request: Request[Any, Any, Any], session: Session, handover_id: str) -> Response[Any]:
    """The same as PDF."""
    signoff = _asked(request, session, handover_id)
    return _sent(pdf_of(signoff), "application/pdf", f"certificate-{handover_id}-{signoff.number}.pdf")


def _asked(request: Request[Any, Any, Any], session: Session, handover_id: str) -> Signoff:
    check = Checker(request.query_params)
    number = check.whole("number", low=1, high=MOST_SIGNOFFS)
    check.done()
    return with_certificate(session, handover_id, number)


def _sent(content: bytes, media_type: str, name: str) -> Response[Any]:
    headers = {**HEADERS, "content-disposition": disposition("attachment", name)}
    return Response(content, media_type=media_type, headers=headers)

"""Errors as problem documents (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, SerializationException, ValidationException

from kb.errors import Invalid, KbError, TooMany
from kb.gate.explain import explain
from kb.i18n import _

log = structlog.get_logger("kb.api")
MEDIA_TYPE = "application/problem+json"


def _problem(status: int, detail: str, **extra: Any) -> Response[dict[str, Any]]:
    headers = (
        {"www-authenticate": "Bearer"}
        if status == 401
        else {"retry-after": "5"}
        if status in (503, 507)
        else {}
    )
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **extra,
    }
    return Response(content, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def _of_ours(error: KbError) -> Response[dict[str, Any]]:
    extra = dict(error.extra)
    if isinstance(error, Invalid):
        extra["errors"] = [{"field": one.field, "message": one.message} for one in error.errors]
    answer = _problem(error.status, error.message, **extra)
    if isinstance(error, TooMany):
        answer.headers.update(error.headers)
    return answer


def _of_validation(error: ValidationException) -> Response[dict[str, Any]]:
    """A body or parameter of the wrong shape: Litestar's findings, field by field, in the reader's words."""
    found = [one for one in (error.extra if isinstance(error.extra, list) else []) if isinstance(one, dict)]
    if not found:
        return _problem(400, _("The request could not be understood."))
    errors = [
        {"field": str(one.get("key") or "body"), "message": _("This has the wrong type.")} for one in found
    ]
    return _problem(422, _("Some fields have the wrong type."), errors=errors)


def answer_problem(_request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """The problem document for any exception."""
    if isinstance(error, SerializationException | UnicodeError):
        return _problem(400, _("The body is not valid JSON in UTF-8."))
    if isinstance(error, ValidationException):
        return _of_validation(error)
    if isinstance(error, HTTPException) and error.status_code == 415:
        return _problem(415, _("Send JSON: Content-Type: application/json."))
    known = explain(error)
    if known.status >= 500:
        log.error("request failed", exc_info=error)
    return _of_ours(known)

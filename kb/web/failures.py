"""What people see when something cannot be done: what happened, that their text is safe, what to do."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kb.errors import KbError, SignInNeeded, Unavailable
from kb.i18n import _
from kb.web.forms import StaleForm
from kb.web.pages import go, is_fragment, page
from kb.web.resume import answer_late, unsent

log = structlog.get_logger("kb.web")


def _explain(error: Exception) -> KbError:
    """Every exception as one of ours, with a sentence for a person."""
    if isinstance(error, KbError):
        return error
    if isinstance(error, OperationalError | PoolTimeout):
        return Unavailable(
            _("The database does not answer just now. Nothing was saved; please try again shortly.")
        )
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentences = {
        400: _("The request could not be understood."),
        404: _("There is nothing here, or it is not shared with you."),
        405: _("This address does not work that way."),
        413: _("That is too large to take."),
    }
    known = KbError(
        sentences.get(status, _("Something went wrong on our side. Nothing you sent was half saved."))
    )
    known.status = status if status in sentences else 500
    return known


def answer_failure(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The page for a failure; strangers are led to sign in and back."""
    known = _explain(error)
    if known.status >= 500:
        log.error("request failed", path=request.url.path, exc_info=error)
    late = (
        unsent(request) if isinstance(known, SignInNeeded | StaleForm) and not is_fragment(request) else None
    )
    if late:
        return answer_late(request, late)
    if isinstance(known, SignInNeeded) and not is_fragment(request):
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return go(request, f"/sign-in?next={quote(target, safe='')}")
    headers = {"retry-after": "5"} if known.status == 503 else {}
    template = "failure/_failure.html" if is_fragment(request) else "failure/failure.html"
    return page(
        request, template, status=known.status, headers=headers, message=known.message, code=known.status
    )

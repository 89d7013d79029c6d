"""What people see when something cannot be done: what happened, that their text is safe, what to do."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import structlog
from litestar import Request, Response
from litestar.enums import MediaType

from kb.errors import KbError, SignInNeeded
from kb.gate.explain import explain
from kb.web.forms import StaleForm
from kb.web.pages import go, is_fragment, page
from kb.web.resume import answer_late, typed_back, unsent

log = structlog.get_logger("kb.web")
MARGIN = "remarks"  # the id of a note's margin


def answer_failure(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The page for a failure; should that fail too, its sentence alone."""
    known = explain(error)
    if known.status >= 500:
        log.error("request failed", path=request.url.path, exc_info=error)
    try:
        return _page(request, known)
    except Exception as broken:
        log.error("the page for a failure failed", path=request.url.path, exc_info=broken)
        return Response(f"{known.message}\n", status_code=known.status, media_type=MediaType.TEXT)


def _page(request: Request[Any, Any, Any], known: KbError) -> Response[Any]:
    """Strangers are led to sign in and back; a form that came too late keeps what was typed."""
    late = (
        unsent(request) if isinstance(known, SignInNeeded | StaleForm) and not is_fragment(request) else None
    )
    if late:
        return answer_late(request, late)
    if isinstance(known, SignInNeeded) and not is_fragment(request):
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return go(request, f"/sign-in?next={quote(target, safe='')}")
    if not is_fragment(request) and (kept := typed_back(request, known)):
        return kept
    headers = {"retry-after": "5"} if known.status in (503, 507) else {}
    if is_fragment(request) and request.headers.get("hx-target", "").endswith(f"#{MARGIN}"):
        headers["hx-reswap"] = "afterbegin"  # never in the place of the margin, where people write
    template = "failure/_failure.html" if is_fragment(request) else "failure/failure.html"
    return page(
        request, template, status=known.status, headers=headers, message=known.message, code=known.status
    )

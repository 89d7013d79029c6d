"""The help page: one text per language, written as a text and not string by string."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from kb.gate.guards import anyone
from kb.i18n import current_locale
from kb.web.pages import page


@get("/help", guards=[anyone], sync_to_thread=True)
def help_page(request: Request[Any, Any, Any]) -> Response[str]:
    """How to write, search and annotate, who may do what; open to everyone."""
    return page(request, f"help/{current_locale()}.html")


HANDLERS: list[Any] = [help_page]

"""The JSON API in one router, and its own OpenAPI description."""

from __future__ import annotations

from litestar import Router

from kb.api import annotations as remarks
from kb.api import (
    attachments,
    calendar,
    checking,
    coverage,
    docs,
    exports,
    gaps,
    glossary,
    handovers,
    items,
    notes,
    people,
    practice,
    register,
    search,
    sessions_held,
    signoff,
    slots,
)

_MODULES = (
    people,
    handovers,
    items,
    slots,
    coverage,
    notes,
    checking,
    attachments,
    exports,
    calendar,
    remarks,
    register,
    sessions_held,
    practice,
    signoff,
    search,
    gaps,
    glossary,
    docs,
)


def api_router() -> Router:
    """Everything under /api/v1."""
    handlers = [handler for module in _MODULES for handler in module.HANDLERS]
    return Router("/api/v1", route_handlers=handlers)

"""One transaction per request, owned here: committed when the handler returns, rolled back when it raises."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from litestar import Request
from sqlalchemy.orm import Session

from kb.gate.csrf import SAFE_METHODS
from kb.gate.state import services_of


def provide_session(request: Request[Any, Any, Any]) -> Generator[Session, None, None]:
    """The request's session; a safe method gets one that cannot write."""
    read_only = request.method in SAFE_METHODS
    with services_of(request).database.transaction(read_only=read_only) as session:
        yield session

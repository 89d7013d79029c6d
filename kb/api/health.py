"""Whether the process and what it needs are well; no token, and nothing else revealed."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from sqlalchemy.exc import SQLAlchemyError

from kb.gate.guards import anyone
from kb.gate.state import services_of
from kb.search.indexer import Indexer


@get("/health/live", guards=[anyone], sync_to_thread=False, include_in_schema=False)
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get("/health/ready", guards=[anyone], sync_to_thread=True, include_in_schema=False)
def ready(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """Database and index; 503 only when the database does not answer, for search has a way without the index."""
    indexer: Indexer = request.app.state["indexer"]
    try:
        services_of(request).database.answers()
        status = indexer.status()
    except SQLAlchemyError:
        index = {"state": "unavailable", "lag_seconds": 0.0, "documents": 0}
        return Response({"database": "unavailable", "index": index}, status_code=503)
    index = {
        "state": status.state, "lag_seconds": round(status.lag_seconds, 3), "documents": status.documents
    }  # fmt: skip
    return Response({"database": "ok", "index": index})


def health_handlers() -> list[Any]:
    """Both, outside the API's prefix."""
    return [live, ready]

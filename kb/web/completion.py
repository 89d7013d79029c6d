"""What the editor completes while somebody types: titles after [[, tags after #; only of what the reader may see."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.gate.guards import allow
from kb.search.completing import complete_tags, complete_titles
from kb.web.note_view import Asked
from kb.web.pages import page
from kb.web.sessions import reader_of

IN_HANDOVER = [allow(Permission.HANDOVER_READ, "handover_id")]


@get("/handovers/{handover_id:str}/completion/notes", guards=IN_HANDOVER, sync_to_thread=True)
def completed_notes(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """Notes of a handover whose title fits what was typed after [[."""
    typed, but = request.query_params.get("q", ""), request.query_params.get("but")
    found = complete_titles(session, reader_of(request), handover_id, typed, but)
    return page(request, "notes/_completion.html", notes=found, tags=())


@get("/handovers/{handover_id:str}/completion/tags", guards=IN_HANDOVER, sync_to_thread=True)
def completed_tags(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """Tags of a handover's notes that fit what was typed after #."""
    found = complete_tags(session, reader_of(request), handover_id, request.query_params.get("q", ""))
    return page(request, "notes/_completion.html", notes=(), tags=found)


HANDLERS: list[Any] = [completed_notes, completed_tags]

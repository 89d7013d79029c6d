"""Reading a note, and putting it into the bin."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.gate.guards import allow
from kb.notes.queries import note_facts
from kb.notes.services import delete_note
from kb.web.note_view import Asked, note_page
from kb.web.pages import go
from kb.web.sessions import reader_of


@get("/notes/{note_id:str}", guards=[allow(Permission.NOTE_READ, "note_id")], sync_to_thread=True)
def show_note(request: Asked, session: NamedDependency[Session], note_id: FromPath[str]) -> Response[str]:
    """A note: its text, its outline, what was said about it."""
    return note_page(request, session, note_id)


@post("/notes/{note_id:str}/delete", guards=[allow(Permission.NOTE_DELETE, "note_id")], sync_to_thread=True)
def bin_note(request: Asked, session: NamedDependency[Session], note_id: FromPath[str]) -> Response[None]:
    """Put a note into the bin."""
    handover_id = note_facts(session, note_id).handover_id
    delete_note(session, reader_of(request), note_id)
    return go(request, f"/handovers/{handover_id}/bin", flash="deleted")


HANDLERS: list[Any] = [show_note, bin_note]

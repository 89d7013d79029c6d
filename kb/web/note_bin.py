"""The bin: deleted notes of a handover, and taking one out again."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.gate.guards import allow
from kb.handovers.queries import get_handover
from kb.notes.models import Note
from kb.notes.queries import bin_of
from kb.notes.services import restore_note
from kb.pagination import paginate
from kb.web.note_view import Asked, facts_of
from kb.web.pages import go, page
from kb.web.sessions import reader_of


@get(
    "/handovers/{handover_id:str}/bin",
    guards=[allow(Permission.NOTE_CREATE, "handover_id")],
    sync_to_thread=True,
)
def show_bin(
    request: Asked,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """A handover's deleted notes."""
    identity = reader_of(request)
    found = paginate(session, bin_of(identity, handover_id), cursor=cursor)
    notes: list[tuple[Note, Any]] = [(note, facts_of(note)) for note in found.items]
    return page(
        request, "notes/bin.html", handover=get_handover(session, handover_id), notes=notes, next=found.next,
        total=found.total,
    )  # fmt: skip


@post(
    "/notes/{binned_note_id:str}/restore",
    guards=[allow(Permission.NOTE_DELETE, "binned_note_id")],
    sync_to_thread=True,
)
def take_out_of_bin(
    request: Asked, session: NamedDependency[Session], binned_note_id: FromPath[str]
) -> Response[None]:
    """Put a deleted note back where it was."""
    restore_note(session, reader_of(request), binned_note_id)
    return go(request, f"/notes/{binned_note_id}", flash="restored")


HANDLERS: list[Any] = [show_bin, take_out_of_bin]

"""Saying that a note is still right."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.api.calls import ApiRequest, Json, call
from kb.api.note_json import day_of, etag, note_json
from kb.api.people import caller
from kb.api.shapes import NoteAnswer
from kb.gate.guards import allow
from kb.notes.freshness import still_right
from kb.notes.schemas import CheckBody


@post(
    "/notes/{note_id:str}/check",
    guards=[allow(Permission.NOTE_CHECK, "note_id")],
    status_code=200,
    **call(NoteAnswer, body=CheckBody, required="revision", errors=(409,)),
)
def post_check(
    request: ApiRequest,
    session: NamedDependency[Session],
    note_id: FromPath[str],
    sent: NamedDependency[Json],
) -> Response[NoteAnswer]:
    """Say that a note is still right in the revision one has read; its check-by day moves on."""
    note = still_right(session, caller(request), note_id, sent["revision"])
    return Response(note_json(session, caller(request), note, day_of(request)), headers={"etag": etag(note)})


HANDLERS: list[Any] = [post_check]

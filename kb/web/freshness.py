"""Saying that a note is still right."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.errors import Conflict
from kb.gate.guards import allow
from kb.notes.freshness import still_right
from kb.validation import Checker
from kb.web.forms import Form, read_form
from kb.web.note_view import Asked, note_page
from kb.web.pages import go
from kb.web.sessions import reader_of


@post(
    "/notes/{note_id:str}/check",
    guards=[allow(Permission.NOTE_CHECK, "note_id")],
    dependencies={"form": Provide(read_form)},
    sync_to_thread=True,
    status_code=303,
)
def check_note(
    request: Asked, session: NamedDependency[Session], note_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """One click: still right. Where somebody was faster, the newer text is shown to be read first."""
    check = Checker(form)
    revision = check.whole("revision", low=1, high=2**31 - 1)
    check.done()
    try:
        still_right(session, reader_of(request), note_id, revision)
    except Conflict as why:
        session.rollback()
        return note_page(request, session, note_id, status=409, warning=why.message)
    return go(request, f"/notes/{note_id}", flash="checked")


HANDLERS: list[Any] = [check_note]

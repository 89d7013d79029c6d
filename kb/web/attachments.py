"""Files of notes on pages: attached by a form or by the editor's script, shown, taken away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from litestar import MediaType, Response, get, post, route
from litestar.di import NamedDependency, Provide
from litestar.enums import HttpMethod
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.attachments.models import Attachment
from kb.attachments.queries import attachment_facts, get_attachment
from kb.attachments.schemas import attachment_json, named_in
from kb.attachments.services import attach, attach_ahead, remove_attachment
from kb.gate import csrf
from kb.gate.downloads import sent_file
from kb.gate.explain import explain
from kb.gate.guards import allow
from kb.gate.uploads import Fields, Upload, receive, storage_of
from kb.web.failures import answer_failure
from kb.web.forms import check_token, sent_token
from kb.web.note_view import Asked
from kb.web.pages import go, page
from kb.web.sessions import reader_of

TO_CHANGE = [allow(Permission.NOTE_EDIT, "attachment_id")]


async def received(request: Asked) -> AsyncIterator[Upload]:
    """The file; without the token in a header the form's own must stand before it."""

    def before(fields: Fields) -> None:
        check_token(request, sent_token(request) or fields.get(csrf.FIELD, ""))

    async for upload in receive(request, before):
        yield upload


def _by_script(request: Asked) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def _refused(request: Asked, error: Exception) -> Response[Any]:
    """To the script the sentence it shall show, otherwise the page for failures."""
    if not _by_script(request):
        return answer_failure(request, error)
    known = explain(error)
    return Response({"detail": known.message}, status_code=known.status, media_type=MediaType.JSON)


TAKING: dict[str, Any] = {
    "dependencies": {"upload": Provide(received)},
    "exception_handlers": {Exception: _refused},
    "request_max_body_size": None,  # the reader counts
    "opt": {"token_in_stream": True},
    "sync_to_thread": True,
    "status_code": 201,
}


@post("/notes/{note_id:str}/attachments", guards=[allow(Permission.NOTE_EDIT, "note_id")], **TAKING)
def add_file(
    request: Asked, session: NamedDependency[Session], note_id: FromPath[str], upload: NamedDependency[Upload]
) -> Response[Any]:
    """Attach a file to a note."""
    made = attach(session, reader_of(request), storage_of(request), note_id, upload.incoming, upload.name)
    if _by_script(request):
        return Response(attachment_json(made))
    return go(request, f"/notes/{note_id}#attachments", flash="attached")


@post(
    "/handovers/{handover_id:str}/attachments",
    guards=[allow(Permission.NOTE_CREATE, "handover_id")],
    **TAKING,
)
def add_file_ahead(
    request: Asked,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    upload: NamedDependency[Upload],
) -> Response[Any]:
    """Take a file for a note that is still being written; only the editor's script sends one."""
    made = attach_ahead(
        session, reader_of(request), storage_of(request), handover_id, upload.incoming, upload.name
    )
    return Response(attachment_json(made))


@route(
    "/attachments/{attachment_id:str}",
    http_method=[HttpMethod.GET, HttpMethod.HEAD],
    guards=[allow(Permission.NOTE_READ, "attachment_id")],
    sync_to_thread=True,
)
def show_file(
    request: Asked, session: NamedDependency[Session], attachment_id: FromPath[str]
) -> Response[Any]:
    """The bytes of a file."""
    return sent_file(request, get_attachment(session, reader_of(request), attachment_id))


@get("/attachments/{attachment_id:str}/delete", guards=TO_CHANGE, sync_to_thread=True)
def ask_removal(
    request: Asked, session: NamedDependency[Session], attachment_id: FromPath[str]
) -> Response[str]:
    """Ask before a file is taken away: it cannot be brought back."""
    found = get_attachment(session, reader_of(request), attachment_id)
    return page(request, "notes/attachment_delete.html", file=found, note=found.note, shown=_is_named(found))


@post("/attachments/{attachment_id:str}/delete", guards=TO_CHANGE, sync_to_thread=True)
def remove_file(
    request: Asked, session: NamedDependency[Session], attachment_id: FromPath[str]
) -> Response[None]:
    """Take a file away for good."""
    handover_id = attachment_facts(session, attachment_id).handover_id
    note_id = remove_attachment(session, reader_of(request), attachment_id)
    back = f"/notes/{note_id}#attachments" if note_id else f"/handovers/{handover_id}"
    return go(request, back, flash="removed")


def _is_named(attachment: Attachment) -> bool:
    """Whether the note's text still names it."""
    return attachment.note is not None and attachment.id in named_in(attachment.note.body)


HANDLERS: list[Any] = [add_file, add_file_ahead, show_file, ask_removal, remove_file]

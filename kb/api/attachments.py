"""Files of notes: attached, listed, sent, taken away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from litestar import Response, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.api.calls import ApiRequest, Json, call, created, page_of
from kb.api.people import caller
from kb.attachments.queries import attachments_of, get_attachment
from kb.attachments.schemas import AttachmentAnswer, attachment_json
from kb.attachments.services import attach, remove_attachment
from kb.gate.downloads import sent_file
from kb.gate.guards import allow
from kb.gate.uploads import Upload, receive, storage_of

ON_ATTACHMENT = [allow(Permission.NOTE_READ, "attachment_id")]


async def received(request: ApiRequest) -> AsyncIterator[Upload]:
    async for upload in receive(request):
        yield upload


@post(
    "/notes/{note_id:str}/attachments",
    guards=[allow(Permission.NOTE_EDIT, "note_id")],
    dependencies={"upload": Provide(received)},
    request_max_body_size=None,  # the reader counts
    **call(AttachmentAnswer, file=True),
)
def post_attachment(
    request: ApiRequest,
    session: NamedDependency[Session],
    note_id: FromPath[str],
    upload: NamedDependency[Upload],
) -> Response[AttachmentAnswer]:
    """Attach a file to a note."""
    made = attach(session, caller(request), storage_of(request), note_id, upload.incoming, upload.name)
    return created(attachment_json(made), f"attachments/{made.id}")


@get(
    "/notes/{note_id:str}/attachments",
    guards=[allow(Permission.NOTE_READ, "note_id")],
    **call(AttachmentAnswer, listing=True),
)
def get_attachments(request: ApiRequest, session: NamedDependency[Session], note_id: FromPath[str]) -> Json:
    """A note's files, in the order they came."""
    return page_of(request, session, attachments_of(note_id)).map(attachment_json)


@get(
    "/attachments/{attachment_id:str}",
    guards=[allow(Permission.NOTE_READ, "attachment_id")],
    **call(download=True),
)
def get_bytes(
    request: ApiRequest, session: NamedDependency[Session], attachment_id: FromPath[str]
) -> Response[Any]:
    """The bytes of a file."""
    return sent_file(request, get_attachment(session, caller(request), attachment_id))


@delete(
    "/attachments/{attachment_id:str}",
    guards=[allow(Permission.NOTE_EDIT, "attachment_id")],
    **call(),
)
def delete_attachment(
    request: ApiRequest, session: NamedDependency[Session], attachment_id: FromPath[str]
) -> None:
    """Take a file away for good."""
    remove_attachment(session, caller(request), attachment_id)


HANDLERS: list[Any] = [post_attachment, get_attachments, get_bytes, delete_attachment]

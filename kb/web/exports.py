"""The page where a handover goes out as a zip, and where notes come in."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.errors import Invalid
from kb.gate.exports import bring_upload_in, sent_export
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.gate.uploads import Upload
from kb.handovers.queries import get_handover
from kb.import_export.jobs import get_job
from kb.web.attachments import received
from kb.web.pages import go, page
from kb.web.sessions import reader_of

Asked = Request[Any, Any, Any]


@get("/handovers/{handover_id:str}/export", guards=[allow(Permission.HANDOVER_READ, "handover_id")],
     sync_to_thread=True)  # fmt: skip
def show(request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]) -> Response[str]:
    """What goes out, and what can come in."""
    return _page(request, session, handover_id)


def _page(
    request: Asked, session: Session, handover_id: str, *, status: int = 200, **context: Any
) -> Response[str]:  # fmt: skip
    shown = {"report": None, "job": None, "refused": [], **context}
    return page(
        request, "handovers/export.html", status=status, handover=get_handover(session, handover_id),
        facts=Facts(handover_id), **shown,
    )  # fmt: skip


@get("/handovers/{handover_id:str}/export.zip", guards=[allow(Permission.HANDOVER_READ, "handover_id")],
     sync_to_thread=True)  # fmt: skip
def download(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[Any]:  # fmt: skip
    """The zip."""
    return sent_export(request, session, reader_of(request), handover_id, "zip")


@post(
    "/handovers/{handover_id:str}/import", guards=[allow(Permission.NOTE_CREATE, "handover_id")],
    dependencies={"upload": Provide(received)}, request_max_body_size=None, opt={"token_in_stream": True},
    sync_to_thread=True, status_code=200,
)  # fmt: skip
def bring_in(request: Asked, handover_id: FromPath[str], upload: NamedDependency[Upload]) -> Response[Any]:
    """Bring in what was chosen, and say file by file what came of it. The import has transactions of its own."""
    database = services_of(request).database
    try:
        done = bring_upload_in(request, reader_of(request), handover_id, upload)
    except Invalid as refused:
        with database.transaction(read_only=True) as session:
            return _page(request, session, handover_id, status=422, refused=refused.errors)
    if isinstance(done, str):
        return go(request, f"/handovers/{handover_id}/import/{done}")
    with database.transaction(read_only=True) as session:
        return _page(request, session, handover_id, report=done)


@get("/handovers/{handover_id:str}/import", guards=[allow(Permission.HANDOVER_READ, "handover_id")],
     sync_to_thread=True)  # fmt: skip
def back(request: Asked, handover_id: FromPath[str]) -> Response[None]:
    """Where a reload leads."""
    return go(request, f"/handovers/{handover_id}/export")


@get("/handovers/{handover_id:str}/import/{job_id:str}", guards=[allow(Permission.HANDOVER_READ, "job_id")],
     sync_to_thread=True)  # fmt: skip
def follow(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str], job_id: FromPath[str]
) -> Response[str]:
    """How far a long import is; the page can be left and come back to."""
    job = get_job(session, reader_of(request), job_id)
    headers = {"refresh": "2"} if job["state"] == "running" else None
    return _page(request, session, handover_id, job=job, headers=headers)


HANDLERS: list[Any] = [show, download, bring_in, back, follow]

"""A whole handover out and in."""

from __future__ import annotations

from typing import Any, TypedDict

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.api.attachments import received
from kb.api.calls import ApiRequest, Json, Parameter, call
from kb.api.people import caller
from kb.gate.exports import bring_upload_in, sent_export
from kb.gate.guards import allow
from kb.gate.uploads import Upload
from kb.import_export.jobs import answer_of, get_job


class Left(TypedDict):
    """A file by name, and what is to be said about it."""

    name: str
    reason: str


class ImportAnswer(TypedDict):
    """What was brought in: new notes by id, how many new items and register entries, files left out, remarks."""

    imported: int
    items: int
    register: int
    skipped: list[Left]
    remarks: list[Left]
    notes: list[str]


class JobAnswer(TypedDict, total=False):
    """An import that takes long; `state` is running, done or failed, `errors` by file name."""

    id: str
    state: str
    stage: str
    done: int
    total: int
    imported: int
    items: int
    register: int
    skipped: list[Left]
    remarks: list[Left]
    notes: list[str]
    errors: list[dict[str, str]]


@get(
    "/handovers/{handover_id:str}/export",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    **call(download=True, parameters=(Parameter("format", "zip"),)),
)
def get_export(
    request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[Any]:
    """Everything of a handover that one may read, as a zip."""
    wanted = request.query_params.get("format", "zip")
    return sent_export(request, session, caller(request), handover_id, wanted)


@post(
    "/handovers/{handover_id:str}/import",
    guards=[allow(Permission.NOTE_CREATE, "handover_id")],
    dependencies={"upload": Provide(received)},
    request_max_body_size=None,  # the reader counts
    **call(ImportAnswer, file=True),
)
def post_import(
    request: ApiRequest, handover_id: FromPath[str], upload: NamedDependency[Upload]
) -> Response[Json]:
    """Bring a zip of Markdown, an export or one Markdown file in: all of it, or nothing.

    Above 500 files the answer is 202 with a job.
    """
    done = bring_upload_in(request, caller(request), handover_id, upload)
    if isinstance(done, str):
        return Response({"job": done}, status_code=202, headers={"location": f"/api/v1/jobs/{done}"})
    return Response(answer_of(done), status_code=201)


@get("/jobs/{job_id:str}", guards=[allow(Permission.HANDOVER_READ, "job_id")], **call(JobAnswer))
def get_one_job(request: ApiRequest, session: NamedDependency[Session], job_id: FromPath[str]) -> Json:
    """How far one's own import is, and its answer once it has ended."""
    return get_job(session, caller(request), job_id)


HANDLERS: list[Any] = [get_export, post_import, get_one_job]

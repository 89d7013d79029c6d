"""Notes: write, read, save on a base, the bin, the revisions."""

from __future__ import annotations

from typing import Any

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.access.permits import not_found
from kb.annotations.services import save_note
from kb.api.calls import ApiRequest, Json, Parameter, call, created, page_of
from kb.api.note_json import day_of, etag, note_json, note_summary, revision_json, revision_summary
from kb.api.people import caller
from kb.api.shapes import NoteAnswer, NoteSummary, RevisionAnswer, RevisionSummary
from kb.attachments.services import adopt
from kb.gate.guards import allow
from kb.notes.models import Note
from kb.notes.queries import bin_of, get_note, get_revision, notes_in, revisions_of
from kb.notes.rendering import prepare
from kb.notes.schemas import NoteBody, base_revision
from kb.notes.services import create_note, delete_note, restore_note

MOST_REVISION = 2**31 - 1
IF_MATCH = Parameter("If-Match", 'The revision the edit was made on, in quotes: "3".', place="header")


def _answer(request: ApiRequest, session: Session, note: Note) -> Response[NoteAnswer]:
    return Response(note_json(session, caller(request), note, day_of(request)), headers={"etag": etag(note)})


@get(
    "/handovers/{handover_id:str}/notes",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    **call(NoteSummary, listing=True),
)
def get_notes(request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]) -> Json:
    """A handover's notes, newest change first; drafts only their author's, or all to a manager."""
    day = day_of(request)
    found = page_of(request, session, notes_in(caller(request), handover_id))
    return found.map(lambda note: note_summary(note, day))


@post(
    "/handovers/{handover_id:str}/notes",
    guards=[allow(Permission.NOTE_CREATE, "handover_id")],
    **call(NoteAnswer, body=NoteBody, required="kind title body", creating=True),
)
def post_note(
    request: ApiRequest,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    sent: NamedDependency[Json],
) -> Response[NoteAnswer]:
    """Write a note."""
    prepare(session, sent.get("body"))
    note = create_note(session, caller(request), handover_id, sent)
    adopt(session, caller(request), note)
    answer = created(note_json(session, caller(request), note, day_of(request)), f"notes/{note.id}")
    answer.headers["etag"] = etag(note)
    return answer


@get("/notes/{note_id:str}", guards=[allow(Permission.NOTE_READ, "note_id")], **call(NoteAnswer))
def get_one(
    request: ApiRequest, session: NamedDependency[Session], note_id: FromPath[str]
) -> Response[NoteAnswer]:
    """A note with its Markdown, its safe HTML and its canonical text."""
    return _answer(request, session, get_note(session, note_id))


@put(
    "/notes/{note_id:str}",
    guards=[allow(Permission.NOTE_EDIT, "note_id")],
    **call(NoteAnswer, body=NoteBody, parameters=(IF_MATCH,), errors=(409, 428)),
)
def put_note(
    request: ApiRequest,
    session: NamedDependency[Session],
    note_id: FromPath[str],
    sent: NamedDependency[Json],
) -> Response[NoteAnswer]:
    """Save the fields sent; If-Match or `base_revision` names the revision they were made on."""
    base = base_revision(sent.get("base_revision"), request.headers.get("if-match"))
    prepare(session, sent.get("body"))
    note, _changed = save_note(session, caller(request), note_id, sent, base)
    adopt(session, caller(request), note)
    return _answer(request, session, note)


@delete("/notes/{note_id:str}", guards=[allow(Permission.NOTE_DELETE, "note_id")], **call())
def delete_one(request: ApiRequest, session: NamedDependency[Session], note_id: FromPath[str]) -> None:
    """Put a note into the bin."""
    delete_note(session, caller(request), note_id)


@post(
    "/notes/{binned_note_id:str}/restore",
    guards=[allow(Permission.NOTE_DELETE, "binned_note_id")],
    status_code=200,
    **call(NoteAnswer),
)
def post_restore(
    request: ApiRequest, session: NamedDependency[Session], binned_note_id: FromPath[str]
) -> Response[NoteAnswer]:
    """Take a note out of the bin."""
    return _answer(request, session, restore_note(session, caller(request), binned_note_id))


@get(
    "/handovers/{handover_id:str}/bin",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    **call(NoteSummary, listing=True),
)
def get_bin(request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]) -> Json:
    """A handover's deleted notes, last deleted first."""
    day = day_of(request)
    found = page_of(request, session, bin_of(caller(request), handover_id))
    return found.map(lambda note: note_summary(note, day))


@get(
    "/notes/{note_id:str}/revisions",
    guards=[allow(Permission.NOTE_READ, "note_id")],
    **call(RevisionSummary, listing=True),
)
def get_revisions(request: ApiRequest, session: NamedDependency[Session], note_id: FromPath[str]) -> Json:
    """Every save of a note, newest first."""
    return page_of(request, session, revisions_of(note_id)).map(revision_summary)


@get(
    "/notes/{note_id:str}/revisions/{number:str}",
    guards=[allow(Permission.NOTE_READ, "note_id")],
    **call(RevisionAnswer),
)
def get_one_revision(
    session: NamedDependency[Session], note_id: FromPath[str], number: FromPath[str]
) -> RevisionAnswer:
    """A note as it was saved once."""
    if not (number.isascii() and number.isdecimal() and len(number) < 11 and int(number) <= MOST_REVISION):
        raise not_found()
    return revision_json(get_revision(session, note_id, int(number)))


HANDLERS: list[Any] = [
    get_notes,
    post_note,
    get_one,
    put_note,
    delete_one,
    post_restore,
    get_bin,
    get_revisions,
    get_one_revision,
]

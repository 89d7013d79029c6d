"""Taking up a correction: what it would make of the note is shown first, then saved as a revision."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.annotations.corrections import accept_newest, no_place, propose
from kb.annotations.models import Annotation
from kb.annotations.queries import get_annotation
from kb.errors import Conflict, Invalid
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.notes.diff import line_diff
from kb.notes.guarding import accepts
from kb.notes.models import Note
from kb.notes.queries import get_note
from kb.notes.rendering import rendered
from kb.notes.schemas import base_revision
from kb.web.forms import Form, read_form
from kb.web.note_view import Asked
from kb.web.pages import go, page
from kb.web.remark_states import then_and_now
from kb.web.remarks import view_with
from kb.web.sessions import reader_of

AROUND = 40
TAKES_UP = [allow(Permission.NOTE_EDIT, "correction_id")]


@get("/annotations/{correction_id:str}/accept", guards=TAKES_UP, sync_to_thread=True)
def show_correction(
    request: Asked, session: NamedDependency[Session], correction_id: FromPath[str]
) -> Response[str]:
    """What the note would say with a correction taken up, and what would change in its Markdown."""
    return _shown(request, session, correction_id)


@post(
    "/annotations/{correction_id:str}/accept", guards=TAKES_UP, dependencies={"form": Provide(read_form)},
    sync_to_thread=True, status_code=200,
)  # fmt: skip
def take_up_correction(
    request: Asked,
    session: NamedDependency[Session],
    correction_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Save it; where the note was saved meanwhile, it is shown again on the new text."""
    identity, database = reader_of(request), services_of(request).database
    try:
        base = base_revision(form.get("base_revision"), None)
        taken = accept_newest(database, session, identity, correction_id, base, secrets=accepts(form))
    except (Conflict, Invalid) as why:
        session.rollback()
        with database.transaction(read_only=True) as reading:
            return _shown(request, reading, correction_id, why)
    address = f"/notes/{taken.note_id}{view_with(session, taken).query()}#a-{taken.id}"
    return go(request, address, flash="taken-up")


def _shown(
    request: Asked, session: Session, correction_id: str, refused: Conflict | Invalid | None = None
) -> Response[str]:
    one, found, message = get_annotation(session, correction_id), None, refused.message if refused else None
    try:
        found = propose(session, reader_of(request), correction_id)
    except Conflict as why:
        message = why.message
    made = found.made if found else None
    if found and not made:
        message = no_place()
    note = get_note(session, one.note_id)
    then, now = then_and_now(one.anchor_exact or one.quote, one.replacement or "")
    around = _around(session, one, note)
    return page(
        request, "notes/correction.html", status=refused.status if refused else 200, one=one, note=note,
        message=message, made=made, around=around, then=then, now=now,
        diff=line_diff(note.body, made.body) if made else None, guarded=bool(refused and "secrets" in refused.extra),
    )  # fmt: skip


def _around(session: Session, one: Annotation, note: Note) -> tuple[str, str]:
    """What stands on the same line before and after the passage: one character says little alone."""
    if one.anchor_start is None or one.anchor_end is None:
        return "", ""
    text = rendered(session, note.body, note.body_sha256).text
    before = text[max(0, one.anchor_start - AROUND) : one.anchor_start].rpartition("\n")[2]
    after = text[one.anchor_end : one.anchor_end + AROUND].partition("\n")[0]
    return before, after


HANDLERS: list[Any] = [show_correction, take_up_correction]

"""The editor's warning: what in a note looks like a secret, while it is written and once a save is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency, Provide
from litestar.enums import MediaType
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.errors import NotFound, SignInNeeded
from kb.gate.guards import signed_in
from kb.ids import is_id
from kb.notes.guarding import BODY, WORDS, Texts, kind_names, lines_of, new_secrets, saved_words
from kb.notes.models import Note
from kb.notes.queries import note_facts
from kb.notes.rendering import as_saved
from kb.web.failures import answer_failure
from kb.web.forms import Form, read_form
from kb.web.note_view import Asked
from kb.web.pages import page
from kb.web.sessions import reader_of

MOST_WARNED = 20  # places that are named; more help nobody
LOOKED_AT = ("title", "purpose", "tags", BODY, "reason")  # of the form; it holds all tags in one line
_NOTHING: Texts = {}


@dataclass(frozen=True)
class Warned:
    """A place that looks like a secret: its field and line, what it holds, and where, in code points as it is saved."""

    field: str
    line: int
    what: str
    start: int
    end: int


def warned(values: Mapping[str, Any], before: Texts = _NOTHING) -> list[Warned]:
    """What a form's writer is warned of, by field; what stood in that field before does not count."""
    names = kind_names()
    return [
        Warned(field, one.line, names[one.kind], one.start, one.end)
        for field in LOOKED_AT
        for one in new_secrets(_typed(field, values.get(field)), lines_of(before.get(field)))
    ][:MOST_WARNED]


def words_stored(note: Note | None) -> Texts:
    """The fields of a note that is loaded, in which a secret may stand."""
    return {name: getattr(note, name) for name in WORDS} if note else {}


def _typed(field: str, value: Any) -> str:
    """A field of the form as it is looked through once it is saved; of one sent twice the later counts."""
    value = value[-1] if isinstance(value, list) and value else value
    typed = as_saved(value) if isinstance(value, str) else ""
    return re.sub(r"[,，、][ \t]*", "\n", typed) if field == "tags" else typed


def left_as_it_is(request: Asked, error: Exception) -> Response[Any]:
    """Once the session has ended the page says so itself: what stands in these panels stays there."""
    if isinstance(error, SignInNeeded):
        return Response("", status_code=401, media_type=MediaType.HTML, headers={"hx-reswap": "none"})
    return answer_failure(request, error)


@post(
    "/markdown/secrets",
    guards=[signed_in],
    dependencies={"form": Provide(read_form)},
    exception_handlers={Exception: left_as_it_is},
    sync_to_thread=True,
    status_code=200,
)
def look_for_secrets(
    request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]
) -> Response[str]:
    """The warning under a text that is being written; nothing of the text is kept, and none of it is answered."""
    before = _saved(session, reader_of(request), form.get("note_id", ""))
    return page(request, "notes/_secrets.html", secrets=warned(form, before))


def _saved(session: Session, identity: Identity, note_id: Any) -> Texts:
    """The note as it was saved last, for whoever may edit it."""
    if not isinstance(note_id, str) or not is_id(note_id):
        return {}
    try:
        facts = note_facts(session, note_id)
    except NotFound:
        return {}
    return saved_words(session, note_id) if can(identity, Permission.NOTE_EDIT, facts) else {}


HANDLERS: list[Any] = [look_for_secrets]

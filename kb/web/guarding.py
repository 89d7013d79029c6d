"""The editor's warning: which lines of a text look like a secret, while it is written and once a save is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency, Provide
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.errors import NotFound
from kb.gate.guards import signed_in
from kb.ids import is_id
from kb.notes.guarding import kind_names, new_secrets
from kb.notes.queries import body_of, note_facts
from kb.notes.rendering import as_saved
from kb.web.forms import Form, read_form
from kb.web.note_view import Asked
from kb.web.pages import page
from kb.web.sessions import reader_of

MOST_WARNED = 20  # lines that are named; more help nobody


@dataclass(frozen=True)
class Warned:
    """A line that looks like a secret: what it holds, and where, in code points of the text as it is saved."""

    line: int
    what: str
    start: int
    end: int


def warned(body: str, before: str = "") -> list[Warned]:
    """What a text's writer is warned of; what stood in the text before does not count."""
    names = kind_names()
    found = new_secrets(as_saved(body), before)[:MOST_WARNED]
    return [Warned(one.line, names[one.kind], one.start, one.end) for one in found]


@post(
    "/markdown/secrets",
    guards=[signed_in],
    dependencies={"form": Provide(read_form)},
    sync_to_thread=True,
    status_code=200,
)
def look_for_secrets(
    request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]
) -> Response[str]:
    """The warning under a text that is being written; nothing of the text is kept, and none of it is answered."""
    body, note_id = (form.get(name, "") for name in ("body", "note_id"))
    before = _saved(session, reader_of(request), note_id)
    found = warned(body if isinstance(body, str) else "", before)
    return page(request, "notes/_secrets.html", secrets=found)


def _saved(session: Session, identity: Identity, note_id: Any) -> str:
    """The text as it was saved last, for whoever may edit it."""
    if not isinstance(note_id, str) or not is_id(note_id):
        return ""
    try:
        facts = note_facts(session, note_id)
    except NotFound:
        return ""
    return body_of(session, note_id) if can(identity, Permission.NOTE_EDIT, facts) else ""


HANDLERS: list[Any] = [look_for_secrets]

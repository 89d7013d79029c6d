"""What a note was: its revisions, what each changed, who wrote which passage, and taking an old one up again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.annotations.services import save_note
from kb.checklists.queries import item_title
from kb.errors import Invalid, NotFound
from kb.gate.guards import allow
from kb.i18n import _
from kb.ids import is_id
from kb.notes.blame import blame
from kb.notes.diff import line_diff
from kb.notes.models import Revision
from kb.notes.queries import bodies_of, get_note, get_revision, revisions_of
from kb.notes.rendered_diff import rendered_diff
from kb.notes.rendering import rendered, with_links
from kb.notes.schemas import base_revision
from kb.pagination import paginate
from kb.web.forms import Form, read_form
from kb.web.note_view import Asked, facts_of
from kb.web.pages import go, page
from kb.web.sessions import reader_of

READ = [allow(Permission.NOTE_READ, "note_id")]
# What is taken over from an old revision; who sees the note and what it covers stay as they are.
TAKEN_OVER = ("kind", "purpose", "importance", "tags", "language")


@get("/notes/{note_id:str}/history", guards=READ, sync_to_thread=True)
def history(
    request: Asked,
    session: NamedDependency[Session],
    note_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Every revision of a note, newest first, with what each changed."""
    note = get_note(session, note_id)
    found = paginate(session, revisions_of(note_id), cursor=cursor)
    rows = [(revision, _changed(revision, before)) for revision, before in _with_earlier(found.items)]
    return page(
        request, "notes/history.html", note=note, facts=facts_of(note), rows=rows, next=found.next,
        total=found.total,
    )  # fmt: skip


def _with_earlier(revisions: Sequence[Revision]) -> list[tuple[Revision, Revision | None]]:
    """Each revision and the one before it, as far as that one is on the page too."""
    return list(zip(revisions, [*revisions[1:], None], strict=True))


def _changed(revision: Revision, before: Revision | None) -> list[str]:
    """Names of the fields a revision changed; none are told for the first."""
    if before is None:
        return []
    fields = [name for name in revision.facts if revision.facts[name] != before.facts.get(name)]
    if revision.title != before.title:
        fields.insert(0, "title")
    return fields if revision.sha256 == before.sha256 else ["body", *fields]


@get("/notes/{note_id:str}/history/{number:int}", guards=READ, sync_to_thread=True)
def show_revision(
    request: Asked,
    session: NamedDependency[Session],
    note_id: FromPath[str],
    number: FromPath[int],
    since: FromQuery[str | None] = None,
    view: FromQuery[str | None] = None,
    item: FromQuery[str] = "",
) -> Response[str]:
    """A note as it was saved once, and what changed since the revision before, or since another one.

    `item` is the checklist item whose slot asks for another look: the page leads back there.
    """
    note = get_note(session, note_id)
    revision = get_revision(session, note_id, number)
    before = _earlier(session, note_id, _since(since, number))
    made, source = rendered(session, revision.body, revision.sha256), view == "source"
    read = (
        rendered_diff(rendered(session, before.body, before.sha256), made) if before and not source else None
    )
    return page(
        request, "notes/revision.html", note=note, facts=facts_of(note), revision=revision, before=before,
        changed=_changed(revision, before), source=source, read=read,
        diff=line_diff(before.body, revision.body) if before and source else None,
        html=with_links(session, note.handover_id, made.html, drafts_of=reader_of(request).user_id),
        truncated=made.truncated, item=item,
        item_title=item_title(session, reader_of(request), item) if is_id(item) else None,
    )  # fmt: skip


def _since(typed: str | None, number: int) -> int:
    """The revision to compare with: the one asked for if it is earlier, else the one before."""
    asked = int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 10 else number
    return asked if asked < number else number - 1


def _earlier(session: Session, note_id: str, number: int) -> Revision | None:
    try:
        return get_revision(session, note_id, number)
    except NotFound:
        return None


@get("/notes/{note_id:str}/history/who", guards=READ, sync_to_thread=True)
def show_blame(request: Asked, session: NamedDependency[Session], note_id: FromPath[str]) -> Response[str]:
    """Who wrote which passage of the text as it is now, and when."""
    note = get_note(session, note_id)
    bodies = bodies_of(session, note_id, len(note.body))
    text = bodies[-1].body
    minor = {row.number for row in bodies if row.minor}
    passages = blame([(row.number, row.body) for row in bodies], minor)
    said = {row.number: row for row in bodies}
    return page(
        request, "notes/blame.html", note=note, first=bodies[0].number,
        passages=[(said[one.revision], text[one.start : one.end]) for one in passages],
    )  # fmt: skip


@post(
    "/notes/{note_id:str}/history/{number:int}/restore",
    guards=[allow(Permission.NOTE_EDIT, "note_id")],
    dependencies={"form": Provide(read_form)},
    sync_to_thread=True,
)
def take_up_again(
    request: Asked,
    session: NamedDependency[Session],
    note_id: FromPath[str],
    number: FromPath[int],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Save an old revision's text as a new one; nothing in between is lost. What looks like a secret is asked about."""
    old = get_revision(session, note_id, number)
    data: dict[str, Any] = {"title": old.title, "body": old.body}
    data["reason"] = _("Text of revision %(number)s taken up again") % {"number": number}
    data["accept_secrets"] = bool(form.get("accept_secrets"))
    data |= {name: old.facts[name] for name in TAKEN_OVER if name in old.facts}
    base = base_revision(form.get("base_revision"), None)
    try:
        _note, changed = save_note(session, reader_of(request), note_id, data, base)
    except Invalid as why:
        if "secrets" not in why.extra:
            raise
        session.rollback()
        return page(
            request, "notes/restore_refused.html", status=422, note=get_note(session, note_id), number=number,
            base=base, messages=[error.message for error in why.errors],
        )  # fmt: skip
    return go(request, f"/notes/{note_id}", flash="restored" if changed else "unchanged")


HANDLERS: list[Any] = [history, show_revision, show_blame, take_up_again]

"""What a note was: its revisions, what each changed, and taking an old one up again. And the bin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.annotations.services import save_note
from kb.errors import NotFound
from kb.gate.guards import allow
from kb.handovers.queries import get_handover
from kb.notes.diff import line_diff
from kb.notes.models import Note, Revision
from kb.notes.queries import bin_of, get_note, get_revision, revisions_of
from kb.notes.rendering import rendered, with_links
from kb.notes.schemas import base_revision
from kb.notes.services import restore_note
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
    request: Asked, session: NamedDependency[Session], note_id: FromPath[str], number: FromPath[int]
) -> Response[str]:
    """A note as it was saved once, and what that save changed."""
    note = get_note(session, note_id)
    revision = get_revision(session, note_id, number)
    before = _earlier(session, note_id, number)
    made = rendered(session, revision.body, revision.sha256)
    return page(
        request, "notes/revision.html", note=note, facts=facts_of(note), revision=revision, before=before,
        changed=_changed(revision, before), diff=line_diff(before.body, revision.body) if before else None,
        html=with_links(session, note.handover_id, made.html, drafts_of=reader_of(request).user_id),
        truncated=made.truncated,
    )  # fmt: skip


def _earlier(session: Session, note_id: str, number: int) -> Revision | None:
    try:
        return get_revision(session, note_id, number - 1)
    except NotFound:
        return None


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
) -> Response[None]:
    """Save an old revision's text as a new one; nothing in between is lost."""
    old = get_revision(session, note_id, number)
    data: dict[str, Any] = {"title": old.title, "body": old.body}
    data |= {name: old.facts[name] for name in TAKEN_OVER if name in old.facts}
    base = base_revision(form.get("base_revision"), None)
    _note, changed = save_note(session, reader_of(request), note_id, data, base)
    return go(request, f"/notes/{note_id}", flash="restored" if changed else "unchanged")


@get(
    "/handovers/{handover_id:str}/bin",
    guards=[allow(Permission.NOTE_CREATE, "handover_id")],
    sync_to_thread=True,
)
def show_bin(
    request: Asked,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """A handover's deleted notes."""
    identity = reader_of(request)
    found = paginate(session, bin_of(identity, handover_id), cursor=cursor)
    notes: list[tuple[Note, Any]] = [(note, facts_of(note)) for note in found.items]
    return page(
        request, "notes/bin.html", handover=get_handover(session, handover_id), notes=notes, next=found.next,
        total=found.total,
    )  # fmt: skip


@post(
    "/notes/{binned_note_id:str}/restore",
    guards=[allow(Permission.NOTE_DELETE, "binned_note_id")],
    sync_to_thread=True,
)
def take_out_of_bin(
    request: Asked, session: NamedDependency[Session], binned_note_id: FromPath[str]
) -> Response[None]:
    """Put a deleted note back where it was."""
    restore_note(session, reader_of(request), binned_note_id)
    return go(request, f"/notes/{binned_note_id}", flash="restored")


HANDLERS: list[Any] = [history, show_revision, take_up_again, show_bin, take_out_of_bin]

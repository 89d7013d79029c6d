"""Writing notes: the editor, saving, what is shown of a text while it is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.enums import MediaType
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.annotations.corrections import taken_up_by_hand, to_take_up
from kb.annotations.services import save_note
from kb.attachments.services import adopt
from kb.checklists.models import Slot
from kb.checklists.queries import items_among
from kb.errors import Conflict, Invalid
from kb.gate.guards import allow, signed_in
from kb.handovers.queries import get_handover
from kb.i18n import LOCALES
from kb.notes.drafts import drop_saved
from kb.notes.kinds import starting_body
from kb.notes.models import Kind, Note
from kb.notes.queries import get_note
from kb.notes.rendering import prepare
from kb.notes.schemas import base_revision
from kb.notes.services import create_note
from kb.rehearsals.becoming import became
from kb.web.conflict import clashing, resolving
from kb.web.draft_offers import brought_back, saved
from kb.web.editor import (
    Editor,
    editor_page,
    fills_of,
    is_untouched,
    of_address,
    of_note,
    preview_of,
    refused,
    typed,
)
from kb.web.forms import Form, read_form
from kb.web.guarding import left_as_it_is
from kb.web.note_view import Asked
from kb.web.pages import go, page, saved_flash
from kb.web.sessions import reader_of

_FORM = {"form": Provide(read_form)}
IN_HANDOVER = [allow(Permission.NOTE_CREATE, "handover_id")]
ON_NOTE = [allow(Permission.NOTE_EDIT, "note_id")]


@get("/handovers/{handover_id:str}/notes/new", guards=IN_HANDOVER, sync_to_thread=True)
def new_note(request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]) -> Response[str]:
    """An editor with the headings of the kind asked for."""
    handover = get_handover(session, handover_id)
    items = items_among(session, handover_id, request.query_params.getall("item", [])[:1])
    values, slots = of_address(request, session, handover, items[0] if items else None)
    values = brought_back(request, session, handover_id, None, values)
    return editor_page(request, session, Editor(handover, None, values, slots))


@get("/handovers/{handover_id:str}/notes/headings", guards=IN_HANDOVER, sync_to_thread=True)
def headings(request: Asked, handover_id: FromPath[str]) -> Response[str]:
    """The text a note of this kind and language opens with; the editor puts it in where nothing is written yet."""
    query = request.query_params
    kind = Kind(query["kind"]) if query.get("kind") in set(Kind) else Kind.PROCEDURE
    language = query.get("language") if query.get("language") in LOCALES else LOCALES[0]
    slots = [Slot(slot) for slot in query.getall("slot", []) if slot in set(Slot)]
    return Response(starting_body(kind, str(language), slots), media_type=MediaType.TEXT)


@post(
    "/handovers/{handover_id:str}/notes",
    guards=IN_HANDOVER,
    dependencies=_FORM,
    sync_to_thread=True,
    status_code=200,
)
def write_note(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Save a new note; what is refused comes back as it was typed."""
    values = typed(form)
    prepare(session, values.get("body"))
    handover = get_handover(session, handover_id)
    editor = Editor(handover, None, values)
    if form.get("intent") == "kind":
        return editor_page(request, session, _of_other_kind(editor))
    if form.get("intent") == "preview":
        return editor_page(request, session, replace(editor, preview=True))
    try:
        note = create_note(session, reader_of(request), handover_id, values)
    except Invalid as why:
        session.rollback()
        handover = get_handover(session, handover_id)
        return editor_page(request, session, refused(replace(editor, handover=handover), why), status=422)
    adopt(session, reader_of(request), note)
    became(session, reader_of(request), note, values.get("draft_place"))
    drop_saved(session, reader_of(request), values.get("draft_place"), values.get("draft_version"))
    return saved(request, form, go(request, f"/notes/{note.id}", flash=saved_flash(note)))


def _of_other_kind(editor: Editor) -> Editor:
    """Without scripts: the headings of the kind chosen, unless something is written already."""
    values = dict(editor.values)
    kind, language = values.get("kind", ""), values.get("language", "")
    if is_untouched(values.get("body", "")) and kind in set(Kind) and language in LOCALES:
        values["body"] = starting_body(Kind(kind), language)
    return replace(editor, values=values)


@get("/notes/{note_id:str}/edit", guards=ON_NOTE, sync_to_thread=True)
def edit_note(request: Asked, session: NamedDependency[Session], note_id: FromPath[str]) -> Response[str]:
    """The editor of a note."""
    note = get_note(session, note_id)
    values = brought_back(request, session, note.handover_id, note, of_note(note))
    return editor_page(request, session, Editor(get_handover(session, note.handover_id), note, values))


@post("/notes/{note_id:str}/edit", guards=ON_NOTE, dependencies=_FORM, sync_to_thread=True, status_code=200)
def rewrite_note(
    request: Asked, session: NamedDependency[Session], note_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Save an edit; where somebody was faster both texts are shown, and nothing typed is lost."""
    values = typed(form)
    prepare(session, values.get("body"))
    note = get_note(session, note_id)
    editor = Editor(get_handover(session, note.handover_id), note, values)
    if form.get("intent") == "preview":
        return editor_page(request, session, replace(editor, preview=True))
    if "against" in form:
        return _chosen(request, session, editor, note, form)
    data = dict(values)
    if note.owner and data.get("owner") == note.owner.email:
        del data["owner"]  # it may stay with somebody who is no longer in the handover
    try:
        base = base_revision(data.pop("base_revision", None), None)
        correction = to_take_up(session, note_id, request.query_params.get("correction", ""))
        correction = correction if form.get("takes_up") else None
        note, changed = save_note(
            session, reader_of(request), note_id, data, base,
            proposed_by=correction.author_id if correction else None,
        )  # fmt: skip
        if changed and correction:
            taken_up_by_hand(session, reader_of(request), correction, note)
        adopt(session, reader_of(request), note)
    except (Invalid, Conflict) as why:
        session.rollback()
        note = get_note(session, note_id)
        editor = replace(editor, handover=get_handover(session, note.handover_id), note=note)
        if isinstance(why, Conflict):
            return editor_page(request, session, clashing(session, editor, note, why.message), status=409)
        return editor_page(request, session, refused(editor, why), status=422)
    drop_saved(session, reader_of(request), values.get("draft_place"), values.get("draft_version"))
    flash = saved_flash(note) if changed else "unchanged"
    return saved(request, form, go(request, f"/notes/{note_id}", flash=flash))


def _chosen(request: Asked, session: Session, editor: Editor, note: Note, form: Form) -> Response[str]:
    """The text put together as chosen, for a last look before it is saved."""
    try:
        made, complete = resolving(session, editor, note, form)
    except Invalid as why:
        return editor_page(request, session, refused(editor, why), status=422)
    return editor_page(request, session, made, status=200 if complete else 422)


@post(
    "/markdown/preview",
    guards=[signed_in],
    dependencies=_FORM,
    exception_handlers={Exception: left_as_it_is},
    sync_to_thread=True,
    status_code=200,
)
def preview(request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[str]:
    """How a text will read; links to notes are followed in a handover the reader is in."""
    values = typed(form)
    prepare(session, values.get("body"))
    html, truncated = preview_of(session, reader_of(request), values.get("body", ""), form.get("handover_id"))
    fills = fills_of(session, values)
    return page(request, "notes/_preview.html", html=html, truncated=truncated, fills=fills)


HANDLERS: list[Any] = [new_note, headings, write_note, edit_note, rewrite_note, preview]

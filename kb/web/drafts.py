"""Drafts from the browser: kept while people type, dropped when they say so."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.gate.guards import allow, signed_in
from kb.gate.state import services_of
from kb.i18n import _
from kb.notes.drafts import WRITER, can_be_saved, drop_draft, get_draft, keep_draft
from kb.notes.queries import note_facts
from kb.web.draft_offers import address_of, offer, offer_to
from kb.web.editor import typed
from kb.web.forms import Form, read_form
from kb.web.note_view import Asked
from kb.web.pages import go, is_fragment, page
from kb.web.resume import texts_of
from kb.web.sessions import reader_of

_FORM = {"form": Provide(read_form)}


@post(
    "/notes/{note_id:str}/draft",
    guards=[allow(Permission.NOTE_EDIT, "note_id")],
    dependencies=_FORM,
    sync_to_thread=True,
    status_code=200,
)
def keep_of_note(
    request: Asked, session: NamedDependency[Session], note_id: FromPath[str], form: NamedDependency[Form]
) -> Response[dict[str, Any]]:
    """Keep what is typed into a note's editor."""
    handover_id = note_facts(session, note_id).handover_id or ""
    return _keep(request, session, handover_id, note_id, form)


@post(
    "/handovers/{handover_id:str}/drafts",
    guards=[allow(Permission.NOTE_CREATE, "handover_id")],
    dependencies=_FORM,
    sync_to_thread=True,
    status_code=200,
)
def keep_of_new(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str], form: NamedDependency[Form]
) -> Response[dict[str, Any]]:
    """Keep what is typed into the editor of a new note."""
    return _keep(request, session, handover_id, None, form)


def _keep(
    request: Asked, session: Session, handover_id: str, note_id: str | None, form: Form
) -> Response[dict[str, Any]]:
    """Keep it; where another device has written meanwhile, both are kept and the answer says so."""
    fields = typed(form)
    if isinstance(form.get(WRITER), str):
        fields[WRITER] = form[WRITER]
    sent = str(fields.get("draft_version", ""))
    seen = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0
    kept = keep_draft(
        session, reader_of(request), handover_id, note_id, fields, str(fields.get("draft_place", "")), seen
    )
    draft, zone = kept.draft, ZoneInfo(services_of(request).settings.time_zone)
    answer = {
        "draft": draft.id, "place": draft.place, "version": draft.version,
        "saved_at": draft.saved_at.isoformat(), "time": f"{draft.saved_at.astimezone(zone):%H:%M:%S}",
        "bring": offer(draft).bring, "beside": offer(kept.beside).bring if kept.beside else None,
    }  # fmt: skip
    return Response(answer)


@get("/drafts/{draft_id:str}", guards=[signed_in], sync_to_thread=True)
def read(request: Asked, session: NamedDependency[Session], draft_id: FromPath[str]) -> Response[str]:
    """One's own unsaved words to read and copy, also where they can no longer be saved."""
    identity = reader_of(request)
    draft = get_draft(session, identity, draft_id)
    line = offer_to(identity, draft)
    may_look = line.stuck and can(identity, Permission.NOTE_CREATE, Facts(draft.handover_id))
    return page(
        request, "notes/typed_back.html", fields=texts_of(draft.fields), draft=draft,
        message=line.stuck or _("Typed, not saved yet"), bring="" if line.stuck else line.bring,
        bin=f"/handovers/{draft.handover_id}/bin" if may_look and draft.note else "",
    )  # fmt: skip


@post("/drafts/{draft_id:str}/drop", guards=[signed_in], sync_to_thread=True, status_code=200)
def drop(request: Asked, session: NamedDependency[Session], draft_id: FromPath[str]) -> Response[Any]:
    """Forget a draft; pages go back to the editor it was typed in."""
    draft = drop_draft(session, reader_of(request), draft_id)
    if is_fragment(request):
        return Response({"dropped": draft.id})
    back = address_of(draft.handover_id, draft.note_id) if can_be_saved(reader_of(request), draft) else "/"
    return go(request, back, flash="draft-dropped")


HANDLERS: list[Any] = [keep_of_note, keep_of_new, read, drop]

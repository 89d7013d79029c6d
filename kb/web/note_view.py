"""What the page of a note shows, gathered in few statements: this page must answer in milliseconds."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Request, Response
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.attachments.queries import files_of
from kb.checklists.models import ItemState
from kb.clock import today
from kb.gate.state import services_of
from kb.notes.freshness import freshness
from kb.notes.models import Note, NoteStatus
from kb.notes.reading import ReadNote, pointing_here, read_note
from kb.notes.rendering import with_links
from kb.signoff.queries import signed_as
from kb.web.found_words import words_of
from kb.web.margin_view import View
from kb.web.pages import page
from kb.web.remarks import Margin, margin_of
from kb.web.sessions import reader_of

Asked = Request[Any, Any, Any]
EMERGENCY_TAGS = {"emergency", "紧急", "应急"}


class Fields(dict[str, Any]):
    """Values or errors by field name for a template; what was not given is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def facts_of(note: Note | ReadNote) -> Facts:
    """What the policy needs to know of a note."""
    return Facts(note.handover_id, note.author_id, note.status == NoteStatus.DRAFT, note.owner_id)


def note_page(
    request: Asked, session: Session, note_id: str, *, status: int = 200,
    values: dict[str, Any] | None = None, errors: dict[str, str] | None = None,
    warning: str = "",
) -> Response[str]:  # fmt: skip
    """The page of a note; `values` and `errors` fill the form of a remark that was refused.

    `warning`: why what was asked was not done, where the reader has to look at the note again.
    """
    identity = reader_of(request)
    note = read_note(session, note_id)
    margin = margin_of(
        session,
        note_id,
        note.handover_id,
        View.of(request.query_params),
        reader=identity,
        words=words_of(request.query_params),
    )
    return page(
        request, "notes/note.html", status=status, note=note, facts=facts_of(note), margin=margin,
        html=with_links(session, note.handover_id, note.html, drafts_of=identity.user_id),
        backlinks=pointing_here(session, identity, note),
        files=files_of(session, note_id),
        signed=signed_as(session, note.handover_id, note.handover_stage, note_id, note.body_sha256),
        emergency=_is_emergency(note), values=values or {}, errors=Fields(errors or {}), warning=warning,
        trust=_trust(note, margin, today(services_of(request).settings.time_zone)),
    )  # fmt: skip


def _is_emergency(note: ReadNote) -> bool:
    """Only what its writer tagged so: a band on everything important is soon read over."""
    return any(str(tag).casefold() in EMERGENCY_TAGS for tag in note.tags)


def _trust(note: ReadNote, margin: Margin, day: date) -> dict[str, Any]:
    """How far a note can be relied on: what the line under its title says."""
    accepted = sum(item.state == ItemState.ACCEPTED for item in note.covers)
    return {
        "author": note.author, "owner": note.owner if note.owner_id != note.author_id else None,
        "owner_name": note.owner, "owner_left": not note.owner_stays,
        "updated_at": note.updated_at, "revision": note.revision, "accepted": accepted, "items": len(note.covers),
        "check_by": note.check_by, "freshness": freshness(note.check_by, day),
        "overdue": note.check_by is not None and note.check_by < day,
        "checked_at": note.checked_at, "checked_by": note.checked_by,
        "corrections": margin.open_of("correction"), "questions": margin.open_of("question"),
    }  # fmt: skip

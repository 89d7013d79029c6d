"""What the editor's page says about drafts: where this one is kept, and which earlier ones can be brought back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from litestar import Response
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.gate.state import services_of
from kb.i18n import _
from kb.ids import new_id
from kb.notes.drafts import WRITER, can_be_saved, drafts_at
from kb.notes.guarding import title_without_secret
from kb.notes.models import Draft, Note
from kb.web.note_view import Asked
from kb.web.sessions import reader_of

if TYPE_CHECKING:
    from kb.web.editor import Editor

MOST_OFFERS = 3
# What tells a draft from what the form holds anyway.
_TOLD_BY = (
    "title",
    "body",
    "kind",
    "purpose",
    "importance",
    "tags",
    "language",
    "owner",
    "check_by",
    "items",
)


@dataclass(frozen=True)
class Offer:
    """One draft as it is offered."""

    id: str
    title: str
    saved_at: datetime
    base: int | None  # the revision it was typed on
    bring: str  # the address that brings it back
    stuck: str = ""  # why it cannot be saved


@dataclass(frozen=True)
class Desk:
    """Where the page's own draft is kept, and what is offered."""

    place: str
    version: str  # of the draft as this page knows it; 0: none yet
    keep_at: str  # where scripts send it
    brought: Offer | None  # what the form holds, if it was brought back
    offers: tuple[Offer, ...]
    unsaved: bool  # the form holds words that are nowhere saved


def address_of(handover_id: str, note_id: str | None, draft_id: str = "") -> str:
    """The editor's page of a note or of a new one, with a draft brought back."""
    page = f"/notes/{note_id}/edit" if note_id else f"/handovers/{handover_id}/notes/new"
    return f"{page}?draft={draft_id}" if draft_id else page


def offer(draft: Draft) -> Offer:
    """A draft as a line."""
    title = title_without_secret(str(draft.fields.get("title", "")).strip())
    address = address_of(draft.handover_id, draft.note_id, draft.id)
    return Offer(draft.id, title, draft.saved_at, draft.base_revision, address)


def offer_to(identity: Identity, draft: Draft) -> Offer:
    """A draft as a line, its note loaded; what can no longer be saved leads to a page to read and copy it."""
    if can_be_saved(identity, draft):
        return offer(draft)
    return replace(offer(draft), bring=f"/drafts/{draft.id}", stuck=stuck(draft))


def stuck(draft: Draft) -> str:
    """Why a draft cannot be saved, as a sentence."""
    if draft.note and draft.note.deleted_at:
        return _("Typed, not saved: its note is in the bin")
    return _("Typed, not saved: you may no longer write there")


def brought_back(
    request: Asked, session: Session, handover_id: str, note: Note | None, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The form's values, or those of the draft the address names, on the revision it was typed on."""
    asked = request.query_params.get("draft", "")
    mine = drafts_at(session, reader_of(request), handover_id, note.id if note else None) if asked else []
    for draft in mine:
        if draft.id == asked:
            typed = {name: value for name, value in draft.fields.items() if name != WRITER}
            base = {"base_revision": str(draft.base_revision)} if note and draft.base_revision else {}
            place = {"draft_place": draft.place, "draft_version": str(draft.version)}
            return {**values, **typed, **base, **place}
    return dict(values)


def desk_of(request: Asked, session: Session, editor: Editor) -> Desk:
    """What the editor's page needs to know of drafts."""
    handover, note = editor.handover.id, editor.note.id if editor.note else None
    place = editor.values.get("draft_place") or (f"note:{note}" if note else f"new:{new_id()}")
    others, brought = [], None
    answered = request.method == "POST"  # what was sent comes back: refused, to be merged, or merged
    for draft in drafts_at(session, reader_of(request), handover, note):
        if draft.place == place and editor.values.get("draft_version"):
            brought = None if answered else offer(draft)
        elif _differs(draft, editor.values):
            others.append(offer(draft))
    return Desk(
        str(place),
        str(editor.values.get("draft_version") or 0),
        f"/notes/{note}/draft" if note else f"/handovers/{handover}/drafts",
        brought,
        tuple(others[:MOST_OFFERS]),
        answered or brought is not None,
    )


def saved(request: Asked, form: Mapping[str, Any], answer: Response[None]) -> Response[None]:
    """The answer to a save, proving it to scripts: only then does the browser forget its own copy of the words."""
    writer = form.get(WRITER)
    if isinstance(writer, str) and re.fullmatch(r"[0-9a-f]{24}", writer):
        secure = services_of(request).settings.secure_cookies
        answer.set_cookie(
            key=f"kb_saved_{writer}", value="1", max_age=3600, secure=secure, httponly=False, samesite="lax"
        )
    return answer


def _differs(draft: Draft, values: Mapping[str, Any]) -> bool:
    """Whether it holds anything the form does not."""
    return any(
        name in draft.fields and _plain(draft.fields[name]) != _plain(values.get(name)) for name in _TOLD_BY
    )


def _plain(value: Any) -> Any:
    """A value as it is compared: line ends and the order of what is ticked tell nothing."""
    if isinstance(value, list):
        return sorted(value)
    return str(value or "").replace("\r\n", "\n")

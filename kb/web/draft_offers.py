"""What the editor's page says about drafts: where this one is kept, and which earlier ones can be brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from kb.ids import new_id
from kb.notes.drafts import WRITER, drafts_at
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
    title = str(draft.fields.get("title", "")).strip()
    address = address_of(draft.handover_id, draft.note_id, draft.id)
    return Offer(draft.id, title, draft.saved_at, draft.base_revision, address)


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

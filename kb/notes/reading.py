"""A note as it is read: its facts and its kept rendering in one statement, the body only where none was kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session, defer, joinedload, load_only, selectinload

from kb.access.permits import not_found
from kb.checklists.models import Item
from kb.handovers.models import Handover
from kb.notes.models import Note, Rendering
from kb.notes.rendering import RENDERER_VERSION, rendered
from kb.people.models import User


@dataclass(frozen=True)
class ReadNote:
    """A note with handover, author, owner and items, its HTML with links still unfilled, and its outline."""

    note: Note
    html: str
    outline: list[dict[str, Any]]  # {level, text, anchor, …} as kb.markdown.Heading
    truncated: bool


def read_note(session: Session, note_id: str) -> ReadNote:
    """One note to be shown, in two statements; raises NotFound. In the bin or not."""
    row = session.execute(
        select(Note, Rendering.html, Rendering.outline, Rendering.truncated)
        .outerjoin(Rendering, Rendering.key == literal(f"{RENDERER_VERSION}:") + Note.body_sha256)
        .where(Note.id == note_id)
        .options(
            defer(Note.body, raiseload=True),
            joinedload(Note.author).load_only(User.name),
            joinedload(Note.owner).load_only(User.name, User.email),
            joinedload(Note.handover).load_only(Handover.title, Handover.language),
            selectinload(Note.items).options(load_only(Item.title, Item.state, Item.position)),
        )
    ).one_or_none()
    if row is None:
        raise not_found()
    note, html, outline, truncated = row
    if html is None:
        body = session.scalar(select(Note.body).where(Note.id == note_id)) or ""
        made = rendered(session, body, note.body_sha256)
        html, truncated = made.html, made.truncated
        outline = [vars(heading) for heading in made.outline]
    return ReadNote(note, html, outline, truncated)

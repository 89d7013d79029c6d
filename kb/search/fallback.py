"""Searching in the database while there is no index: plain containment, newest first, never an error."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.checklists.models import Item, Module
from kb.notes.models import Note, Rendering, note_items
from kb.notes.queries import visible_notes
from kb.notes.rendering import RENDERER_VERSION
from kb.people.models import User
from kb.search.changes import NOTE
from kb.search.documents import document_id
from kb.search.interface import Filters, Hit, Results

MOST_WORDS = 6


def _linked(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The note is linked to an item of which this holds."""
    items = select(note_items.c.item_id).join(Item, Item.id == note_items.c.item_id).join(Item.module)
    return exists(items.where(note_items.c.note_id == Note.id, *conditions).correlate(Note))


# The filters of the index, as the database can tell them.
CONDITIONS: dict[str, Callable[[str], ColumnElement[bool]]] = {
    "type": lambda value: Note.kind.is_not(None) if value == NOTE else Note.kind.is_(None),
    "kind": lambda value: Note.kind == value,
    "handover": lambda value: Note.handover_id == value,
    "importance": lambda value: Note.importance == value,
    "author": lambda value: Note.author_id.in_(select(User.id).where(User.email == value)),
    "tag": lambda value: cast(Note.tags, String).contains(json.dumps(value), autoescape=True),
    "item": lambda value: _linked(Item.id == value),
    "module": lambda value: _linked(Module.title == value),
}


def _containing(word: str) -> ColumnElement[bool]:
    return or_(Note.title.icontains(word, autoescape=True), Rendering.text.icontains(word, autoescape=True))


def search_database(
    session: Session, identity: Identity, text: str, filters: Filters, limit: int, offset: int
) -> Results:
    """Notes that contain every typed word and pass the filters; no facets."""
    conditions: list[Any] = [_containing(word) for word in text.split()[:MOST_WORDS]]
    conditions += [CONDITIONS[name](value) for name, value in filters.active().items()]
    if filters.updated_after:
        conditions.append(Note.updated_at > filters.updated_after)
    kept = Rendering.key == RENDERER_VERSION + ":" + Note.body_sha256
    found = (
        visible_notes(identity)
        .with_only_columns(Note.id)
        .join(Rendering, kept, isouter=True)
        .where(*conditions)
    )
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    ids = session.scalars(found.order_by(Note.updated_at.desc(), Note.id).limit(limit).offset(offset))
    return Results(total, tuple(Hit(document_id(NOTE, note_id), NOTE, 0.0) for note_id in ids), {})

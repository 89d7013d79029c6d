"""Searching in the database while there is no index: every word must be there, newest first, never an error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Select,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.annotations.models import Annotation, Reply
from kb.checklists.models import Item
from kb.notes.models import Note, Rendering
from kb.notes.queries import visible_notes
from kb.notes.rendering import RENDERER_VERSION
from kb.people.models import User
from kb.registers.models import Entry
from kb.search.changes import ANNOTATION, ITEM, NOTE, REGISTER
from kb.search.documents import document_id
from kb.search.fallback_filters import FILTERS, TYPED, Condition
from kb.search.interface import Filters, Hit, Results
from kb.search.query import Clause, FieldTerm, Query, Sequence

MOST_WORDS = 12
Rows = Select[str, str, datetime]  # type, id, when changed
_SEPARATORS = ("", "_", "__")  # between the words of a phrase: nothing, one character, two


def _notes(identity: Identity) -> Rows:
    kept = Rendering.key == RENDERER_VERSION + ":" + Note.body_sha256
    rows = visible_notes(identity).with_only_columns(literal(NOTE).label("type"), Note.id, Note.updated_at)
    return rows.join(Rendering, kept, isouter=True)


def _items(identity: Identity) -> Rows:
    readable = Item.handover_id.in_(identity.handovers_as())
    return select(literal(ITEM).label("type"), Item.id, Item.updated_at).where(readable)


def _entries(identity: Identity) -> Rows:
    readable = Entry.handover_id.in_(identity.handovers_as())
    return select(literal(REGISTER).label("type"), Entry.id, Entry.updated_at).where(readable)


def _annotations(identity: Identity) -> Rows:
    rows = visible_notes(identity).join(Annotation, Annotation.note_id == Note.id)
    return rows.with_only_columns(literal(ANNOTATION).label("type"), Annotation.id, Annotation.updated_at)


def _replies(pattern: str) -> Condition:
    return (
        exists().where(Reply.annotation_id == Annotation.id, Reply.body.ilike(pattern)).correlate(Annotation)
    )


def _holds(kind: str, title: bool, pattern: str) -> Condition:
    """Something of this type has the pattern in its title, or anywhere."""
    if kind == NOTE:
        text = func.coalesce(Rendering.text, Note.body)  # where none was kept, the source must do
        within = () if title else (Note.purpose.ilike(pattern), text.ilike(pattern))
        return or_(Note.title.ilike(pattern), *within)
    if kind == ITEM:
        return or_(Item.title.ilike(pattern), *(() if title else (Item.guidance.ilike(pattern),)))
    if kind == REGISTER:
        return or_(Entry.name.ilike(pattern), *(() if title else _said_of_entry(pattern)))
    if title:
        return false()
    replacement = func.coalesce(Annotation.replacement, "").ilike(pattern)
    return or_(
        Annotation.body.ilike(pattern), Annotation.quote.ilike(pattern), replacement, _replies(pattern)
    )


def _said_of_entry(pattern: str) -> tuple[Condition, ...]:
    columns = (
        Entry.remark,
        Entry.location,
        Entry.contact,
        Entry.vault_ref,
        Entry.holder_name,
        Entry.new_holder_name,
    )
    people = select(User.id).where(User.name.ilike(pattern))
    held = (Entry.holder_id.in_(people), Entry.new_holder_id.in_(people))
    return (*(column.ilike(pattern) for column in columns), *held)


def _clause(kind: str, clause: Clause) -> Condition:
    """Words hold letters and digits only, so nothing in them is a wildcard."""
    leaf = clause.leaf
    parts = [part.text for part in leaf.parts] if isinstance(leaf, Sequence) else [leaf.text]
    separators = _SEPARATORS if len(parts) > 1 else ("",)
    held = or_(*(_holds(kind, clause.title, f"%{between.join(parts)}%") for between in separators))
    return not_(held) if clause.negated else held


def _fields(kind: str, fields: tuple[FieldTerm, ...]) -> list[Condition]:
    """Values of one name are alternatives, names go together, -name: takes away."""
    conditions = [not_(TYPED[kind][one.name](one.value)) for one in fields if one.negated]
    for name in dict.fromkeys(one.name for one in fields if not one.negated):
        values = [one.value for one in fields if one.name == name and not one.negated]
        conditions.append(or_(*(TYPED[kind][name](value) for value in values)))
    return conditions


_KINDS: dict[str, tuple[Callable[[Identity], Rows], Any]] = {
    NOTE: (_notes, Note.updated_at),
    ITEM: (_items, Item.updated_at),
    ANNOTATION: (_annotations, Annotation.updated_at),
    REGISTER: (_entries, Entry.updated_at),
}


def search_database(
    session: Session, identity: Identity, query: Query, filters: Filters, limit: int, offset: int
) -> Results:
    """What contains every wanted word and none unwanted, and passes the filters; no facets."""
    if not query.wanted and not query.lists_all:
        return Results(0, (), {})
    clauses = (*query.wanted[:MOST_WORDS], *query.unwanted)
    parts = []
    for kind, (rows, moment) in _KINDS.items():
        conditions = [_clause(kind, clause) for clause in clauses] + _fields(kind, query.fields)
        conditions += [FILTERS[kind][name](value) for name, value in filters.active().items()]
        if filters.updated_after:
            conditions.append(moment >= filters.updated_after)
        parts.append(rows(identity).where(*conditions))
    found = union_all(*parts).subquery()
    total = session.scalar(select(func.count()).select_from(found)) or 0
    page = select(found.c.type, found.c.id).order_by(found.c.updated_at.desc(), found.c.id)
    hits = session.execute(page.limit(limit).offset(offset))
    return Results(total, tuple(Hit(document_id(kind, one), kind, 0.0) for kind, one in hits), {})

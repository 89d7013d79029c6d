"""How far a note that was found can be relied on: what the successor made of it, what is said against it, whether
somebody has checked it in time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from kb.annotations.models import Annotation, AnnotationKind, AnnotationState
from kb.checklists.models import Item, ItemState
from kb.notes.models import Note, note_items


@dataclass(frozen=True, slots=True)
class Trust:
    """Of the checklist items a note is linked to, how many are accepted or practised; its open remarks; its check."""

    items: int = 0
    accepted: int = 0
    practised: int = 0  # not yet accepted, but done by the successor
    corrections: int = 0
    questions: int = 0
    check_by: date | None = None
    checked_at: datetime | None = None


UNKNOWN = Trust()

_IDS: Any = bindparam("ids", expanding=True)


def _where(column: Any, value: str) -> Any:
    return func.sum(case((column == value, 1), else_=0))


# Made once: the statement is the same for every page of results.
# Notes come first: the types of its columns are those of all.
_STATEMENT = union_all(
    select(
        Note.id, literal(0).label("items"), literal(0), literal(0), literal(0), literal(0),
        Note.check_by, Note.checked_at,
    ).where(Note.id.in_(_IDS), or_(Note.check_by.is_not(None), Note.checked_at.is_not(None))),
    select(
        note_items.c.note_id, func.count(), _where(Item.state, ItemState.ACCEPTED),
        _where(Item.state, ItemState.PRACTISED), literal(0), literal(0), null(), null(),
    )
    .join(Item, Item.id == note_items.c.item_id)
    .where(note_items.c.note_id.in_(_IDS))
    .group_by(note_items.c.note_id),
    select(
        Annotation.note_id, literal(0), literal(0), literal(0),
        _where(Annotation.kind, AnnotationKind.CORRECTION), _where(Annotation.kind, AnnotationKind.QUESTION),
        null(), null(),
    )
    .where(Annotation.note_id.in_(_IDS), Annotation.state == AnnotationState.OPEN)
    .group_by(Annotation.note_id),
)  # fmt: skip


def trust(session: Session, note_ids: Collection[str]) -> dict[str, Trust]:
    """By note id, in one statement; notes nothing is known of are left out. The caller may read the notes."""
    if not note_ids:
        return {}
    found: dict[str, Trust] = {}
    for note_id, *counts, check_by, checked_at in session.execute(_STATEMENT, {"ids": list(note_ids)}):
        known = found.get(note_id, UNKNOWN)
        items, accepted, practised, corrections, questions = counts
        found[note_id] = Trust(
            known.items + items, known.accepted + accepted, known.practised + practised,
            known.corrections + corrections, known.questions + questions,
            known.check_by or check_by, known.checked_at or checked_at,
        )  # fmt: skip
    return found

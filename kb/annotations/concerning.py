"""A person's own list: what they said on notes, what was answered, what others ask of them. Only what they may read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from kb.access.identity import Identity
from kb.annotations.models import Annotation, AnnotationState, Reply
from kb.annotations.queries import answered_for, asked_of
from kb.notes.models import Note
from kb.notes.queries import visible_notes

WAYS = ("asked", "answered", "said")  # how a remark can concern somebody


class Sort(NamedTuple):
    """A sort of remark, and how many there are of it."""

    kind: str
    state: str
    asked: bool
    answered: bool
    said: bool
    number: int


def _concerning(identity: Identity) -> Select[str]:
    return (
        select(Annotation.id)
        .join(Annotation.note)
        .where(Note.id.in_(visible_notes(identity).with_only_columns(Note.id)))
        .where(or_(asked_of(identity.user_id), Annotation.author_id == identity.user_id))
    )


def sorts_concerning(session: Session, identity: Identity) -> list[Sort]:
    """How many remarks of each sort concern a person."""
    person = identity.user_id
    each = (
        _concerning(identity)
        .with_only_columns(
            Annotation.kind.label("kind"), Annotation.state.label("state"), asked_of(person).label("asked"),
            answered_for(person).label("answered"), (Annotation.author_id == person).label("said"),
            maintain_column_froms=True,
        )
        .subquery()
    )  # fmt: skip
    names = [each.c.kind, each.c.state, each.c.asked, each.c.answered, each.c.said]
    return [Sort._make(row) for row in session.execute(select(*names, func.count()).group_by(*names))]


def concerning(identity: Identity, way: str = "", state: str = "", kind: str = "") -> Select[str]:
    """Ids of the remarks that concern a person: open ones first, then what moved last."""
    person = identity.user_id
    query = _concerning(identity)
    if way:
        said = Annotation.author_id == person
        query = query.where({"asked": asked_of(person), "answered": answered_for(person), "said": said}[way])
    if state:
        query = query.where(Annotation.state == state)
    if kind:
        query = query.where(Annotation.kind == kind)
    resolved = Annotation.state == AnnotationState.RESOLVED
    return query.order_by(resolved, Annotation.updated_at.desc(), Annotation.id)


def remarks_with_notes(session: Session, ids: Iterable[str]) -> list[Annotation]:
    """These remarks in this order, with people, replies, note and handover; the notes without their text."""
    wanted = list(ids)
    note = contains_eager(Annotation.note)
    found = session.scalars(
        select(Annotation)
        .join(Annotation.note)
        .where(Annotation.id.in_(wanted))
        .options(
            note.defer(Note.body, raiseload=True), note.joinedload(Note.handover),
            joinedload(Annotation.author), joinedload(Annotation.resolved_by),
            selectinload(Annotation.replies).joinedload(Reply.author),
        )
    )  # fmt: skip
    by_id = {one.id: one for one in found}
    return [by_id[one] for one in wanted if one in by_id]

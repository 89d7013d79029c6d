"""Reading annotations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, case, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from kb.access.identity import Facts, Identity
from kb.access.permits import not_found
from kb.annotations.models import AnchorStatus, Annotation, AnnotationKind, AnnotationState, Reply
from kb.annotations.passages import Spot
from kb.notes.models import Note, NoteStatus
from kb.notes.queries import note_facts, visible_notes

_annotation = Annotation.__table__.c


def annotation_facts(session: Session, annotation_id: str) -> Facts:
    """Facts for the policy: the handover of the note, the remark's own author; raises NotFound."""
    row = session.execute(
        select(Note.handover_id, Annotation.author_id, Note.status, Note.author_id.label("writer"))
        .join(Note, Annotation.note_id == Note.id)
        .where(Annotation.id == annotation_id, Note.deleted_at.is_(None))
    ).one_or_none()
    if row is None:
        raise not_found()
    # On a draft the note's author counts: nobody else but managers may know of it.
    if row.status == NoteStatus.DRAFT:
        return Facts(row.handover_id, row.writer, draft=True)
    return Facts(row.handover_id, row.author_id)


def marked_note_facts(session: Session, annotation_id: str) -> Facts:
    """Facts of the note a remark is on; raises NotFound."""
    note_id = session.scalar(select(Annotation.note_id).where(Annotation.id == annotation_id))
    return note_facts(session, note_id or "")


def annotations_of(note_id: str) -> Select[Annotation]:
    """A note's remarks in the order of their passages, those without a place last."""
    return (
        select(Annotation)
        .where(Annotation.note_id == note_id)
        .options(
            joinedload(Annotation.author), joinedload(Annotation.resolved_by),
            selectinload(Annotation.replies).joinedload(Reply.author),
        )
        .order_by(Annotation.anchor_start.is_(None), Annotation.anchor_start, Annotation.created_at, Annotation.id)
    )  # fmt: skip


def get_annotation(session: Session, annotation_id: str) -> Annotation:
    """One remark with its people, replies and note; raises NotFound."""
    found = session.scalar(
        select(Annotation)
        .where(Annotation.id == annotation_id)
        .options(
            joinedload(Annotation.author), joinedload(Annotation.resolved_by), joinedload(Annotation.note),
            selectinload(Annotation.replies).joinedload(Reply.author),
        )
        .execution_options(populate_existing=True)
    )  # fmt: skip
    if found is None:
        raise not_found()
    return found


def open_questions(identity: Identity) -> Select[Annotation]:
    """Open questions on notes a person may read, oldest first, with author and note."""
    readable = visible_notes(identity).with_only_columns(Note.id)
    note = contains_eager(Annotation.note).defer(Note.body, raiseload=True)
    return (
        select(Annotation)
        .join(Annotation.note)
        .where(Annotation.kind == AnnotationKind.QUESTION, Annotation.state == AnnotationState.OPEN)
        .where(Note.id.in_(readable))
        .options(joinedload(Annotation.author), note)
        .order_by(Annotation.created_at, Annotation.id)
    )


def questions_to(identity: Identity) -> Select[Annotation]:
    """Open questions of others on the notes a person owns or wrote."""
    return open_questions(identity).where(
        or_(Note.owner_id == identity.user_id, Note.author_id == identity.user_id),
        Annotation.author_id.is_distinct_from(identity.user_id),
    )


def needs_a_look() -> ColumnElement[bool]:
    """The passage is gone, or reads otherwise than anybody has marked or confirmed."""
    confirmed = Annotation.anchor_exact.is_not_distinct_from(Annotation.confirmed_exact)
    return or_(
        Annotation.anchor_status == AnchorStatus.ORPHANED,
        and_(Annotation.anchor_status == AnchorStatus.CHANGED, ~confirmed),
    )


def asked_of(user_id: str) -> ColumnElement[bool]:
    """Somebody else's remark on a note the person owns or wrote; the statement joins Note."""
    return and_(
        or_(Note.owner_id == user_id, Note.author_id == user_id),
        Annotation.author_id.is_distinct_from(user_id),
    )


def answered_for(user_id: str) -> ColumnElement[bool]:
    """The person's own remark, with a reply by somebody else."""
    answers = exists().where(Reply.annotation_id == Annotation.id, Reply.author_id.is_distinct_from(user_id))
    return and_(Annotation.author_id == user_id, answers)


def _spots() -> Select[Any]:
    """Of columns, not of classes: such a statement costs a fraction, and every page of a note asks it."""
    reader_id: Any = bindparam("reader_id", type_=String())
    lost = case((_annotation.anchor_start.is_(None), _annotation.quote))
    bare = and_(Annotation.body == "", ~exists().where(Reply.annotation_id == Annotation.id))
    return (
        select(
            *(_annotation[name] for name in ("id", "kind", "state", "anchor_start", "anchor_end", "author_id")),
            lost.label("lost"), case((_annotation.kind == AnnotationKind.HIGHLIGHT, bare), else_=False).label("bare"),
            needs_a_look().label("look"), _annotation.author_id.is_not_distinct_from(reader_id).label("mine"),
            or_(asked_of(reader_id), answered_for(reader_id)).label("to_me"),
        )
        .select_from(Annotation.__table__.join(Note.__table__, Note.__table__.c.id == _annotation.note_id))
        .where(_annotation.note_id == bindparam("note_id"))
        .order_by(_annotation.anchor_start.is_(None), _annotation.anchor_start, _annotation.created_at, _annotation.id)
    )  # fmt: skip


_SPOTS = _spots()


def spots_of(session: Session, note_id: str, reader_id: str = "") -> list[Spot]:
    """All remarks of a note in the order of annotations_of, as few columns: there may be thousands."""
    rows = session.execute(_SPOTS, {"note_id": note_id, "reader_id": reader_id})
    return [Spot._make(row) for row in rows]


def remarks_by_id(session: Session, ids: Iterable[str]) -> dict[str, Annotation]:
    """These remarks with their people and replies, and whose note each is on."""
    found = session.scalars(
        select(Annotation)
        .where(Annotation.id.in_(list(ids)))
        .options(
            joinedload(Annotation.note).load_only(Note.handover_id, Note.author_id, Note.status, raiseload=True),
            joinedload(Annotation.author), joinedload(Annotation.resolved_by),
            selectinload(Annotation.replies).joinedload(Reply.author),
        )
    )  # fmt: skip
    return {one.id: one for one in found}

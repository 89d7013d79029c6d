"""Reading annotations."""

from __future__ import annotations

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from kb.access.identity import Facts, Identity
from kb.access.permits import not_found
from kb.annotations.models import Annotation, AnnotationKind, AnnotationState, Reply
from kb.notes.models import Note, NoteStatus
from kb.notes.queries import visible_notes


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


_COUNTS = (
    select(Annotation.kind, Annotation.state, func.count())
    .where(Annotation.note_id == bindparam("note_id"))
    .group_by(Annotation.kind, Annotation.state)
)


def remark_counts(session: Session, note_id: str) -> dict[tuple[str, str], int]:
    """How many remarks a note has, by (kind, state)."""
    return {(kind, state): number for kind, state, number in session.execute(_COUNTS, {"note_id": note_id})}

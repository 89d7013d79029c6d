"""What keeps a handover from being finished: overdue, changed since, unpractised, asked, not yet accepted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from kb.annotations.models import Annotation, AnnotationKind, AnnotationState
from kb.notes.models import Note, NoteStatus
from kb.pagination import count_rows
from kb.progress.board import Board, BoardItem


@dataclass(frozen=True)
class Blockers:
    """Items by what holds them up, the greatest risk first; the oldest open questions, and how many there are."""

    overdue: list[BoardItem]
    stale: list[BoardItem]
    practice: list[BoardItem]
    unaccepted: list[BoardItem]  # all written, waiting for whoever takes it over to accept it
    questions: list[Annotation]
    question_count: int


def blockers_of(session: Session, board: Board, most_questions: int) -> Blockers:
    """The blockers of a handover; at most so many questions are loaded."""
    items = board.by_risk()
    asked = open_questions_in(board.handover.id)
    return Blockers(
        overdue=sorted((one for one in items if one.standing.overdue), key=lambda one: -one.standing.overdue),
        stale=[one for one in items if one.evidence.coverage.stale],
        practice=[one for one in items if not one.evidence.practice.fulfilled],
        unaccepted=[one for one in items if _waits_for_acceptance(one)],
        questions=list(session.scalars(asked.limit(most_questions))),
        question_count=count_rows(session, asked),
    )


def _waits_for_acceptance(one: BoardItem) -> bool:
    coverage = one.evidence.coverage
    return coverage.covered and coverage.accepted < (len(coverage.slots) or 1)


def open_questions_in(handover_id: str) -> Select[Annotation]:
    """Open questions on published notes of a handover, oldest first, with author and note."""
    note = contains_eager(Annotation.note).defer(Note.body, raiseload=True)
    return (
        select(Annotation)
        .join(Annotation.note)
        .where(
            Note.handover_id == handover_id, Note.status == NoteStatus.PUBLISHED, Note.deleted_at.is_(None)
        )
        .where(Annotation.kind == AnnotationKind.QUESTION, Annotation.state == AnnotationState.OPEN)
        .options(note, joinedload(Annotation.author))
        .order_by(Annotation.created_at, Annotation.id)
    )

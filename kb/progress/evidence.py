"""What is known of every item: its coverage, practice, who has shown that they know it, what is open about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, select, union
from sqlalchemy.orm import Session

from kb.annotations.models import Annotation, AnnotationKind, AnnotationState
from kb.checklists.models import Item, ItemState
from kb.notes.coverage import Coverage, ItemCoverage, coverages
from kb.notes.freshness import Freshness, freshness
from kb.notes.models import Note, NoteStatus, Revision, SlotMark, note_items
from kb.progress.rhythm import Round
from kb.progress.rhythm import asks_rehearsal as asked_for
from kb.rehearsals.models import Meeting, MeetingItem, MeetingKind, Outcome, PracticeRun
from kb.rehearsals.queries import PracticeStanding, never_tried, practice_of, rehearsed_items


@dataclass(frozen=True)
class Evidence:
    """One item and what shows how far its handover is.

    `known_by`: ids of who wrote or changed a published note about it, checked it, remarked on it, marked or accepted
    a slot, came to a demonstration of it, or practised it without failing. Owning it shows nothing.
    `rehearsed`: there was a practice run, a demonstration that was held, or a recording.
    `unchecked`: a note about it has long been waiting for somebody to say that it is still right.
    """

    coverage: ItemCoverage
    practice: PracticeStanding
    known_by: frozenset[str]
    rehearsed: bool
    questions: int
    unchecked: bool

    @property
    def item(self) -> Item:
        return self.coverage.item


def evidence_of(
    session: Session, handover_ids: Collection[str], today: date
) -> dict[str, tuple[Coverage, list[Evidence]]]:
    """The coverage and the evidence of several handovers, in as many statements as for one."""
    ids = list(handover_ids)
    practice = practice_of(session, ids)
    rehearsed = rehearsed_in(session, ids)
    known_by, questions, check_by = _known_by(session, ids), _questions(session, ids), _check_by(session, ids)

    def gather(one: ItemCoverage) -> Evidence:
        key = one.item.id
        stale = freshness(check_by.get(key), today) is Freshness.STALE
        people = frozenset(known_by.get(key, ()))
        # Somebody may have added the item since the statement before.
        tried = practice.get(key) or never_tried(one.item)
        return Evidence(one, tried, people, key in rehearsed, questions.get(key, 0), stale)

    covered = coverages(session, ids)
    return {key: (covered[key], [gather(one) for one in covered[key].items]) for key in ids}


def _published(handover_ids: list[str], *columns: Any) -> Select[Any]:
    """Columns beside the item, of published notes about items."""
    return (
        select(note_items.c.item_id, *columns)
        .join(Note, Note.id == note_items.c.note_id)
        .where(Note.handover_id.in_(handover_ids))
        .where(Note.status == NoteStatus.PUBLISHED, Note.deleted_at.is_(None))
    )


def _known_by(session: Session, handover_ids: list[str]) -> dict[str, set[str]]:
    """Who has shown that they know an item."""
    of_items = [
        select(SlotMark.item_id, who).join(Item, Item.id == SlotMark.item_id)
        for who in (SlotMark.pointed_by_id, SlotMark.accepted_by_id)
    ]
    practised = select(PracticeRun.item_id, PracticeRun.successor_id).join(
        Item, Item.id == PracticeRun.item_id
    )
    of_items.append(practised.where(PracticeRun.outcome != Outcome.FAILED))
    everything: CompoundSelect[Any] = union(
        _published(handover_ids, Note.author_id),
        _published(handover_ids, Note.checked_by_id),
        _published(handover_ids, Revision.author_id).join(Revision, Revision.note_id == Note.id),
        _published(handover_ids, Annotation.author_id).join(Annotation, Annotation.note_id == Note.id),
        *(query.where(Item.handover_id.in_(handover_ids)) for query in of_items),
    )
    found: dict[str, set[str]] = defaultdict(set)
    for item_id, user_id in session.execute(everything):
        if user_id:
            found[item_id].add(user_id)
    for item_id, attendees in _shown(session, handover_ids):
        found[item_id].update(one["user_id"] for one in attendees if one.get("user_id"))
    return found


def _shown(session: Session, handover_ids: list[str]) -> Iterable[Any]:
    """Items shown in demonstrations that were held, with who came."""
    return session.execute(
        select(MeetingItem.item_id, Meeting.attendees)
        .join(Meeting, Meeting.id == MeetingItem.meeting_id)
        .where(Meeting.handover_id.in_(handover_ids), Meeting.kind == MeetingKind.DEMONSTRATION)
        .where(Meeting.minutes != "", MeetingItem.agreed.is_(False))
    )


def asks_rehearsal(session: Session, item: Item, round_: Round, today: date, last_day: date) -> bool:
    """Whether an item is to be shown or recorded while there is time: it will not come round again, nobody has yet."""
    if not asked_for(round_, today, last_day) or item.state == ItemState.ACCEPTED:
        return False
    return item.id not in rehearsed_in(session, [item.handover_id])


def rehearsed_in(session: Session, handover_ids: list[str]) -> set[str]:
    """Items with a practice run, a demonstration that was held, or a recording that lies somewhere."""
    return rehearsed_items(session, handover_ids) | set(
        session.scalars(
            select(MeetingItem.item_id)
            .join(Meeting, Meeting.id == MeetingItem.meeting_id)
            .where(
                Meeting.handover_id.in_(handover_ids), Meeting.recording != "", MeetingItem.agreed.is_(False)
            )
        )
    )


def _questions(session: Session, handover_ids: list[str]) -> dict[str, int]:
    """How many questions on notes about an item are open."""
    rows = session.execute(
        _published(handover_ids, func.count(Annotation.id))
        .join(Annotation, Annotation.note_id == Note.id)
        .where(Annotation.kind == AnnotationKind.QUESTION, Annotation.state == AnnotationState.OPEN)
        .group_by(note_items.c.item_id)
    )
    return {row[0]: row[1] for row in rows}


def _check_by(session: Session, handover_ids: list[str]) -> dict[str, date]:
    """The earliest day by which a note about an item is to be checked."""
    rows = session.execute(
        _published(handover_ids, func.min(Note.check_by))
        .where(Note.check_by.is_not(None))
        .group_by(note_items.c.item_id)
    )
    return {row[0]: row[1] for row in rows}

"""Meetings, demonstrations and practice in the manifest."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.checklists.models import Item
from kb.rehearsals.models import Meeting, PracticeRun
from kb.signoff.canonical import sha256_of


def meeting_facts(session: Session, handover_id: str) -> list[dict[str, Any]]:
    """The meetings that were held (they have minutes), by id; the minutes by their hash."""
    meetings = session.scalars(
        select(Meeting)
        .where(Meeting.handover_id == handover_id, Meeting.minutes != "")
        .options(selectinload(Meeting.links))
        .order_by(Meeting.id)
    )
    return [
        {
            "id": one.id, "kind": one.kind, "held_at": one.held_at.isoformat(),
            "attendees": [str(person.get("name", "")) for person in one.attendees],
            "items": sorted(link.item_id for link in one.links), "minutes_sha256": sha256_of(one.minutes),
        }
        for one in meetings
    ]  # fmt: skip


def practice_facts(session: Session, handover_id: str) -> list[dict[str, Any]]:
    """Every practice run, by id; the feedback by its hash."""
    runs = session.scalars(
        select(PracticeRun)
        .join(Item, Item.id == PracticeRun.item_id)
        .where(Item.handover_id == handover_id)
        .options(joinedload(PracticeRun.successor))
        .order_by(PracticeRun.id)
    )
    return [
        {
            "id": run.id, "item": run.item_id, "successor": run.successor.email if run.successor else None,
            "level": run.level, "outcome": run.outcome, "held_at": run.held_at.isoformat(),
            "feedback_sha256": sha256_of(run.feedback),
        }
        for run in runs
    ]  # fmt: skip

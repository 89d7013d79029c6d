"""Reading rehearsals: how far practice has come, and which items somebody has been shown or has tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from kb.access.permits import not_found
from kb.checklists.models import Item
from kb.rehearsals.models import Level, Meeting, MeetingItem, MeetingKind, Outcome, PracticeRun

_ORDER = {level: place for place, level in enumerate(Level)}


@dataclass(frozen=True)
class PracticeStanding:
    """How far practice of an item has come, all successors together."""

    required_level: Level | None
    required_runs: int
    best: Level | None  # the highest level that was passed
    passed_at_required: int  # runs passed at the required level or above
    runs: int
    last_at: datetime | None

    @property
    def fulfilled(self) -> bool:
        """Nothing is required, or enough was passed."""
        return self.required_level is None or self.passed_at_required >= self.required_runs


def level_passed(level: str, outcome: str) -> Level | None:
    """What a run shows: its level where it was passed; with help it was not independent; failed shows nothing."""
    if outcome == Outcome.FAILED:
        return None
    helped = outcome == Outcome.PASSED_WITH_HELP and level == Level.INDEPENDENT
    return Level.ASSISTED if helped else Level(level)


def higher(one: Level | None, other: Level | None) -> Level | None:
    """The higher of two levels."""
    return max((level for level in (one, other) if level), key=_ORDER.__getitem__, default=None)


def practice_of(session: Session, handover_ids: Iterable[str]) -> dict[str, PracticeStanding]:
    """The standing of every item of some handovers, by item, in two statements."""
    ids = list(handover_ids)
    asked = select(Item.id, Item.required_level, Item.required_runs).where(Item.handover_id.in_(ids))
    made = (
        select(PracticeRun.item_id, PracticeRun.level, PracticeRun.outcome, PracticeRun.held_at)
        .join(Item, Item.id == PracticeRun.item_id)
        .where(Item.handover_id.in_(ids))
    )
    return _standings(session.execute(asked).all(), session.execute(made).all())


def practice_of_item(session: Session, item_id: str) -> PracticeStanding:
    """The same of one item; raises NotFound."""
    asked = select(Item.id, Item.required_level, Item.required_runs).where(Item.id == item_id)
    made = select(PracticeRun.item_id, PracticeRun.level, PracticeRun.outcome, PracticeRun.held_at).where(
        PracticeRun.item_id == item_id
    )
    found = _standings(session.execute(asked).all(), session.execute(made).all()).get(item_id)
    if found is None:
        raise not_found()
    return found


def never_tried(item: Item) -> PracticeStanding:
    """The standing of an item nobody has tried: also of one that came between two statements."""
    return _standing(item, [])


def _standings(asked: Iterable[Any], made: Iterable[Any]) -> dict[str, PracticeStanding]:
    by_item: dict[str, list[Any]] = defaultdict(list)
    for run in made:
        by_item[run.item_id].append(run)
    return {item.id: _standing(item, by_item[item.id]) for item in asked}


def _standing(item: Any, runs: list[Any]) -> PracticeStanding:
    required = Level(item.required_level) if item.required_level else None
    passed = [level for run in runs if (level := level_passed(run.level, run.outcome))]
    enough = [level for level in passed if required and _ORDER[level] >= _ORDER[required]]
    return PracticeStanding(
        required_level=required,
        required_runs=max(item.required_runs, 1) if required else 0,
        best=max(passed, key=_ORDER.__getitem__, default=None),
        passed_at_required=len(enough),
        runs=len(runs),
        last_at=max((run.held_at for run in runs), default=None),
    )


def rehearsed_items(session: Session, handover_ids: Iterable[str]) -> set[str]:
    """Items of some handovers that somebody practised, or saw in a demonstration that was held (it has minutes)."""
    ids = list(handover_ids)
    practised = (
        select(PracticeRun.item_id)
        .join(Item, Item.id == PracticeRun.item_id)
        .where(Item.handover_id.in_(ids))
    )
    shown = (
        select(MeetingItem.item_id)
        .join(Meeting, Meeting.id == MeetingItem.meeting_id)
        .where(Meeting.handover_id.in_(ids), Meeting.kind == MeetingKind.DEMONSTRATION)
        .where(Meeting.minutes != "", MeetingItem.agreed.is_(False))
    )
    return set(session.scalars(union(practised, shown)))

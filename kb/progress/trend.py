"""Coverage against days left: what was recorded day by day, today as it stands, and the straight line to the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.progress.board import Board, board_of
from kb.progress.models import CoverageDay


@dataclass(frozen=True)
class Point:
    """A day of the trend; `ideal`: percent that would be filled on the straight line from the first day to the last."""

    day: date
    days_left: int
    filled: int
    asked: int
    accepted: int
    percent: int
    ideal: int


def record_day(session: Session, handover_id: str, today: date) -> CoverageDay:
    """Write down how far a handover is today, over what was written down earlier on the same day; raises NotFound."""
    board = board_of(session, handover_id, today)
    kept = session.get(CoverageDay, (handover_id, today))
    if kept is None:
        kept = CoverageDay(handover_id=handover_id, day=today)
        session.add(kept)
    kept.asked, kept.filled, kept.accepted = (
        board.coverage.asked,
        board.coverage.filled,
        board.coverage.accepted,
    )
    kept.risk = str(board.risk.level)
    session.flush()
    return kept


def trend_of(session: Session, board: Board) -> list[Point]:
    """The days recorded before the board's day, and that day as the board has it."""
    rows = session.scalars(
        select(CoverageDay)
        .where(CoverageDay.handover_id == board.handover.id, CoverageDay.day < board.today)
        .order_by(CoverageDay.day)
    )
    days = [(row.day, row.filled, row.asked, row.accepted) for row in rows]
    days.append((board.today, board.coverage.filled, board.coverage.asked, board.coverage.accepted))
    first, began = days[0][0], _percent(days[0][1], days[0][2])
    return [
        Point(day, (board.handover.last_day - day).days, filled, asked, accepted, _percent(filled, asked),
              ideal_percent(day, first, began, board.handover.last_day))
        for day, filled, asked, accepted in days
    ]  # fmt: skip


def _percent(filled: int, asked: int) -> int:
    """Rounded down, as coverage is everywhere."""
    return 100 * filled // asked if asked else 0


def ideal_percent(day: date, first: date, began: int, last_day: date) -> int:
    """Where the straight line from `began` percent on the first day to 100 on the last day stands."""
    span = last_day - first
    if span <= timedelta(0) or day >= last_day:
        return 100
    return began + round((100 - began) * ((day - first) / span))

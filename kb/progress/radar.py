"""The radar: across positions, what is known by one person only, was never rehearsed, or has gone stale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.roles import Role
from kb.checklists.models import Importance, ItemState
from kb.handovers.models import Handover, Stage
from kb.progress.board import Board, BoardItem, boards_of

MARKS = ("alone", "unrehearsed", "stale")
OVER = (Stage.CLOSED, Stage.CANCELLED)


@dataclass(frozen=True)
class Blip:
    """An item on the radar, and the marks it is there for."""

    one: BoardItem
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Sweep:
    """One handover's items on the radar, the greatest risk first, and how many there are of each mark."""

    board: Board
    blips: tuple[Blip, ...]

    @property
    def counts(self) -> dict[str, int]:
        return count_marks([self])


@dataclass(frozen=True)
class Position:
    """A position, as it is called, and the handovers of whoever holds it."""

    name: str
    sweeps: tuple[Sweep, ...]


def radar_of(session: Session, identity: Identity, today: date) -> list[Position]:
    """The positions a person manages, the greatest risk first; of handovers that are not over yet."""
    managed = identity.handovers_as(Role.MANAGER)
    ids = session.scalars(
        select(Handover.id).where(Handover.id.in_(managed), Handover.stage.not_in(OVER))
    ).all()
    sweeps = [_sweep(board) for board in boards_of(session, ids, today)] if ids else []
    by_name: dict[str, list[Sweep]] = {}
    for sweep in sweeps:
        by_name.setdefault(" ".join(sweep.board.handover.position.split()).casefold(), []).append(sweep)
    found = [Position(group[0].board.handover.position, tuple(group)) for group in by_name.values()]
    return sorted(found, key=lambda position: -_worst(position))


def count_marks(sweeps: Iterable[Sweep]) -> dict[str, int]:
    """How many items bear each mark."""
    marks = [mark for sweep in sweeps for blip in sweep.blips for mark in blip.marks]
    return {mark: marks.count(mark) for mark in MARKS}


def _worst(position: Position) -> float:
    return max((blip.one.risk.score for sweep in position.sweeps for blip in sweep.blips), default=0)


def _sweep(board: Board) -> Sweep:
    blips = (Blip(one, marks_of(one)) for one in board.by_risk())
    return Sweep(board, tuple(blip for blip in blips if blip.marks))


def marks_of(one: BoardItem) -> tuple[str, ...]:
    """Known by one person only; never rehearsed, where that matters; a passage or a note that has gone stale."""
    evidence, item = one.evidence, one.item
    minor = item.importance == Importance.LOW or item.state == ItemState.ACCEPTED
    found = {
        "alone": one.standing.alone,
        "unrehearsed": not evidence.rehearsed and not minor,
        "stale": bool(evidence.coverage.stale) or evidence.unchecked,
    }
    return tuple(mark for mark in MARKS if found[mark])

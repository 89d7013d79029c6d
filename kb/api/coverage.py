"""How far a handover is: the numbers of its board."""

from __future__ import annotations

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.api.calls import ApiRequest, call
from kb.api.coverage_shapes import (
    HandoverCoverageAnswer,
    ItemCoverageAnswer,
    PracticeAnswer,
    RiskAnswer,
    RoundAnswer,
    SlotAnswer,
)
from kb.checklists.models import Importance, ItemState
from kb.clock import today
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.notes.coverage import SlotCoverage
from kb.progress.board import BoardItem, board_of
from kb.progress.risk import Risk


def _risk_json(risk: Risk) -> RiskAnswer:
    return RiskAnswer(level=risk.level, reasons=list(risk.reasons))


def slot_json(slot: SlotCoverage) -> SlotAnswer:
    """A slot as it is answered, here and where it is marked."""
    return SlotAnswer(
        slot=slot.slot, state=slot.state, note=slot.note_id, heading=slot.heading, reason=slot.reason
    )


def _item_json(one: BoardItem) -> ItemCoverageAnswer:
    item, evidence, standing = one.item, one.evidence, one.standing
    practice, round_ = evidence.practice, standing.round
    return ItemCoverageAnswer(
        item=item.id,
        title=item.title,
        module=item.module.title,
        importance=Importance(item.importance),
        state=ItemState(item.state),
        slots=[slot_json(slot) for slot in evidence.coverage.slots],
        notes=evidence.coverage.notes,
        practice=PracticeAnswer(
            required=practice.required_level,
            required_runs=practice.required_runs,
            best=practice.best,
            runs=practice.runs,
        ),
        questions_open=evidence.questions,
        known_by_leaver_alone=standing.alone,
        comes_round=RoundAnswer(
            next_on=round_.next_on.isoformat() if round_.next_on else None,
            times_left=round_.left,
            guessed=round_.guessed,
            asks_rehearsal=standing.asks_rehearsal,
        ),
        risk=_risk_json(one.risk),
    )


@get(
    "/handovers/{handover_id:str}/coverage",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    **call(HandoverCoverageAnswer),
)
def get_coverage(
    request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]
) -> HandoverCoverageAnswer:
    """What is captured, accepted, practised and at risk, item by item; the same numbers as the board's page."""
    board = board_of(session, handover_id, today(services_of(request).settings.time_zone))
    coverage = board.coverage
    return HandoverCoverageAnswer(
        percent=coverage.percent,
        covered=coverage.covered,
        missing=coverage.missing,
        days_left=board.days_left,
        risk=_risk_json(board.risk),
        items=[_item_json(one) for one in board.items],
    )


HANDLERS: list[Any] = [get_coverage]

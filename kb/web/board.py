"""The board of a handover: what would go wrong, the trend, what is missing by risk, what blocks, what expires."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.clock import today
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.progress.blockers import blockers_of
from kb.progress.board import Board, BoardItem, board_of
from kb.progress.foretelling import foretell
from kb.progress.trend import trend_of
from kb.registers.queries import expiring, still_naming
from kb.web import handover_views as views
from kb.web.pages import page
from kb.web.sessions import reader_of
from kb.web.trend_plot import plot_of

MOST_TOLD, MOST_ROWS, MOST_BLOCKED = 8, 15, 6
EXPIRY_DAYS = 90  # how far beyond the last day expiries are looked for


@get(
    "/handovers/{handover_id:str}/board",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    sync_to_thread=True,
)
def show(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    every: FromQuery[str | None] = None,
) -> Response[str]:
    """How far the handover is and what is at risk; `every`: all that is missing, not only the first."""
    day = today(services_of(request).settings.time_zone)
    board = board_of(session, handover_id, day)
    naming = still_naming(session, handover_id)
    told = foretell(board, naming)
    missing = [one for one in board.by_risk() if one.risk.reasons]
    may_write = views.may_write_in(reader_of(request), handover_id)
    return page(
        request, "progress/board.html", handover=board.handover, facts=Facts(handover_id), board=board, day=day,
        told=told[:MOST_TOLD], told_more=max(len(told) - MOST_TOLD, 0), total=len(missing),
        missing=[_row(board, one, may_write) for one in (missing if every else missing[:MOST_ROWS])],
        plot=plot_of(trend_of(session, board), board.handover.last_day),
        blocked=blockers_of(session, board, MOST_BLOCKED), most=MOST_BLOCKED,
        rehearse=[one for one in board.by_risk() if one.standing.asks_rehearsal],
        expiring=expiring(session, [handover_id], max(board.handover.last_day, day) + timedelta(days=EXPIRY_DAYS)),
        naming={entry.id for entry in naming}, running=board.handover.stage in views.RUNNING,
    )  # fmt: skip


def _row(board: Board, one: BoardItem, may_write: bool) -> dict[str, Any]:
    """An item with something missing, and where to write it."""
    write = None
    if may_write and not one.evidence.coverage.covered:
        (gap,) = views.gaps([one.evidence.coverage], board.today, may_write=True)
        write = gap["write_href"]
    return {"item": one.item, "risk": one.risk, "round": one.standing.round, "write_href": write}


HANDLERS: list[Any] = [show]

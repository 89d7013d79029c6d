"""The radar of a manager: what hangs on one person, before anybody resigns."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from kb.clock import today
from kb.gate.guards import signed_in
from kb.gate.state import services_of
from kb.progress.radar import MARKS, Position, Sweep, count_marks, radar_of
from kb.web.pages import page
from kb.web.sessions import reader_of

MOST = 10  # items shown of one handover


@get("/radar", guards=[signed_in], sync_to_thread=True)
def show(
    request: Request[Any, Any, Any], session: NamedDependency[Session], only: FromQuery[str | None] = None
) -> Response[str]:
    """What only one person knows, what nobody has rehearsed, what is stale; `only`: one of the three."""
    positions = radar_of(session, reader_of(request), today(services_of(request).settings.time_zone))
    chosen = only if only in MARKS else None
    return page(
        request, "progress/radar.html", chosen=chosen, marks=MARKS, most=MOST,
        counts=count_marks(sweep for position in positions for sweep in position.sweeps),
        positions=[(position.name, _shown(position, chosen)) for position in positions],
    )  # fmt: skip


def _shown(position: Position, mark: str | None) -> list[tuple[Sweep, list[Any], int]]:
    """Of each handover: all that is known, the items to show, how many more there are."""
    shown = []
    for sweep in position.sweeps:
        blips = [blip for blip in sweep.blips if mark is None or mark in blip.marks]
        shown.append((sweep, blips[:MOST], max(len(blips) - MOST, 0)))
    return shown


HANDLERS: list[Any] = [show]

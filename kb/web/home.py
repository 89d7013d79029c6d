"""The first page: search, what needs the person, their handovers, what changed lately."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from litestar import Request, Response, get
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.annotations.queries import questions_to
from kb.checklists.models import Importance
from kb.clock import today
from kb.gate.guards import signed_in
from kb.gate.state import services_of
from kb.handovers.models import Handover
from kb.handovers.queries import my_handovers
from kb.notes.coverage import Coverage, ItemCoverage, coverages
from kb.notes.queries import changed_lately, my_drafts
from kb.web import handover_views as views
from kb.web.pages import page
from kb.web.sessions import reader_of

MOST_NEEDS, MOST_RECENT = 5, 6


@get("/", guards=[signed_in], sync_to_thread=True)
def home(request: Request[Any, Any, Any], session: Session) -> Response[str]:
    """What a person sees first."""
    identity = reader_of(request)
    day = today(services_of(request).settings.time_zone)
    mine = list(session.scalars(my_handovers(identity)))
    covered = coverages(session, [handover.id for handover in mine])
    unwritten = _unwritten(identity, mine, covered)
    return page(
        request, "home/home.html",
        handovers=[views.card(handover, covered[handover.id], day) for handover in mine],
        items=_lines(identity, unwritten[:MOST_NEEDS], day), items_more=max(0, len(unwritten) - MOST_NEEDS),
        questions=list(session.scalars(questions_to(identity).limit(MOST_NEEDS))),
        drafts=list(session.scalars(my_drafts(identity).limit(MOST_NEEDS))),
        recent=list(session.scalars(changed_lately(identity).limit(MOST_RECENT))),
    )  # fmt: skip


def _unwritten(
    identity: Identity, mine: Iterable[Handover], covered: dict[str, Coverage]
) -> list[ItemCoverage]:
    """Items the person owns in running handovers that have no note, due soonest and most important first."""
    running = [handover for handover in mine if handover.stage in views.RUNNING]
    last_day = {handover.id: handover.last_day for handover in running}
    order = {importance: place for place, importance in enumerate(Importance)}
    found = [
        one
        for handover in running
        for one in covered[handover.id].items
        if one.item.owner_id == identity.user_id and not one.notes
    ]
    return sorted(
        found,
        key=lambda one: (
            one.item.due or last_day[one.item.handover_id],
            order[Importance(one.item.importance)],
            one.item.position,
        ),
    )


def _lines(identity: Identity, items: Iterable[ItemCoverage], day: date) -> list[dict[str, Any]]:
    found = []
    for one in items:
        found += views.gaps([one], day, may_write=views.may_write_in(identity, one.item.handover_id))
    return found


HANDLERS: list[Any] = [home]

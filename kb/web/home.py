"""The first page: search, what needs the person, their handovers, what changed lately."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.roles import Role
from kb.annotations.queries import questions_to
from kb.checklists.models import Item
from kb.clock import today
from kb.gate.guards import signed_in
from kb.gate.state import services_of
from kb.handovers.models import Handover
from kb.handovers.queries import my_handovers
from kb.notes.coverage import ItemCoverage
from kb.notes.drafts import my_unsaved
from kb.notes.freshness import due_of, freshness
from kb.notes.queries import changed_lately, my_drafts
from kb.notes.tallies import tallies, unwritten
from kb.offboarding.queries import offered_to
from kb.pagination import count_rows
from kb.signoff.queries import begun_without
from kb.web import handover_views as views
from kb.web.draft_offers import offer_to
from kb.web.home_dates import needed
from kb.web.pages import page
from kb.web.sessions import reader_of

MOST_NEEDS, MOST_RECENT = 5, 6


@get("/", guards=[signed_in], sync_to_thread=True)
def home(request: Request[Any, Any, Any], session: NamedDependency[Session]) -> Response[str]:
    """What a person sees first."""
    identity = reader_of(request)
    day = today(services_of(request).settings.time_zone)
    mine = list(session.scalars(my_handovers(identity)))
    by_id = {handover.id: handover for handover in mine}
    covered = tallies(session, [handover.id for handover in mine])
    running = {handover.id: handover for handover in mine if handover.stage in views.RUNNING}
    waiting = unwritten(identity.user_id, running)
    items = list(session.scalars(waiting.limit(MOST_NEEDS + 1)))
    return page(
        request, "home/home.html",
        handovers=[views.card(handover, views.tally_facts(covered[handover.id]), day) for handover in mine],
        manages=bool(identity.handovers_as(Role.MANAGER)),
        items=_lines(identity, items[:MOST_NEEDS], running, day),
        items_more=count_rows(session, waiting) - MOST_NEEDS if len(items) > MOST_NEEDS else 0,
        questions=list(session.scalars(questions_to(identity).limit(MOST_NEEDS))),
        due=_due(session, identity, day),
        dated=needed(session, identity, by_id, day, {item.id for item in items}),
        to_sign=[
            (by_id[key], role) for key, role in begun_without(session, identity) if key in by_id
        ][:MOST_NEEDS],
        offers=list(session.scalars(offered_to(identity.user_id, identity.handovers_as()).limit(MOST_NEEDS))),
        unsaved=[(draft, offer_to(identity, draft)) for draft in my_unsaved(session, identity, MOST_NEEDS)],
        drafts=list(session.scalars(my_drafts(identity).limit(MOST_NEEDS))),
        recent=list(session.scalars(changed_lately(identity).limit(MOST_RECENT))),
    )  # fmt: skip


def _due(session: Session, identity: Identity, day: date) -> list[dict[str, Any]]:
    """The notes the person owns that are to be checked."""
    found = session.scalars(due_of(identity, day).limit(MOST_NEEDS))
    return [
        {"note": note, "state": freshness(note.check_by, day), "overdue": note.check_by < day}
        for note in found
        if note.check_by
    ]


def _lines(
    identity: Identity, items: Iterable[Item], handovers: Mapping[str, Handover], day: date
) -> list[dict[str, Any]]:
    """The person's items without a note, as lines."""
    found = []
    for item in items:
        may_write = views.may_write_in(identity, item.handover_id)
        (line,) = views.gaps([ItemCoverage(item, (), 0)], day, may_write=may_write)
        found.append({**line, "handover": handovers[item.handover_id]})
    return found


HANDLERS: list[Any] = [home]

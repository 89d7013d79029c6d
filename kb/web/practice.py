"""Pages of practice: an item's runs with the form to record one, and the grid of items and successors."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.checklists.queries import get_item
from kb.clock import now, today
from kb.errors import Invalid
from kb.gate.guards import allow
from kb.handovers.queries import get_handover
from kb.pagination import paginate
from kb.rehearsals.models import Level, Outcome
from kb.rehearsals.practice import record_run, remove_run
from kb.rehearsals.queries import practice_of_item
from kb.rehearsals.reading import demonstrations_of, runs_of, successors_of
from kb.web.draft_offers import saved
from kb.web.forms import Form, read_form
from kb.web.handover_forms import problems
from kb.web.meeting_forms import local, not_past, zone_of
from kb.web.pages import go, page
from kb.web.practice_view import grid, run_rows
from kb.web.sessions import reader_of

Asked = Request[Any, Any, Any]
FORM = {"form": Provide(read_form)}
FIELDS = ("successor", "level", "outcome", "feedback", "problem", "fix", "held_at", "next_on", "set_state")


@get(
    "/handovers/{handover_id:str}/practice",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    sync_to_thread=True,
)
def show_grid(request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]) -> Response[str]:
    """Who has tried what, and how far alone."""
    return page(
        request, "practice/grid.html", handover=get_handover(session, handover_id), facts=Facts(handover_id),
        today=today(zone_of(request)), **grid(session, handover_id, today(zone_of(request))),
    )  # fmt: skip


@get(
    "/items/{item_id:str}/practice",
    guards=[allow(Permission.HANDOVER_READ, "item_id")],
    sync_to_thread=True,
)
def show_runs(request: Asked, session: NamedDependency[Session], item_id: FromPath[str]) -> Response[str]:
    """An item's practice runs, and the form to record one."""
    return _page(request, session, item_id, _fresh(request, session, item_id))


@post(
    "/items/{item_id:str}/practice",
    guards=[allow(Permission.PRACTICE_RECORD, "item_id")],
    dependencies=FORM,
    sync_to_thread=True,
)
def save_run(
    request: Asked, session: NamedDependency[Session], item_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Record a practice run."""
    sent = {name: value for name in FIELDS if isinstance(value := form.get(name, ""), str)}
    data = sent | {"accept_secrets": form.get("accept_secrets", "")}
    try:
        not_past(data, "next_on", zone_of(request))
        run = record_run(session, reader_of(request), item_id, data, zone_of(request))
    except Invalid as why:
        session.rollback()
        return _page(request, session, item_id, sent, why)
    return saved(request, form, go(request, f"/items/{item_id}/practice#run-{run.id}", flash="saved"))


@post(
    "/practice-runs/{run_id:str}/delete",
    guards=[allow(Permission.PRACTICE_REMOVE, "run_id")],
    sync_to_thread=True,
)
def take_back(request: Asked, session: NamedDependency[Session], run_id: FromPath[str]) -> Response[None]:
    """Take back a run that was recorded by mistake."""
    item_id = remove_run(session, reader_of(request), run_id)
    return go(request, f"/items/{item_id}/practice", flash="removed")


def _fresh(request: Asked, session: Session, item_id: str) -> dict[str, Any]:
    """An empty form: held just now, by whoever looks if they are a successor, one level above the last passed."""
    identity, standing = reader_of(request), practice_of_item(session, item_id)
    levels = list(Level)
    reached = levels.index(standing.best) + 1 if standing.best else 0
    people = [user.email for user in successors_of(session, get_item(session, item_id).handover_id)]
    return dict.fromkeys(FIELDS, "") | {
        "level": str(levels[min(reached, len(levels) - 1)]),
        "outcome": str(Outcome.PASSED),
        "held_at": local(now(), zone_of(request)),
        "successor": identity.email if identity.email in people else next(iter(people), ""),
        "set_state": "1",
    }


def _page(
    request: Asked, session: Session, item_id: str, values: dict[str, Any], why: Invalid | None = None
) -> Response[str]:
    identity, item = reader_of(request), get_item(session, item_id)
    found = paginate(session, runs_of(item_id), cursor=request.query_params.get("cursor"))
    return page(
        request, "practice/item.html", status=422 if why else 200, item=item,
        handover=get_handover(session, item.handover_id), facts=Facts(item.handover_id),
        standing=practice_of_item(session, item_id), demonstrations=demonstrations_of(session, item_id),
        rows=run_rows(identity, item.handover_id, item_id, found.items), total=found.total, next=found.next,
        successors=[(user.email, user.name) for user in successors_of(session, item.handover_id)],
        values=dict.fromkeys(FIELDS, "") | values, guarded=bool(why and "secrets" in why.extra),
        day=today(zone_of(request)), zone=zone_of(request), **problems(why.errors if why else ()),
    )  # fmt: skip


HANDLERS: list[Any] = [show_grid, show_runs, save_run, take_back]

"""Practice runs of checklist items."""

from __future__ import annotations

from typing import Any

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.api.calls import ApiRequest, Json, call, created, page_of
from kb.api.note_json import email_of, name_of
from kb.api.people import caller
from kb.api.rehearsal_shapes import RunAnswer
from kb.api.sessions_held import zone_of
from kb.checklists.models import Level
from kb.gate.guards import allow
from kb.rehearsals.models import Outcome, PracticeRun
from kb.rehearsals.practice import record_run, remove_run
from kb.rehearsals.reading import get_run, readable, runs_of
from kb.rehearsals.schemas import RunBody


def _run_json(identity: Identity, run: PracticeRun) -> RunAnswer:
    note = readable(identity, run.note)
    return RunAnswer(
        id=run.id,
        item=run.item_id,
        successor=email_of(run.successor),
        successor_name=name_of(run.successor),
        recorded_by=email_of(run.recorded_by),
        recorded_by_name=name_of(run.recorded_by),
        level=Level(run.level),
        outcome=Outcome(run.outcome),
        feedback=run.feedback,
        problem=run.problem,
        fix=run.fix,
        next_on=run.next_on.isoformat() if run.next_on else None,
        note=note.id if note else None,
        held_at=run.held_at.isoformat(),
        created_at=run.created_at.isoformat(),
    )


@get(
    "/items/{item_id:str}/practice-runs",
    guards=[allow(Permission.HANDOVER_READ, "item_id")],
    **call(RunAnswer, listing=True),
)
def get_runs(request: ApiRequest, session: NamedDependency[Session], item_id: FromPath[str]) -> Json:
    """An item's practice runs, the latest first."""
    identity = caller(request)
    return page_of(request, session, runs_of(item_id)).map(lambda run: _run_json(identity, run))


@post(
    "/items/{item_id:str}/practice-runs",
    guards=[allow(Permission.PRACTICE_RECORD, "item_id")],
    **call(RunAnswer, body=RunBody, required="level outcome", creating=True),
)
def post_run(
    request: ApiRequest,
    session: NamedDependency[Session],
    item_id: FromPath[str],
    sent: NamedDependency[Json],
) -> Response[RunAnswer]:
    """Record a practice run that was held."""
    run = record_run(session, caller(request), item_id, sent, zone_of(request))
    return created(_run_json(caller(request), run), f"practice-runs/{run.id}")


@get(
    "/practice-runs/{run_id:str}",
    guards=[allow(Permission.HANDOVER_READ, "run_id")],
    **call(RunAnswer),
)
def get_one_run(request: ApiRequest, session: NamedDependency[Session], run_id: FromPath[str]) -> RunAnswer:
    """One practice run."""
    return _run_json(caller(request), get_run(session, run_id))


@delete("/practice-runs/{run_id:str}", guards=[allow(Permission.PRACTICE_REMOVE, "run_id")], **call())
def delete_run(request: ApiRequest, session: NamedDependency[Session], run_id: FromPath[str]) -> None:
    """Take back a run that was recorded by mistake: whoever recorded it, or a manager."""
    remove_run(session, caller(request), run_id)


HANDLERS: list[Any] = [get_runs, post_run, get_one_run, delete_run]

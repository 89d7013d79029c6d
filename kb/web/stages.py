"""Pages of a handover's way: its stages with what each needs, and the announcement."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.clock import today
from kb.errors import Conflict, Invalid
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.handovers.models import Stage
from kb.handovers.queries import get_handover
from kb.handovers.stage_changes import stage_changes_of
from kb.people.models import User
from kb.stages.announcement import draft_announcement
from kb.stages.needs import WAY, needs_between, next_stage
from kb.stages.services import announce, move_stage
from kb.stages.working_days import working_days
from kb.web.formats import days_left
from kb.web.forms import Form, read_form
from kb.web.handover_forms import problems
from kb.web.pages import go, page
from kb.web.sessions import reader_of

FORM = {"form": Provide(read_form)}


@get("/handovers/{handover_id:str}/stage", guards=[allow(Permission.HANDOVER_READ, "handover_id")],
     sync_to_thread=True)  # fmt: skip
def show(
    request: Request[Any, Any, Any], session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """Where it stands, what the next stage needs, and how it came here."""
    return _stage_page(request, session, handover_id, {})


@post("/handovers/{handover_id:str}/stage", guards=[allow(Permission.HANDOVER_EDIT, "handover_id")],
      dependencies=FORM, sync_to_thread=True)  # fmt: skip
def move(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Move it on, back or off its way; what is missing is asked about first."""
    day = today(services_of(request).settings.time_zone)
    try:
        move_stage(session, reader_of(request), handover_id, form, today=day, ask_why=True)
    except Invalid as invalid:
        session.rollback()
        return _stage_page(request, session, handover_id, form, status=422, errors=invalid.errors)
    except Conflict as conflict:
        session.rollback()
        return _stage_page(request, session, handover_id, form, status=409, conflict=conflict)
    return go(request, f"/handovers/{handover_id}/stage", flash="saved")


def _stage_page(
    request: Request[Any, Any, Any], session: Session, handover_id: str, form: Form, *, status: int = 200,
    errors: Any = (), conflict: Conflict | None = None,
) -> Response[str]:  # fmt: skip
    handover = get_handover(session, handover_id)
    day = today(services_of(request).settings.time_zone)
    here = Stage(handover.stage)
    after = next_stage(here)
    return page(
        request, "handovers/stage.html", status=status, handover=handover, facts=Facts(handover_id), values=form,
        next_stage=after, needs=needs_between(session, handover, after, day) if after else [],
        earlier=WAY[: WAY.index(here)] if here in WAY else WAY, asked=form.get("stage", ""),
        changes=stage_changes_of(session, handover_id), conflict=conflict,
        days=days_left(handover.last_day, day), buffer=working_days(day, handover.last_day), **problems(errors),
    )  # fmt: skip


@get("/handovers/{handover_id:str}/announcement", guards=[allow(Permission.HANDOVER_READ, "handover_id")],
     sync_to_thread=True)  # fmt: skip
def announcement(
    request: Request[Any, Any, Any], session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """How colleagues are told, or were."""
    return _announcement_page(request, session, handover_id, {}, [])


@post("/handovers/{handover_id:str}/announcement", guards=[allow(Permission.HANDOVER_EDIT, "handover_id")],
      dependencies=FORM, sync_to_thread=True)  # fmt: skip
def send_announcement(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Keep that colleagues were told, and how."""
    try:
        announce(session, reader_of(request), handover_id, form)
    except Invalid as invalid:
        session.rollback()
        return _announcement_page(request, session, handover_id, form, invalid.errors, status=422)
    return go(request, f"/handovers/{handover_id}/announcement", flash="saved")


def _announcement_page(
    request: Request[Any, Any, Any], session: Session, handover_id: str, form: Form, errors: Any, status: int = 200
) -> Response[str]:  # fmt: skip
    handover = get_handover(session, handover_id)
    text = form.get("announcement") or handover.announcement or draft_announcement(handover)
    told_by = session.get(User, handover.announced_by_id) if handover.announced_by_id else None
    return page(
        request, "handovers/announcement.html", status=status, handover=handover, facts=Facts(handover_id), text=text,
        told_by=told_by, **problems(errors),
    )  # fmt: skip


HANDLERS: list[Any] = [show, move, announcement, send_announcement]

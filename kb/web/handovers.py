"""Pages of handovers: the list, one with its coverage, starting and changing one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.access.roles import Role
from kb.annotations.queries import open_questions
from kb.checklists.models import Importance, Item, ItemState
from kb.checklists.services import begin_handover
from kb.checklists.template_queries import all_templates
from kb.clock import today
from kb.errors import FieldError, Invalid
from kb.gate.guards import allow, signed_in
from kb.gate.state import services_of
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import get_handover, my_handovers, people_in
from kb.i18n import current_locale
from kb.notes.coverage import Coverage, coverage_of
from kb.notes.freshness import count_due, freshness, is_due
from kb.notes.models import Note
from kb.notes.queries import notes_in
from kb.notes.tallies import tallies
from kb.pagination import count_rows
from kb.progress.board import Board, board_of
from kb.progress.foretelling import Foretold, foretell
from kb.registers.queries import still_naming
from kb.rehearsals.queries import PracticeStanding, practice_of
from kb.search.gaps.queries import count_gaps
from kb.stages.needs import next_stage
from kb.stages.working_days import working_days
from kb.web import handover_settings, members
from kb.web import handover_views as views
from kb.web.formats import days_left
from kb.web.forms import Form, read_form
from kb.web.handover_forms import (
    MORE_ROWS,
    Row,
    members_of,
    past_day,
    placed,
    problems,
    row_errors,
    typed_rows,
    with_room,
)
from kb.web.pages import go, is_fragment, page
from kb.web.sessions import reader_of

RECENT_NOTES = 12
MOST_DUE = 200
TOLD = 4


@get("/handovers", guards=[signed_in], sync_to_thread=True)
def list_handovers(request: Request[Any, Any, Any], session: NamedDependency[Session]) -> Response[str]:
    """Every handover the person is in."""
    identity = reader_of(request)
    mine = list(session.scalars(my_handovers(identity)))
    covered = tallies(session, [handover.id for handover in mine])
    day = today(services_of(request).settings.time_zone)
    cards = [views.card(handover, views.tally_facts(covered[handover.id]), day) for handover in mine]
    return page(
        request, "handovers/list.html", handovers=cards, manages=bool(identity.handovers_as(Role.MANAGER))
    )


@get("/handovers/new", guards=[signed_in], sync_to_thread=True)
def new_form(request: Request[Any, Any, Any], session: NamedDependency[Session]) -> Response[str]:
    """The form to start one."""
    return _new_page(request, session, {}, with_room([]), [])


@post("/handovers", guards=[signed_in], dependencies={"form": Provide(read_form)}, sync_to_thread=True)
def create(
    request: Request[Any, Any, Any], session: NamedDependency[Session], form: NamedDependency[Form]
) -> Response[Any]:
    """Start a handover, or give more rows for people."""
    identity = reader_of(request)
    rows = typed_rows(form)
    if "more" in form:
        return _new_page(request, session, form, with_room(rows, more=MORE_ROWS), [])
    day = today(services_of(request).settings.time_zone)
    try:
        handover = begin_handover(
            session, identity, {**form, "members": members_of(rows)}, current_locale(), today=day,
            wrong=[*row_errors(rows), *past_day(form, day)],
        )  # fmt: skip
    except Invalid as invalid:
        session.rollback()
        errors = placed(invalid.errors, rows, str(form.get("leaver", "")))
        return _new_page(request, session, form, with_room(rows), errors, status=422)
    return go(request, f"/handovers/{handover.id}", flash="created")


def _new_page(
    request: Request[Any, Any, Any],
    session: Session,
    form: Form,
    rows: list[Row],
    errors: list[FieldError],
    status: int = 200,
) -> Response[str]:
    locale = current_locale()
    templates = [
        (template.id, template.titles[locale], template.descriptions[locale], template.size)
        for template in all_templates(session)
    ]
    values = {"language": locale, "template": templates[0][0] if templates else "", **form}
    return page(
        request,
        "handovers/new.html",
        status=status,
        values=values,
        rows=rows,
        templates=templates,
        **problems(errors),
    )


@get(
    "/handovers/{handover_id:str}",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    sync_to_thread=True,
)
def show(
    request: Request[Any, Any, Any],
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    module: FromQuery[str | None] = None,
    fresh: FromQuery[str | None] = None,
) -> Response[str]:
    """What would go wrong, what is covered, the latest notes."""
    may_write = views.may_write_in(reader_of(request), handover_id)
    if is_fragment(request):
        grid = _grid(
            coverage_of(session, handover_id), practice_of(session, [handover_id]), may_write, module
        )
        grid["modules"] = [row for row in grid["modules"] if row["id"] == module]
        return page(request, "handovers/_rows.html", handover=get_handover(session, handover_id), **grid)
    day = today(services_of(request).settings.time_zone)
    board = board_of(session, handover_id, day)
    handover, coverage = board.handover, board.coverage
    practice = {one.item.id: one.evidence.practice for one in board.items}
    told = foretell(board, still_naming(session, handover_id))
    return page(
        request, "handovers/show.html", facts=Facts(handover_id), module=module, may_write=may_write,
        next_stage=next_stage(Stage(handover.stage)), told_more=max(len(told) - TOLD, 0),
        told=_told(board, told[:TOLD], may_write),
        **_grid(coverage, practice, may_write, module), **_head(handover, coverage, days_left(handover.last_day, day)),
        **_notes(request, session, handover_id, module, day if fresh == "due" else None),
        **_freshness(session, handover_id, day),
    )  # fmt: skip


def _told(board: Board, told: Iterable[Foretold], may_write: bool) -> list[tuple[Foretold, Any]]:
    """What would go wrong, each with what is missing of the item and where to write it."""
    uncovered = {one.item.id: one for one in board.coverage.items if not one.covered}
    ones = [(one, uncovered.get(one.item_id or "")) for one in told]
    return [
        (one, views.gaps([item], board.today, may_write=may_write)[0] if item else None) for one, item in ones
    ]


def _grid(
    coverage: Coverage, practice: Mapping[str, PracticeStanding], may_write: bool, opened: str | None
) -> dict[str, Any]:
    return {
        "modules": views.module_rows(coverage, practice, may_write=may_write, opened=opened),
        "practised": any(one.runs or one.required_level for one in practice.values()),
        "slots": views.used_slots(coverage),
    }


def _head(handover: Handover, coverage: Coverage, days: int) -> dict[str, Any]:
    critical = [one for one in coverage.items if one.item.importance == Importance.CRITICAL and one.untouched]
    return {
        "handover": handover,
        "leaver": people_in(handover, Role.LEAVER)[0].name,
        "members": [
            {"role": m.role, "name": m.user.name, "email": m.user.email}
            for m in sorted(handover.memberships, key=lambda m: m.user.name)
        ],
        "days": days,
        "buffer": working_days(handover.last_day - timedelta(days=days), handover.last_day),
        "running": handover.stage in views.RUNNING,
        "past": handover.stage in views.RUNNING and days < 0,
        "short": handover.stage in views.RUNNING and 0 <= days < views.BUFFER_DAYS,
        "coverage": views.coverage_facts(coverage),
        "items": len(coverage.items),
        "uncovered": coverage.missing,
        "critical": len(critical),
        "accepted": sum(one.item.state == ItemState.ACCEPTED for one in coverage.items),
    }


def _notes(
    request: Request[Any, Any, Any], session: Session, handover_id: str, module: str | None, due: date | None
) -> dict[str, Any]:
    """The latest notes, of one module if asked for; `due`: only what is to be checked on that day, oldest first."""
    identity = reader_of(request)
    shown = notes_in(identity, handover_id)
    if module:
        shown = shown.where(Note.items.any(Item.module_id == module))
    if due:
        shown = shown.where(is_due(due)).order_by(None).order_by(Note.check_by, Note.id)
    questions = open_questions(identity).where(Note.handover_id == handover_id)
    return {
        "notes": list(session.scalars(shown.limit(MOST_DUE if due else RECENT_NOTES))),
        "only_due": due is not None,
        "note_count": count_rows(session, shown),
        "questions": count_rows(session, questions),
        "gap_count": count_gaps(session, handover_id)
        if can(identity, Permission.GAPS_READ, Facts(handover_id))
        else 0,
    }


def _freshness(session: Session, handover_id: str, day: date) -> dict[str, Any]:
    """How many notes are to be checked, and how a template asks about one."""
    due, overdue = count_due(session, handover_id, day)
    return {
        "due": due,
        "overdue": overdue,
        "freshness_of": lambda note: freshness(note.check_by, day),
        "day": day,
    }


HANDLERS: list[Any] = [list_handovers, new_form, create, show, *handover_settings.HANDLERS, *members.HANDLERS]

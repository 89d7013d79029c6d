"""Handovers, their members, and the templates they start from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from litestar import Response, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.access.roles import Role
from kb.api.calls import ApiRequest, Json, call, created, page_of, page_of_list
from kb.api.people import caller
from kb.api.shapes import CoverageAnswer, HandoverAnswer, MemberAnswer, TemplateAnswer
from kb.checklists.services import begin_handover
from kb.checklists.template_queries import all_templates
from kb.checklists.templates import Template
from kb.clock import today
from kb.gate.feeds import feed_addresses
from kb.gate.guards import allow, signed_in
from kb.gate.state import services_of
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import get_handover, my_handovers
from kb.handovers.schemas import HandoverBody, MemberBody, check_members
from kb.handovers.services import join_as_administrator
from kb.i18n import current_locale
from kb.notes.coverage import Coverage, coverages
from kb.notes.ownership import change_members
from kb.pagination import Page
from kb.stages.services import change_with_stage
from kb.validation import Checker

_ROLES = list(Role)


def _template_json(template: Template) -> TemplateAnswer:
    return TemplateAnswer(
        id=template.id,
        title=template.titles[current_locale()],
        titles=template.titles,
        descriptions=template.descriptions,
        version=template.version,
        modules=len(template.modules),
        items=template.size,
    )


@get("/templates", guards=[signed_in], **call(TemplateAnswer, listing=True))
def get_templates(request: ApiRequest, session: NamedDependency[Session]) -> Json:
    """The checklists a handover can start from: those that come with the program and those kept here."""
    return page_of_list(request, all_templates(session)).map(_template_json)


def _members(handover: Handover) -> list[MemberAnswer]:
    entries = sorted(
        handover.memberships, key=lambda m: (_ROLES.index(Role(m.role)), m.user.name, m.user.email)
    )
    return [MemberAnswer(email=m.user.email, name=m.user.name, role=Role(m.role)) for m in entries]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _handover_json(handover: Handover, coverage: Coverage, calendar: str, now: date) -> HandoverAnswer:
    members = _members(handover)
    return HandoverAnswer(
        id=handover.id,
        title=handover.title,
        position=handover.position,
        department=handover.department,
        language=handover.language,
        stage=Stage(handover.stage),
        leaver=next((member["email"] for member in members if member["role"] is Role.LEAVER), None),
        last_day=handover.last_day.isoformat(),
        support_until=_day(handover.support_until),
        confirmed_on=_day(handover.confirmed_on),
        confirmed_by=handover.confirmed_by,
        template=handover.template_id,
        template_version=handover.template_version,
        days_left=(handover.last_day - now).days,
        members=members,
        coverage=CoverageAnswer(percent=coverage.percent, covered=coverage.covered, missing=coverage.missing),
        calendar_url=calendar,
        created_at=handover.created_at.isoformat(),
        updated_at=handover.updated_at.isoformat(),
    )


def _answers(request: ApiRequest, session: Session, handovers: Iterable[Handover]) -> list[HandoverAnswer]:
    """Handovers as answered, with their coverage in as many statements as for one."""
    found = list(handovers)
    ids = [handover.id for handover in found]
    covered, feeds = coverages(session, ids), feed_addresses(request, session, caller(request).user_id, ids)
    now = today(services_of(request).settings.time_zone)
    return [_handover_json(one, covered[one.id], feeds[one.id], now) for one in found]


@get("/handovers", guards=[signed_in], **call(HandoverAnswer, listing=True))
def get_handovers(request: ApiRequest, session: NamedDependency[Session]) -> Json:
    """The handovers one is in, running ones first, by last day."""
    page = page_of(request, session, my_handovers(caller(request)))
    return Page(_answers(request, session, page.items), page.total, page.next).map(lambda answer: answer)


@post(
    "/handovers",
    guards=[allow(Permission.HANDOVER_CREATE)],
    **call(HandoverAnswer, body=HandoverBody, required="title position leaver last_day", creating=True),
)
def post_handover(
    request: ApiRequest, session: NamedDependency[Session], sent: NamedDependency[Json]
) -> Response[HandoverAnswer]:
    """Create a handover; whoever does becomes a manager of it."""
    day = today(services_of(request).settings.time_zone)
    handover = begin_handover(session, caller(request), sent, current_locale(), today=day)
    (answer,) = _answers(request, session, [handover])
    return created(answer, f"handovers/{handover.id}")


@get(
    "/handovers/{handover_id:str}",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    **call(HandoverAnswer),
)
def get_one(
    request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]
) -> HandoverAnswer:
    """A handover with its members, coverage and days left."""
    return _answers(request, session, [get_handover(session, handover_id)])[0]


@patch(
    "/handovers/{handover_id:str}",
    guards=[allow(Permission.HANDOVER_EDIT, "handover_id")],
    **call(HandoverAnswer, body=HandoverBody),
)
def patch_handover(
    request: ApiRequest,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    sent: NamedDependency[Json],
) -> HandoverAnswer:
    """Change the fields that are sent; members have a call of their own.

    A stage that needs something first is entered all the same; what was missing is kept, with `override_reason`.
    """
    day = today(services_of(request).settings.time_zone)
    changed = change_with_stage(session, caller(request), handover_id, sent, today=day)
    return _answers(request, session, [changed])[0]


@put(
    "/handovers/{handover_id:str}/members",
    guards=[allow(Permission.MEMBERS_MANAGE, "handover_id")],
    **call(HandoverAnswer, body=list[MemberBody]),
)
def put_members(
    request: ApiRequest,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    sent: NamedDependency[list[Any]],
) -> HandoverAnswer:
    """Replace the list of members, which keeps one leaver and at least one manager.

    Notes that somebody taken out owned pass on to the only successor, else to a manager.
    """
    check = Checker({})
    members = check_members(check, "members", sent)
    changed, _passed = change_members(session, caller(request), handover_id, members, wrong=check.errors)
    return _answers(request, session, [changed])[0]


@post(
    "/handovers/{handover_id:str}/join",
    guards=[allow(Permission.HANDOVER_JOIN, "handover_id")],
    **call(HandoverAnswer, errors=(409,)),
)
def post_join(
    request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[HandoverAnswer]:
    """An administrator adds themselves as a manager; it is recorded."""
    join_as_administrator(session, caller(request), handover_id)
    session.flush()
    (answer,) = _answers(request, session, [get_handover(session, handover_id)])
    return created(answer, f"handovers/{handover_id}")


HANDLERS: list[Any] = [
    get_templates,
    get_handovers,
    post_handover,
    get_one,
    patch_handover,
    put_members,
    post_join,
]

"""The form in which a change to the template is proposed: add, change or drop an item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.access.permits import not_found
from kb.checklists.models import Item
from kb.checklists.queries import items_of
from kb.checklists.template_reading import Mistaken
from kb.checklists.templates import Practice, Template, item_of
from kb.errors import Conflict, FieldError, Invalid
from kb.gate.guards import allow
from kb.handovers.models import Handover
from kb.handovers.queries import get_handover
from kb.retrospectives.models import RetrospectiveAnswer
from kb.retrospectives.proposals import MOST_WHY, propose
from kb.retrospectives.queries import current_template
from kb.retrospectives.questions import USUAL, ProposalKind, Question
from kb.retrospectives.services import open_handover
from kb.web.forms import Form, read_form
from kb.web.pages import go, page
from kb.web.sessions import reader_of
from kb.web.template_forms import field_errors, item_data, item_typed, item_values, problems, said

Asked = Request[Any, Any, Any]
FORM = {"form": Provide(read_form)}
MAY = [allow(Permission.RETROSPECT, "handover_id")]


@get("/handovers/{handover_id:str}/retrospective/propose", guards=MAY, sync_to_thread=True)
def propose_form(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """The form, filled from what it starts from: an item of the template, one of the checklist, an answer."""
    asked = dict(request.query_params)
    handover = open_handover(session, reader_of(request), handover_id)
    template = current_template(session, handover)
    if template is None:
        raise not_found()
    values = _begun(session, handover, template, asked) | {
        "why": _answer(session, request, handover_id, asked)
    }
    return _page(request, handover, template, values)


def _begun(session: Session, handover: Handover, template: Template, asked: dict[str, str]) -> dict[str, Any]:
    question = asked.get("question", "")
    usual = USUAL[Question(question)] if question in set(Question) else ProposalKind.ADD
    kind = asked.get("kind") if asked.get("kind") in set(ProposalKind) else str(usual)
    begun = {
        "kind": kind,
        "question": question,
        "item": asked.get("item", ""),
        "from_item": asked.get("from", ""),
    }
    if kind == ProposalKind.ADD:
        mine = _of_checklist(session, handover, begun["from_item"])
        return item_values(None, template.modules[0] if template.modules else None) | (
            _from_checklist(mine, handover, template) if mine else {}
        ) | begun  # fmt: skip
    item = template.item(begun["item"])
    return (item_values(item, template.module_of(item.key)) if item else {}) | begun


def _of_checklist(session: Session, handover: Handover, item_id: Any) -> Item | None:
    found = session.scalars(items_of(handover.id).where(Item.id == str(item_id))).unique()
    return next(iter(found), None)


def _from_checklist(item: Item, handover: Handover, template: Template) -> dict[str, Any]:
    """An item of a checklist as the template would have it, in the one language it was written in."""
    language = handover.language
    content = {
        "key": "item", "titles": {language: item.title}, "guidance": {language: item.guidance},
        "importance": item.importance, "slots": [slot.slot for slot in item.slots], "kinds": item.kinds,
        "rhythm": item.rhythm,
        "due_days_before": (handover.last_day - item.due).days if item.due and item.due <= handover.last_day else None,
    }  # fmt: skip
    home = next((m for m in template.modules if item.module.title in m.titles.values()), None)
    values = item_values(item_of(content), home)
    if item.required_level:
        practice = Practice(item.required_level, item.required_runs)  # type: ignore[arg-type]
        values |= {"practice-level": str(practice.level), "practice-runs": practice.runs}
    return values


def _answer(session: Session, request: Asked, handover_id: str, asked: dict[str, str]) -> str:
    """What the person answered to the question the proposal comes from."""
    mine = session.get(
        RetrospectiveAnswer, (handover_id, reader_of(request).user_id, asked.get("question", ""))
    )
    return mine.answer[:MOST_WHY] if mine else ""


def _page(
    request: Asked, handover: Handover, template: Template, values: dict[str, Any], *, status: int = 200,
    errors: Iterable[FieldError] = (), conflict: str = "", guarded: bool = False,
) -> Response[str]:  # fmt: skip
    return page(
        request, "retrospective/propose.html", status=status, handover=handover, facts=Facts(handover.id),
        current=template, item=template.item(values.get("item")), values=values, conflict=conflict,
        guarded=guarded, **problems(errors),
    )  # fmt: skip


@post(
    "/handovers/{handover_id:str}/retrospective/propose", guards=MAY, dependencies=FORM, sync_to_thread=True
)
def send(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Propose it."""
    names = ("kind", "item", "module", "why", "question", "from_item", "accept_secrets")
    data = {name: said(form, name) for name in names} | {"fields": item_data(form, "item")}
    try:
        propose(session, reader_of(request), handover_id, data)
    except Mistaken as mistaken:
        return _again(request, session, handover_id, form, errors=field_errors(mistaken), status=422)
    except Invalid as invalid:
        return _again(
            request, session, handover_id, form, errors=invalid.errors, status=422,
            guarded="secrets" in invalid.extra,
        )  # fmt: skip
    except Conflict as conflict:
        return _again(request, session, handover_id, form, conflict=conflict.message, status=409)
    return go(request, f"/handovers/{handover_id}/retrospective#proposals", flash="created")


def _again(request: Asked, session: Session, handover_id: str, form: Form, **more: Any) -> Response[str]:
    session.rollback()
    handover = get_handover(session, handover_id)
    template = current_template(session, handover)
    if template is None:
        raise not_found()
    return _page(request, handover, template, item_typed(form), **more)


HANDLERS: list[Any] = [propose_form, send]

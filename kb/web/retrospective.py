"""Looking back on a handover: five questions, each person's answers, and what is proposed for the template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.errors import Conflict, Invalid
from kb.gate.guards import allow
from kb.handovers.queries import get_handover
from kb.i18n import _
from kb.retrospectives.proposals import accept_proposal, decline_proposal
from kb.retrospectives.queries import answers_in, current_template, get_proposal, own_way, proposals_in
from kb.retrospectives.questions import ASKED_IN, USUAL, words
from kb.retrospectives.services import save_answers
from kb.web.forms import Form, read_form
from kb.web.pages import go, page
from kb.web.sessions import reader_of

Asked = Request[Any, Any, Any]
FORM = {"form": Provide(read_form)}
LOOKS = [allow(Permission.HANDOVER_READ, "proposal_id")]
DECIDES = [allow(Permission.PROPOSAL_DECIDE, "proposal_id")]


@get("/handovers/{handover_id:str}/retrospective", guards=[allow(Permission.HANDOVER_READ, "handover_id")],
     sync_to_thread=True)  # fmt: skip
def show(request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]) -> Response[str]:
    """The questions, everybody's answers, the proposals."""
    return _page(request, session, handover_id)


@post("/handovers/{handover_id:str}/retrospective", guards=[allow(Permission.RETROSPECT, "handover_id")],
      dependencies=FORM, sync_to_thread=True)  # fmt: skip
def answer(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Save one's own answers."""
    try:
        changed = save_answers(session, reader_of(request), handover_id, form)
    except Invalid as wrong:
        session.rollback()
        return _page(request, session, handover_id, typed=form, wrong=wrong, status=422)
    except Conflict as early:
        session.rollback()
        return _page(request, session, handover_id, typed=form, conflict=early.message, status=409)
    return go(request, f"/handovers/{handover_id}/retrospective", flash="saved" if changed else "unchanged")


def _page(
    request: Asked, session: Session, handover_id: str, *, typed: Form | None = None, wrong: Invalid | None = None,
    conflict: str = "", status: int = 200,
) -> Response[str]:  # fmt: skip
    identity, handover = reader_of(request), get_handover(session, handover_id)
    answers = list(session.scalars(answers_in(handover_id)))
    proposals = list(session.scalars(proposals_in(handover_id)))
    template = current_template(session, handover)
    mine = {one.question: one.answer for one in answers if one.user_id == identity.user_id}
    asked = handover.stage in ASKED_IN
    may = asked and can(identity, Permission.RETROSPECT, Facts(handover_id))
    told = [one for one in answers if one.user_id != identity.user_id or not may]
    rows = [
        {
            "key": str(question), "words": said, "mine": (typed or mine).get(question, ""),
            "answered": question in mine, "kind": str(USUAL[question]),
            "others": [one for one in told if one.question == question],
        }
        for question, said in words().items()
    ]  # fmt: skip
    errors = [(error.field, error.message) for error in wrong.errors] if wrong else []
    return page(
        request, "retrospective/show.html", status=status, handover=handover, facts=Facts(handover_id), rows=rows,
        asked=asked, may=may, proposals=proposals, current=template, conflict=conflict, errors=_named(errors),
        err=dict(reversed(errors)), guarded=bool(wrong and "secrets" in wrong.extra),
        own=own_way(session, handover, template, proposals) if template and may else None,
    )  # fmt: skip


def _named(errors: list[tuple[str, str]]) -> list[tuple[str, str]]:
    asked = {str(question): said.asked for question, said in words().items()}
    return [
        (field, _("%(field)s: %(message)s") % {"field": asked.get(field, field), "message": message})
        for field, message in errors
    ]


@post("/proposals/{proposal_id:str}/accept", guards=DECIDES, sync_to_thread=True)
def accept(request: Asked, session: NamedDependency[Session], proposal_id: FromPath[str]) -> Response[Any]:
    """Take a change into the template."""
    return _decided(request, session, proposal_id, accept_proposal)


@post("/proposals/{proposal_id:str}/decline", guards=DECIDES, sync_to_thread=True)
def decline(request: Asked, session: NamedDependency[Session], proposal_id: FromPath[str]) -> Response[Any]:
    """Leave the template as it is."""
    return _decided(request, session, proposal_id, decline_proposal)


def _decided(
    request: Asked, session: Session, proposal_id: str, decide: Callable[[Session, Identity, str], Any]
) -> Response[Any]:
    handover_id = get_proposal(session, proposal_id).handover_id
    try:
        decide(session, reader_of(request), proposal_id)
    except Conflict as conflict:
        session.rollback()
        return _page(request, session, handover_id, conflict=conflict.message, status=409)
    return go(request, f"/handovers/{handover_id}/retrospective#proposals", flash="saved")


@get("/proposals/{proposal_id:str}/accept", guards=LOOKS, sync_to_thread=True)
def back(request: Asked, session: NamedDependency[Session], proposal_id: FromPath[str]) -> Response[None]:
    """Where a reload or a change of language leads after a refused decision."""
    return go(request, f"/handovers/{get_proposal(session, proposal_id).handover_id}/retrospective")


@get("/proposals/{proposal_id:str}/decline", guards=LOOKS, sync_to_thread=True)
def back_too(request: Asked, session: NamedDependency[Session], proposal_id: FromPath[str]) -> Response[None]:
    """The same."""
    return go(request, f"/handovers/{get_proposal(session, proposal_id).handover_id}/retrospective")


HANDLERS: list[Any] = [show, answer, accept, decline, back, back_too]

"""Answering the five questions: each person for themselves, again as often as they like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.clock import now
from kb.errors import Conflict
from kb.handovers.models import Handover
from kb.handovers.queries import get_handover
from kb.i18n import _
from kb.notes.guarding import accepts, guard, record_accepted
from kb.retrospectives.models import RetrospectiveAnswer
from kb.retrospectives.questions import ASKED_IN, Question
from kb.validation import Checker, is_visible

MOST_ANSWER = 4000  # characters


def open_handover(session: Session, identity: Identity, handover_id: str) -> Handover:
    """The handover, if the person may look back on it and it is time to; raises Conflict before that."""
    require(identity, Permission.RETROSPECT, Facts(handover_id))
    handover = get_handover(session, handover_id)
    if handover.stage not in ASKED_IN:
        raise Conflict(_("The questions are asked once the work is being handed over, from the stage "
                         "“Transferring” on."))  # fmt: skip
    return handover


def save_answers(session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any]) -> int:
    """Save one's own answers; what is emptied is taken back. Returns how many changed.

    Raises Invalid, Conflict.
    """
    open_handover(session, identity, handover_id)
    check = Checker(data)
    sent = {q: check.text(q, most=MOST_ANSWER, required=False) for q in Question if check.has(q)}
    check.done()
    given = _mine(session, identity, handover_id)
    before = {question: one.answer for question, one in given.items()}
    secrets = guard({str(q): text for q, text in sent.items()}, before, accepted=accepts(data))
    changed = [q for q, text in sent.items() if _keep(session, identity, handover_id, q, text, given.get(q))]
    if changed:
        record(
            session, actor_id=identity.user_id, action="retrospective.answered", object_type="handover",
            object_id=handover_id, handover_id=handover_id, questions=sorted(str(q) for q in changed),
        )  # fmt: skip
        record_accepted(session, identity, secrets, "retrospective", handover_id, handover_id)
    session.flush()
    return len(changed)


def _mine(session: Session, identity: Identity, handover_id: str) -> dict[str, RetrospectiveAnswer]:
    rows = session.scalars(
        select(RetrospectiveAnswer).where(
            RetrospectiveAnswer.handover_id == handover_id, RetrospectiveAnswer.user_id == identity.user_id
        )
    )
    return {row.question: row for row in rows}


def _keep(
    session: Session, identity: Identity, handover_id: str, question: Question, text: str,
    given: RetrospectiveAnswer | None,
) -> bool:  # fmt: skip
    """Whether anything changed."""
    if not is_visible(text):
        if given:
            session.delete(given)
        return given is not None
    if given is None:
        session.add(
            RetrospectiveAnswer(
                handover_id=handover_id, user_id=identity.user_id, question=str(question), answer=text,
                answered_at=now(),
            )
        )  # fmt: skip
        return True
    if given.answer == text:
        return False
    given.answer, given.answered_at = text, now()
    return True

"""Moving a handover on, back, or off its way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.clock import now
from kb.errors import Conflict, Invalid
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import get_handover
from kb.handovers.services import change_handover
from kb.handovers.stage_changes import set_stage
from kb.i18n import _
from kb.notes.reasons import override_reason
from kb.stages.needs import WAY, needs_between
from kb.validation import Checker


def move_stage(
    session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any], *, today: date,
    ask_why: bool = False,
) -> Handover:  # fmt: skip
    """Move it to `stage`; what was not met on the way is kept with `override_reason`.

    `ask_why`: going on with something unmet, going back and cancelling are refused without a reason:
    Conflict with `blocking` where something is unmet, else Invalid. A page asks; a script is believed.
    """
    require(identity, Permission.HANDOVER_EDIT, Facts(handover_id))
    check = Checker(data)
    stage = check.choice("stage", Stage)
    check.done()
    reason = override_reason(data)
    handover = get_handover(session, handover_id)
    unmet = [
        need for need in needs_between(session, handover, stage, today) if not need.met and not need.advice
    ]
    if ask_why and not reason and handover.stage != stage:
        if unmet:
            raise Conflict(
                _("Something is still missing. See to it first, or say why you go on all the same."),
                blocking=[{"need": need.name, "reason": need.text} for need in unmet],
            )
        if _needs_a_reason(Stage(handover.stage), stage):
            raise Invalid.field("override_reason", _("Say why, so that the others understand it later."))
    set_stage(session, identity, handover, stage, reason=reason, unmet=[need.name for need in unmet])
    return handover


def _needs_a_reason(here: Stage, there: Stage) -> bool:
    if here == Stage.CANCELLED or there == Stage.CANCELLED:
        return True
    return WAY.index(there) < WAY.index(here)


def change_with_stage(
    session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any], *, today: date
) -> Handover:
    """Change the fields that were sent, the stage among them."""
    fields = {name: value for name, value in data.items() if name not in {"stage", "override_reason"}}
    handover = change_handover(session, identity, handover_id, fields)
    if "stage" in data:
        handover = move_stage(session, identity, handover_id, data, today=today)
    return handover


def announce(session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any]) -> Handover:
    """Keep the words with which colleagues were told, and when; telling them again is kept in its place."""
    require(identity, Permission.HANDOVER_EDIT, Facts(handover_id))
    check = Checker(data)
    text = check.text("announcement", most=8000)
    check.done()
    handover = get_handover(session, handover_id)
    handover.announcement = text
    handover.announced_at = handover.updated_at = now()
    handover.announced_by_id = identity.user_id
    record(
        session, actor_id=identity.user_id, action="handover.announced", object_type="handover",
        object_id=handover_id, handover_id=handover_id,
    )  # fmt: skip
    session.flush()
    return handover

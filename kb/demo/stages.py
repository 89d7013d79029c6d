"""How far the demo's handovers are on their way, since when; colleagues have been told; one thing is offered."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.roles import Role
from kb.checklists.models import Item
from kb.demo.calendar import Calendar
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import get_handover, people_in
from kb.handovers.stage_changes import set_stage, stage_changes_of
from kb.offboarding.services import offer
from kb.stages.announcement import draft_announcement
from kb.stages.needs import WAY
from kb.stages.services import announce

# Days before today on which the stages behind it were left, the latest first.
LEFT_DAYS_AGO = (3.0, 8.0, 30.0, 60.0)
TOLD_AFTER_DAYS = 1.5


def load_stages(
    session: Session, calendar: Calendar, manager: Identity, handover: Handover, stage: str
) -> None:
    """Walk the handover to its stage, tell colleagues, and offer the successor the first duty."""
    handover = get_handover(session, handover.id)
    announce(session, manager, handover.id, {"announcement": draft_announcement(handover)})
    handover.announced_at = handover.created_at + (calendar.moment(0) - calendar.moment(TOLD_AFTER_DAYS))
    for after in WAY[1 : WAY.index(Stage(stage)) + 1]:
        set_stage(session, manager, handover, after)
    days = LEFT_DAYS_AGO
    for change, ago in zip(reversed(stage_changes_of(session, handover.id)), days, strict=False):
        change.at = max(calendar.moment(ago), handover.announced_at)
    leaver, successors = people_in(handover, Role.LEAVER)[0], people_in(handover, Role.SUCCESSOR)
    duties = select(Item.id).where(Item.handover_id == handover.id, Item.owner_id == leaver.id)
    first = session.scalar(duties.where(Item.rhythm.is_not(None)).order_by(Item.position).limit(1))
    if first and successors:
        offer(session, manager, handover.id, to=successors[0].email, things=[f"item:{first}"])
    session.flush()

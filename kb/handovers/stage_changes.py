"""Moving a handover from one stage to another; what each needs first is decided above, in `kb.stages`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kb.access.identity import Identity
from kb.activity.record import record
from kb.clock import now
from kb.handovers.models import Handover, Stage, StageChange


def set_stage(
    session: Session, identity: Identity, handover: Handover, stage: Stage, *, reason: str = "",
    unmet: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write the stage and keep the change; the caller has asked for the right. The same stage is no change.

    `unmet`: names of the needs that were not met; `reason`: why all the same.
    """
    if handover.stage == stage:
        return
    moment = now()
    session.add(
        StageChange(
            handover_id=handover.id, was=str(handover.stage), became=str(stage), by_id=identity.user_id,
            at=moment, reason=reason, unmet=list(unmet),
        )
    )  # fmt: skip
    record(
        session, actor_id=identity.user_id, action="handover.stage", object_type="handover",
        object_id=handover.id, handover_id=handover.id, was=str(handover.stage), became=str(stage),
        reason=reason, unmet=list(unmet),
    )  # fmt: skip
    handover.stage = str(stage)
    handover.updated_at = moment
    session.flush()


def stage_changes_of(session: Session, handover_id: str) -> list[StageChange]:
    """The stages a handover has gone through, oldest first, with who moved it."""
    return list(
        session.scalars(
            select(StageChange)
            .where(StageChange.handover_id == handover_id)
            .options(joinedload(StageChange.by))
            .order_by(StageChange.at, StageChange.id)
        )
    )

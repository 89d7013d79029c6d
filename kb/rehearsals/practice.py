"""Recording practice: who tried what, how far alone, what went wrong and what was said about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import can, require
from kb.activity.record import record
from kb.checklists.models import ItemState
from kb.checklists.queries import get_item, item_facts
from kb.checklists.services import change_item
from kb.clock import now
from kb.errors import Invalid
from kb.i18n import _
from kb.ids import new_id
from kb.notes.guarding import accepts, guard, record_accepted
from kb.people.models import User
from kb.rehearsals.models import Level, PracticeRun
from kb.rehearsals.queries import level_passed
from kb.rehearsals.reading import get_run, run_facts, successors_of
from kb.rehearsals.schemas import run_fields

_STATES = list(ItemState)


def record_run(
    session: Session, identity: Identity, item_id: str, data: Mapping[str, Any], zone: str
) -> PracticeRun:
    """Record a run; with `set_state`, one passed alone makes its item practised. `zone`: of moments without offset."""
    facts = item_facts(session, item_id)
    require(identity, Permission.PRACTICE_RECORD, facts)
    fields = run_fields(data, zone)
    words = {name: fields[name] for name in ("feedback", "problem", "fix")}
    secrets = guard(words, accepted=accepts(data))
    handover_id = str(facts.handover_id)
    who = _who(successors_of(session, handover_id), identity, fields.pop("successor"))
    run = PracticeRun(
        id=new_id(), item_id=item_id, successor_id=who.id, recorded_by_id=identity.user_id, created_at=now(),
        **fields,
    )  # fmt: skip
    session.add(run)
    session.flush()
    told = {"item": item_id, "level": run.level, "outcome": run.outcome}
    record(
        session, actor_id=identity.user_id, action="practice.recorded", object_type="practice_run",
        object_id=run.id, handover_id=handover_id, **told,
    )  # fmt: skip
    record_accepted(session, identity, secrets, "practice_run", run.id, handover_id)
    if data.get("set_state") and level_passed(run.level, run.outcome) == Level.INDEPENDENT:
        move_on(session, identity, item_id, ItemState.PRACTISED)
    return get_run(session, run.id)


def remove_run(session: Session, identity: Identity, run_id: str) -> str:
    """Take back a run that was recorded by mistake; returns its item's id. That it was there stays recorded."""
    facts = run_facts(session, run_id)
    require(identity, Permission.PRACTICE_REMOVE, facts)
    run = get_run(session, run_id)
    record(
        session, actor_id=identity.user_id, action="practice.removed", object_type="practice_run",
        object_id=run.id, handover_id=facts.handover_id, item=run.item_id, level=run.level, outcome=run.outcome,
    )  # fmt: skip
    session.delete(run)
    session.flush()
    return run.item_id


def _who(successors: list[User], identity: Identity, email: str) -> User:
    """Who practised: the one named, the caller, or the only one there is."""
    by_email = {user.email: user for user in successors}
    if email:
        if email not in by_email:
            raise Invalid.field("successor", _("This must be a successor in this handover."))
        return by_email[email]
    if identity.email in by_email:
        return by_email[identity.email]
    if not successors:
        raise Invalid.field("successor", _("This handover has no successor yet. Name one first."))
    if len(successors) > 1:
        raise Invalid.field("successor", _("This handover has several successors. Say who practised."))
    return successors[0]


def move_on(session: Session, identity: Identity, item_id: str, state: ItemState) -> None:
    """Set an item's state, where the person may and unless it is there or further already."""
    item = get_item(session, item_id)
    further = _STATES.index(ItemState(item.state)) >= _STATES.index(state)
    if not further and can(identity, Permission.ITEM_STATE, item_facts(session, item_id)):
        change_item(session, identity, item_id, {"state": str(state)})

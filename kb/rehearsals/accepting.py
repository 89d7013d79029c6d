"""Changing an item where its state may need practice: accepted only once enough of it was passed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.checklists import services
from kb.checklists.models import Item, ItemState, Level
from kb.checklists.queries import get_item, item_facts
from kb.errors import Conflict
from kb.i18n import _, ngettext
from kb.notes import coverage
from kb.rehearsals.queries import PracticeStanding, practice_of_item


def patch_item(session: Session, identity: Identity, item_id: str, data: Mapping[str, Any]) -> Item:
    """Change an item; accepting one with gaps or practice lacking is a Conflict unless `override_reason` says why."""
    require(identity, Permission.ITEM_STATE, item_facts(session, item_id))
    if data.get("state") != ItemState.ACCEPTED or _is_said(data.get("override_reason")):
        return coverage.patch_item(session, identity, item_id, data)
    standing = practice_of_item(session, item_id)
    if standing.fulfilled:
        return coverage.patch_item(session, identity, item_id, data)
    item = get_item(session, item_id)
    lacking = {"item": item.id, "title": item.title, "practice": True, "reason": lacking_words(standing)}
    if coverage.coverage_of_item(session, item_id).covered:
        message = _(
            "The practice asked for is not done yet. Record it, or say why it is accepted all the same."
        )
        raise Conflict(message, blocking=[lacking])
    try:
        return coverage.patch_item(session, identity, item_id, data)
    except Conflict as gaps:
        raise Conflict(gaps.message, blocking=[*gaps.extra["blocking"], lacking]) from gaps


def add_item(session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any]) -> Item:
    """Add an item; a new one is accepted under the same terms as one that is there."""
    fields = {name: value for name, value in data.items() if name != "override_reason"}
    if data.get("state") != ItemState.ACCEPTED:
        return services.add_item(session, identity, handover_id, fields)
    item = services.add_item(session, identity, handover_id, fields | {"state": str(ItemState.OPEN)})
    said = {name: data[name] for name in ("state", "override_reason") if name in data}
    return patch_item(session, identity, item.id, said)


def _is_said(reason: Any) -> bool:
    """Whether there is a reason; what is no text is refused further down."""
    return bool(reason.strip()) if isinstance(reason, str) else reason is not None


def lacking_words(standing: PracticeStanding) -> str:
    """What was asked for and how much of it was passed, as a sentence."""
    asked = {
        Level.OBSERVED: ngettext(
            "Asked for: looking on %(num)s time. Done so far: %(done)s.",
            "Asked for: looking on %(num)s times. Done so far: %(done)s.",
            standing.required_runs,
        ),
        Level.ASSISTED: ngettext(
            "Asked for: %(num)s time with help. Passed so far: %(done)s.",
            "Asked for: %(num)s times with help. Passed so far: %(done)s.",
            standing.required_runs,
        ),
        Level.INDEPENDENT: ngettext(
            "Asked for: %(num)s time alone. Passed so far: %(done)s.",
            "Asked for: %(num)s times alone. Passed so far: %(done)s.",
            standing.required_runs,
        ),
    }[standing.required_level or Level.OBSERVED]
    return asked % {"num": standing.required_runs, "done": standing.passed_at_required}

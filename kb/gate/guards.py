"""Rights, decided before the body is read: the handover of the object named in the path, and the policy table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from litestar.handlers import BaseRouteHandler
from litestar.types import Guard
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.access.permits import NOWHERE, not_found, require
from kb.annotations.queries import annotation_facts, marked_note_facts
from kb.attachments.queries import attachment_facts
from kb.checklists.queries import item_facts
from kb.errors import NotFound, SignInNeeded
from kb.gate.state import Connection, facts_of, identity_of
from kb.handovers.queries import handover_facts
from kb.i18n import _
from kb.ids import is_id
from kb.import_export.jobs import job_facts
from kb.notes.queries import note_facts
from kb.offboarding.queries import transfer_facts
from kb.registers.queries import entry_facts
from kb.rehearsals.reading import meeting_facts, run_facts
from kb.retrospectives.queries import proposal_facts
from kb.search.glossary.queries import group_facts


def _note_in_bin(session: Session, note_id: str) -> Facts:
    return note_facts(session, note_id, in_bin=True)


# Path parameter -> the facts of what it names.
FACTS: dict[str, Callable[[Session, str], Facts]] = {
    "handover_id": handover_facts,
    "item_id": item_facts,
    "note_id": note_facts,
    "binned_note_id": _note_in_bin,
    "annotation_id": annotation_facts,
    "correction_id": marked_note_facts,  # who may edit the note may take a correction up
    "attachment_id": attachment_facts,
    "entry_id": entry_facts,
    "glossary_id": group_facts,
    "transfer_id": transfer_facts,
    "job_id": job_facts,
    "meeting_id": meeting_facts,
    "run_id": run_facts,
    "proposal_id": proposal_facts,
}


def named_in(scope: Any) -> dict[str, str]:
    """What the guards of a route will ask about: path parameters and the ids in them."""
    rules = (rule_of(guard) for guard in scope["route_handler"].resolve_guards())
    names = (rule[1] for rule in rules if isinstance(rule, tuple) and rule[1])
    return {name: str(scope["path_params"][name]) for name in names}


def look_up(session: Session, named: Mapping[str, str]) -> dict[str, Facts]:
    """The facts of what a path names, by parameter; what is not there is left out."""
    found = {}
    for parameter, object_id in named.items():
        if is_id(object_id):
            with suppress(NotFound):
                found[parameter] = FACTS[parameter](session, object_id)
    return found


def allow(permission: Permission, on: str | None = None) -> Guard:
    """A guard that asks the policy table; `on` names the path parameter of the object."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        identity = identity_of(connection)
        if identity is None:
            raise SignInNeeded(_("Please sign in first."))
        facts = NOWHERE
        if on is not None:
            looked_up = facts_of(connection)
            if on not in looked_up:
                raise not_found()
            facts = looked_up[on]
        require(identity, permission, facts)

    guard.kb_rule = (permission, on)  # type: ignore[attr-defined]  # the route walk of the tests reads it
    return guard


async def signed_in(connection: Connection, _handler: BaseRouteHandler) -> None:
    """A guard for what everyone with an account may do."""
    if identity_of(connection) is None:
        raise SignInNeeded(_("Please sign in first."))


async def anyone(_connection: Connection, _handler: BaseRouteHandler) -> None:
    """A guard that says: open to strangers on purpose."""


def rule_of(guard: Any) -> tuple[Permission, str | None] | str | None:
    """What a guard stands for, for tests that walk the routes."""
    if guard is signed_in:
        return "signed_in"
    if guard is anyone:
        return "anyone"
    rule: tuple[Permission, str | None] | None = getattr(guard, "kb_rule", None)
    return rule

"""What the page of the sign-off shows, and what is typed into it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.roles import Role
from kb.errors import FieldError
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import people_in
from kb.i18n import _
from kb.notes.fillers import is_filler
from kb.notes.models import Note, NoteStatus
from kb.notes.queries import visible_notes
from kb.progress.requirements import Requirement
from kb.signoff.edited import since_signing
from kb.signoff.manifest import handed_over
from kb.signoff.requirements import naming, unspoken
from kb.signoff.roles import departed, may_sign_as
from kb.signoff.schemas import says_nothing
from kb.signoff.standing import Standing, standing
from kb.signoff.summary import SIGNING_ROLES, summary_of
from kb.web.forms import Form
from kb.web.loose_ends import loose_ends

FIELD = "reservation-"  # and the item's id


@dataclass(frozen=True)
class Typed:
    """Reservations as typed: why each item is open, and others, one a line."""

    by_item: Mapping[str, str]
    general: tuple[str, ...]

    def sentences(self, blocking: Iterable[Requirement]) -> list[str]:
        """As they are signed, each item's under its title."""
        own = [
            naming(one.title, self.by_item[one.item_id]) for one in blocking if self.by_item.get(one.item_id)
        ]
        return [*own, *self.general]


def typed_reservations(form: Form) -> Typed:
    """Read the fields of the form."""
    texts = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    by_item = {
        name.removeprefix(FIELD): text for name, text in texts.items() if text and name.startswith(FIELD)
    }
    lines = texts.get("reservations", "").splitlines()
    return Typed(by_item, tuple(line.strip() for line in lines if line.strip()))


def wrong_in(typed: Typed, blocking: Sequence[Requirement]) -> list[FieldError]:
    """Where something open is named by nothing or by words that say nothing: each under its own field."""
    found = [
        FieldError(
            FIELD + one.item_id, _("This says nothing. Write why it is open and who finishes it when.")
        )
        for one in blocking
        if (said := typed.by_item.get(one.item_id)) and is_filler(said)
    ]
    if any(map(is_filler, typed.general)):
        found.append(FieldError("reservations", says_nothing()))
    if not typed.by_item:
        return found  # signing itself refuses where nothing is said at all
    text = _("Say why it is open, or finish it first.")
    unsaid = unspoken(blocking, blocking, typed.sentences(blocking))
    return found + [FieldError(FIELD + one.item_id, text) for one in unsaid]


def told(errors: Iterable[FieldError], blocking: Iterable[Requirement]) -> dict[str, Any]:
    """For the page: messages by field, and the summary, in which what is open is called by its title."""
    titles = {FIELD + one.item_id: one.title for one in blocking}
    rows = list(errors)
    summary = [
        (error.field, f"{titles[error.field]}: {error.message}" if error.field in titles else error.message)
        for error in rows
    ]
    return {"errors": summary, "err": {error.field: error.message for error in reversed(rows)}}


def signoff_facts(session: Session, identity: Identity, handover: Handover, day: date) -> dict[str, Any]:
    """Everything the template shows."""
    now = standing(session, handover)
    gone = departed(handover, now.current)
    sections = now.manifest or handed_over(session, handover) | {"exceptions": []}
    signed = json.loads(now.signed.manifest) if now.signed else None
    mine = (
        may_sign_as(identity, handover, now.current)
        if people_in(handover, Role.SUCCESSOR) and not gone
        else []
    )
    summary = summary_of(sections)
    return {
        "handover": handover,
        "facts": Facts(handover.id),
        "now": now,
        "parties": _parties(handover, now, mine),
        "mine": mine,
        "summary": summary,
        "gone": gone,
        "early": not now.signatures and _is_early(handover, summary["items"], day),
        "loose": loose_ends(session, identity, handover.id) if now.state == "open" else [],
        "since": since_signing(session, handover.id, signed) if signed else None,
        "drafts": _drafts(session, identity, handover.id) if not now.signatures else [],
        "cancelled": handover.stage == "cancelled",
        "no_successor": not people_in(handover, Role.SUCCESSOR),
    }


def _is_early(handover: Handover, items: Mapping[str, int], day: date) -> bool:
    """Whether much is likely to be written after a signature: it would not be under it."""
    if handover.stage in (Stage.PREPARING, Stage.CAPTURING):
        return True
    return handover.last_day > day and 2 * items["covered"] < items["total"]


def _drafts(session: Session, identity: Identity, handover_id: str) -> list[Note]:
    """Drafts the reader may see: they are not handed over unless they are published first."""
    drafts = visible_notes(identity).where(Note.handover_id == handover_id, Note.status == NoteStatus.DRAFT)
    return list(session.scalars(drafts.order_by(Note.title, Note.id)))


def _parties(handover: Handover, now: Standing, mine: list[Role]) -> list[dict[str, Any]]:
    """The three roles in their order: who holds each, who signed, whether it is the reader's turn."""
    by_role = {one.role: one for one in now.signatures}
    return [
        {
            "role": role,
            "people": [user.name for user in people_in(handover, Role(role))],
            "signature": by_role.get(role),
            "yours": role in mine,
        }
        for role in SIGNING_ROLES
    ]

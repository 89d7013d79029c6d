"""Reading sign-offs: the one that runs, the one that holds, the ones before it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Select, case, null, select
from sqlalchemy.orm import Session, selectinload

from kb.access.identity import Identity
from kb.access.roles import Role
from kb.errors import NotFound
from kb.handovers.models import Handover, Stage
from kb.i18n import _
from kb.signoff.models import Signature, Signoff, SignoffState
from kb.signoff.summary import APART, SIGNING_ROLES

# At these a handover has been signed off.
AFTER_SIGNING = (Stage.SIGNED_OFF, Stage.SUPPORTING, Stage.CLOSED)
_SIGNING = frozenset(map(Role, SIGNING_ROLES))
Signed = dict[str, tuple[int, str]]  # note id -> revision and SHA-256 of its body, as signed


def signoffs_of(handover_id: str) -> Select[Signoff]:
    """A handover's sign-offs with their signatures, newest first."""
    return (
        select(Signoff)
        .where(Signoff.handover_id == handover_id)
        .options(selectinload(Signoff.signatures))
        .order_by(Signoff.number.desc())
    )


def newest(session: Session, handover_id: str) -> Signoff | None:
    """The sign-off that is signed now or was signed last; None before the first signature."""
    return session.scalar(signoffs_of(handover_id).limit(1))


def latest_signed(session: Session, handover_id: str) -> Signoff | None:
    """The sign-off all three have signed and none has superseded."""
    return session.scalar(signoffs_of(handover_id).where(Signoff.state == SignoffState.SIGNED).limit(1))


def begun_without(session: Session, identity: Identity) -> list[tuple[str, str]]:
    """(handover, role) of the reader's roles that are missing where others have signed and not all have."""
    held = {
        key: sorted(map(str, roles & _SIGNING)) for key, roles in identity.roles.items() if roles & _SIGNING
    }
    if not held:
        return []
    rows = session.execute(
        select(Signoff.handover_id, Signature.role, Signature.user_id)
        .join(Signature, Signature.signoff_id == Signoff.id)
        .join(Handover, Handover.id == Signoff.handover_id)
        .where(Signoff.state == SignoffState.OPEN, Signoff.handover_id.in_(held))
        .where(Handover.stage != Stage.CANCELLED)
    ).all()
    signed = {(row.handover_id, row.role): row.user_id for row in rows}
    return [
        (handover_id, role)
        for handover_id in dict.fromkeys(row.handover_id for row in rows)
        for role in held[handover_id]
        if (handover_id, role) not in signed
        and signed.get((handover_id, str(APART.get(Role(role))))) != identity.user_id
    ]


def superseded(session: Session, handover_id: str) -> list[Signoff]:
    """Those that were signed by all once, oldest first."""
    found = signoffs_of(handover_id).where(
        Signoff.state == SignoffState.SUPERSEDED, Signoff.certificate.is_not(None)
    )
    return list(reversed(session.scalars(found).all()))


def with_certificate(session: Session, handover_id: str, number: int | None = None) -> Signoff:
    """The signed sign-off, or the one of that number; raises NotFound where there is no certificate."""
    wanted = signoffs_of(handover_id).where(Signoff.certificate.is_not(None))
    wanted = (
        wanted.where(Signoff.state == SignoffState.SIGNED)
        if number is None
        else wanted.where(Signoff.number == number)
    )
    found = session.scalar(wanted.limit(1))
    if found is None:
        raise NotFound(
            _("There is no certificate yet: it is made when leaver, successor and manager have signed.")
        )
    return found


@dataclass(frozen=True)
class SignedAs:
    """The revision of a note that was signed, and whether its text has changed since."""

    revision: int
    edited: bool


def signed_as(session: Session, handover_id: str, stage: str, note_id: str, sha256: str) -> SignedAs | None:
    """How a note stands to what was signed; nothing is asked before its handover was signed off."""
    found = signed_revisions(session, handover_id).get(note_id) if stage in AFTER_SIGNING else None
    return SignedAs(found[0], found[1] != sha256) if found else None


# A manifest never changes once it is signed, and every page of a note asks: what was read of one is kept.
MOST_KEPT = 200
_kept: dict[str, tuple[str, Signed]] = {}  # handover id -> the sign-off and its notes


def signed_revisions(session: Session, handover_id: str) -> Signed:
    """The notes of the sign-off that holds; empty where nothing is signed. One statement, small the second time."""
    known, notes = _kept.get(handover_id, ("", {}))
    row = session.execute(
        select(Signoff.id, case((Signoff.id == known, null()), else_=Signoff.manifest).label("manifest"))
        .where(Signoff.handover_id == handover_id, Signoff.state == SignoffState.SIGNED)
        .order_by(Signoff.number.desc())
        .limit(1)
    ).first()
    if row is None:
        return {}
    if row.manifest is not None:
        notes = {note["id"]: (note["revision"], note["sha256"]) for note in json.loads(row.manifest)["notes"]}
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[handover_id] = (row.id, notes)
    return notes

"""Signing: three signatures under one manifest, which the first one fixes and the third one makes a certificate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.clock import now
from kb.errors import Conflict, Invalid
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import get_handover
from kb.handovers.stage_changes import set_stage
from kb.i18n import _
from kb.progress.requirements import open_requirements
from kb.signoff.canonical import canonical, sha256_of
from kb.signoff.certificate import certificate_of
from kb.signoff.manifest import handed_over, manifest_of
from kb.signoff.models import Signature, Signoff, SignoffState
from kb.signoff.queries import latest_signed, newest
from kb.signoff.requirements import blocking_json, exceptions_of, fillers_about, not_named, unspoken
from kb.signoff.roles import departed, role_to_sign
from kb.signoff.schemas import says_nothing, signing
from kb.signoff.summary import SIGNING_ROLES

_BEFORE_SIGNING = (Stage.PREPARING, Stage.CAPTURING, Stage.TRANSFERRING)


def sign(
    session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any], *, zone: str,
    at: datetime | None = None,
) -> Signoff:  # fmt: skip
    """Sign in one of the caller's roles; whoever calls this has asked for the password.

    `zone`: the organisation's, which the certificate tells times in. Raises Conflict where somebody has signed
    already, where there is nothing to sign, and with `blocking` where something open is named by no reservation.
    """
    require(identity, Permission.SIGN, Facts(handover_id))
    reservations, wished = signing(data)
    handover = _locked(session, handover_id)
    signoff, moment = newest(session, handover_id), at or now()
    role = role_to_sign(identity, handover, signoff, wished)
    _refuse_departed(handover, signoff)
    _refuse_gaps(session, handover_id, signoff, reservations)
    if signoff is None:
        signoff = _opened(session, handover_id, 1, moment)
    if not signoff.signatures:
        _fix(session, handover, signoff, reservations, moment, zone)
    signoff.signatures.append(
        Signature(
            role=str(role), user_id=identity.user_id, name=identity.name, email=identity.email,
            reservations=reservations, signed_at=moment,
        )
    )  # fmt: skip
    session.flush()
    _record(session, identity, signoff, "signoff.signed", role=str(role), reservations=len(reservations))
    if len(signoff.signatures) == len(SIGNING_ROLES):
        _complete(session, identity, handover, signoff, moment)
    return signoff


def begin_anew(session: Session, identity: Identity, handover_id: str, reason: str = "") -> Signoff:
    """Open another sign-off. One that was not complete is void; a complete one holds until this one is."""
    require(identity, Permission.SIGN_ANEW, Facts(handover_id))
    handover = _locked(session, handover_id)
    running = newest(session, handover_id)
    if handover.stage == Stage.CANCELLED:
        raise Conflict(_("This handover was cancelled: there is nothing to sign."))
    if running is None or not running.signatures:
        raise Conflict(_("Nobody has signed yet, so there is nothing to begin again."))
    if running.state == SignoffState.OPEN:
        running.state = SignoffState.SUPERSEDED
    made = _opened(session, handover_id, running.number + 1, now())
    _record(session, identity, made, "signoff.begun_anew", reason=reason)
    return made


def _locked(session: Session, handover_id: str) -> Handover:
    """The handover with its members; two who sign at once take turns."""
    session.execute(select(Handover.id).where(Handover.id == handover_id).with_for_update())
    return get_handover(session, handover_id)


def _opened(session: Session, handover_id: str, number: int, at: datetime) -> Signoff:
    made = Signoff(
        handover_id=handover_id, number=number, state=SignoffState.OPEN, manifest="", manifest_sha256="",
        created_at=at, signatures=[],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _refuse_departed(handover: Handover, signoff: Signoff | None) -> None:
    """Raise Conflict where somebody signed in a role that they no longer have: no certificate may say they do."""
    if gone := departed(handover, signoff):
        raise Conflict(
            _(
                "%(name)s has signed and no longer has that role in the handover. "
                "A manager has to begin the sign-off again."
            )
            % {"name": gone[0].name}
        )


def _refuse_gaps(
    session: Session, handover_id: str, signoff: Signoff | None, reservations: list[str]
) -> None:
    """Raise Conflict where something required is open and neither this signature nor the manifest says why."""
    named = json.loads(signoff.manifest)["exceptions"] if signoff and signoff.manifest else []
    still_open = open_requirements(session, handover_id)
    if fillers_about([one.title for one in still_open], reservations):
        raise Invalid.field("reservations", says_nothing())
    blocking = unspoken(not_named(still_open, named), still_open, reservations)
    if blocking:
        raise Conflict(
            _(
                "Something required is still open. Finish it, or sign with a reservation that says why it is open."
            ),
            blocking=blocking_json(blocking),
        )


def _fix(
    session: Session, handover: Handover, signoff: Signoff, reservations: list[str], at: datetime, zone: str
) -> None:
    """Write down what is handed over; from here on it never changes."""
    exceptions = exceptions_of(session, handover.id, reservations)
    facts = manifest_of(
        handed_over(session, handover), number=signoff.number, at=at, zone=zone, exceptions=exceptions
    )
    signoff.manifest = canonical(facts)
    signoff.manifest_sha256 = sha256_of(signoff.manifest)


def _complete(
    session: Session, identity: Identity, handover: Handover, signoff: Signoff, at: datetime
) -> None:
    """All have signed: the certificate is made, and the one before it is superseded.

    The first one makes the stage, whatever it was set to by hand; a second, while questions are answered
    already, does not turn it back.
    """
    earlier = latest_signed(session, handover.id)
    signoff.signed_at = at
    signoff.certificate = canonical(certificate_of(signoff, json.loads(signoff.manifest), earlier, at))
    signoff.state = SignoffState.SIGNED
    if earlier is not None:
        earlier.state = SignoffState.SUPERSEDED
    session.flush()
    _record(session, identity, signoff, "signoff.completed", manifest_sha256=signoff.manifest_sha256)
    if earlier is None or handover.stage in _BEFORE_SIGNING:
        set_stage(session, identity, handover, Stage.SIGNED_OFF)


def _record(session: Session, identity: Identity, signoff: Signoff, action: str, **details: Any) -> None:
    record(
        session, actor_id=identity.user_id, action=action, object_type="signoff", object_id=signoff.id,
        handover_id=signoff.handover_id, number=signoff.number, **details,
    )  # fmt: skip

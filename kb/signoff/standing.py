"""How far signing has come, as the API and the page tell of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from kb.access.roles import Role
from kb.handovers.models import Handover
from kb.progress.requirements import Requirement, open_requirements
from kb.signoff.changes import Changed, changes
from kb.signoff.manifest import handed_over
from kb.signoff.models import Signature, Signoff, SignoffState
from kb.signoff.queries import signoffs_of
from kb.signoff.requirements import not_named
from kb.signoff.roles import missing_roles


@dataclass(frozen=True)
class Standing:
    """The sign-off that runs or holds; `manifest` is empty before the first signature."""

    current: Signoff | None
    signed: Signoff | None  # the one with a certificate that holds
    earlier: tuple[Signoff, ...]  # superseded or void, newest first
    missing: tuple[Role, ...]
    blocking: tuple[Requirement, ...]  # open, and named by no reservation; none once it is signed
    manifest: dict[str, Any]
    changed: tuple[Changed, ...]  # since the manifest was fixed

    @property
    def state(self) -> SignoffState:
        """Where the current one is; open before anybody signed."""
        return SignoffState(self.current.state) if self.current else SignoffState.OPEN

    @property
    def signatures(self) -> list[Signature]:
        return list(self.current.signatures) if self.current else []

    @property
    def exceptions(self) -> list[dict[str, Any]]:
        """What was open when the manifest was fixed, with the reservations."""
        return list(self.manifest.get("exceptions", ()))


def standing(session: Session, handover: Handover) -> Standing:
    """How far signing of a handover has come; `handover` with its members loaded."""
    signoffs = list(session.scalars(signoffs_of(handover.id)))
    current = signoffs[0] if signoffs else None
    signed = next((one for one in signoffs if one.state == SignoffState.SIGNED), None)
    manifest = json.loads(current.manifest) if current and current.manifest else {}
    open_now = [] if current and current is signed else open_requirements(session, handover.id)
    return Standing(
        current=current,
        signed=signed,
        earlier=tuple(one for one in signoffs[1:] if one is not signed),
        missing=tuple(missing_roles(current)),
        blocking=tuple(not_named(open_now, manifest.get("exceptions", ()))),
        manifest=manifest,
        changed=tuple(changes(manifest, handed_over(session, handover))) if manifest else (),
    )

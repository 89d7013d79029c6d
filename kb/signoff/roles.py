"""In which role somebody signs."""

from __future__ import annotations

from kb.access.identity import Identity
from kb.access.roles import Role
from kb.errors import Conflict, NotAllowed
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import people_in
from kb.i18n import _
from kb.signoff.models import Signature, Signoff, SignoffState
from kb.signoff.summary import APART, SIGNING_ROLES


def missing_roles(signoff: Signoff | None) -> list[Role]:
    """The roles that have not signed yet."""
    signed = {one.role for one in signoff.signatures} if signoff else set()
    return [Role(role) for role in SIGNING_ROLES if role not in signed]


def departed(handover: Handover, signoff: Signoff | None) -> list[Signature]:
    """The signatures of a sign-off that is open whose people no longer have the role; members must be loaded."""
    if signoff is None or signoff.state != SignoffState.OPEN:
        return []
    held = {(one.user_id, one.role) for one in handover.memberships}
    return [one for one in signoff.signatures if (one.user_id, one.role) not in held]


def may_sign_as(identity: Identity, handover: Handover, signoff: Signoff | None) -> list[Role]:
    """The missing roles somebody can sign in now; none where signing is over or was cancelled."""
    if handover.stage == Stage.CANCELLED or (signoff and signoff.state == SignoffState.SIGNED):
        return []
    held = identity.roles_in(handover.id)
    return [
        role
        for role in missing_roles(signoff)
        if role in held and not _is_other_party(identity, signoff, role)
    ]


def role_to_sign(
    identity: Identity, handover: Handover, signoff: Signoff | None, wished: Role | None
) -> Role:
    """The wished role, or the first that is missing; raises Conflict or NotAllowed with why not."""
    held = [role for role in map(Role, SIGNING_ROLES) if role in identity.roles_in(handover.id)]
    if not held or (wished and wished not in held):
        raise NotAllowed(_("You do not have this role in the handover."))
    if handover.stage == Stage.CANCELLED:
        raise Conflict(_("This handover was cancelled: there is nothing to sign."))
    if not people_in(handover, Role.SUCCESSOR):
        raise Conflict(_("Nobody takes over yet. A manager has to name a successor before anybody signs."))
    if signoff and signoff.state == SignoffState.SIGNED:
        raise Conflict(
            _("All three have signed. A manager can begin another sign-off, which supersedes this one.")
        )
    candidates = [wished] if wished else held
    possible = [role for role in may_sign_as(identity, handover, signoff) if role in candidates]
    if possible:
        return possible[0]
    raise Conflict(_why_not(identity, signoff, candidates))


def _why_not(identity: Identity, signoff: Signoff | None, candidates: list[Role]) -> str:
    if any(role in candidates for role in missing_roles(signoff)):
        return _("The leaver and the manager have to be two people. Another manager has to sign.")
    if signoff and any(
        one.user_id == identity.user_id and one.role in candidates for one in signoff.signatures
    ):
        return _("You have signed already.")
    return _("Somebody else has signed in this role already.")


def _is_other_party(identity: Identity, signoff: Signoff | None, role: Role) -> bool:
    """Whether the same person has signed as the one this role is to be kept apart from."""
    signatures = signoff.signatures if signoff else []
    return any(one.role == APART.get(role) and one.user_id == identity.user_id for one in signatures)

"""The evaluator of the policy table, on detached facts."""

from __future__ import annotations

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.policy import DRAFT_READERS, POLICY
from kb.errors import NotAllowed, NotFound, SignInNeeded
from kb.i18n import _

NOWHERE = Facts()


def can(identity: Identity | None, permission: Permission, facts: Facts = NOWHERE) -> bool:
    """Whether the policy table allows it."""
    if identity is None:
        return False
    rule = POLICY[permission]
    if rule.anyone or (rule.administrators and identity.is_admin):
        return True
    held = identity.roles_in(facts.handover_id)
    is_author = facts.author_id == identity.user_id
    if facts.handover_id is None:  # what belongs to no handover is its author's
        return rule.author and is_author
    if not held or (facts.draft and not is_author and not held & DRAFT_READERS):
        return False
    is_owner = rule.owner and facts.owner_id == identity.user_id
    return bool(held & rule.roles) or (rule.author and is_author) or is_owner


def can_see(identity: Identity | None, facts: Facts) -> bool:
    """Whether the object may be known to exist."""
    if facts.handover_id is None:
        return True
    return can(identity, Permission.NOTE_READ if facts.draft else Permission.HANDOVER_READ, facts)


def require(identity: Identity | None, permission: Permission, facts: Facts = NOWHERE) -> Identity:
    """Raise unless allowed: nobody there → SignInNeeded, invisible → NotFound, visible → NotAllowed."""
    if identity is None:
        raise SignInNeeded(_("Please sign in first."))
    if can(identity, permission, facts):
        return identity
    if not can_see(identity, facts):
        raise not_found()
    raise NotAllowed(_why_not(permission))


def _why_not(permission: Permission) -> str:
    """The true sentence: only where roles decide does it speak of them."""
    rule = POLICY[permission]
    if rule.roles:
        return _(
            "Your role in this handover does not allow that. A manager of the handover can give you another role."
        )
    if rule.administrators and rule.author:
        return _("Only the person who added it or an administrator may do that.")
    if rule.administrators:
        return _("Only administrators may do that.")
    return _("Only the person who wrote it may do that.")


def not_found() -> NotFound:
    """The one answer for what is absent and for what is somebody else's."""
    return NotFound(_("There is nothing here, or it is not shared with you."))

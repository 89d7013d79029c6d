"""The SQL form of "may read": one subquery for every list, agreeing with the policy table (a test says so)."""

from __future__ import annotations

from sqlalchemy import Select, select

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.policy import POLICY
from kb.handovers.models import Membership


def readable_handovers(identity: Identity) -> Select[str]:
    """Ids of the handovers a person may read."""
    roles = POLICY[Permission.HANDOVER_READ].roles
    return select(Membership.handover_id).where(
        Membership.user_id == identity.user_id, Membership.role.in_([str(role) for role in roles])
    )

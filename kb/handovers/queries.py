"""Reading handovers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, bindparam, case, select
from sqlalchemy.orm import Session, selectinload

from kb.access.identity import Facts, Identity
from kb.access.permits import not_found
from kb.access.roles import Role
from kb.db import UtcDateTime
from kb.handovers.models import Handover, Membership, Stage
from kb.handovers.visibility import readable_handovers
from kb.i18n import _
from kb.people.models import SignIn, User
from kb.people.queries import secret_hash
from kb.validation import Checker

# Asked at every request of a browser: one statement, made once.
_SIGNED_IN = (
    select(
        User.id, User.email, User.name, User.locale, User.is_admin, Membership.handover_id, Membership.role
    )
    .join(SignIn, SignIn.user_id == User.id)
    .join(Membership, Membership.user_id == User.id, isouter=True)
    .where(
        SignIn.token_hash == bindparam("token_hash"), SignIn.expires_at > bindparam("at", type_=UtcDateTime())
    )
    .where(User.is_active)
)


def identity_of_sign_in(session: Session, token: str, at: datetime) -> Identity | None:
    """The active person a session cookie stands for, with the roles they hold."""
    rows = session.execute(_SIGNED_IN, {"token_hash": secret_hash(token), "at": at}).all()
    if not rows:
        return None
    return Identity(*rows[0][:5], roles=_roles((row.handover_id, row.role) for row in rows if row.role))


def _roles(held: Iterable[tuple[str, str]]) -> dict[str, frozenset[Role]]:
    roles: dict[str, set[Role]] = defaultdict(set)
    for handover_id, role in held:
        roles[handover_id].add(Role(role))
    return {handover: frozenset(some) for handover, some in roles.items()}


def identity_of(session: Session, user: User) -> Identity:
    """The detached facts about a person that every decision rests on."""
    held = select(Membership.handover_id, Membership.role).where(Membership.user_id == user.id)
    roles = _roles((row.handover_id, row.role) for row in session.execute(held))
    return Identity(user.id, user.email, user.name, user.locale, user.is_admin, roles)


def handover_facts(session: Session, handover_id: str) -> Facts:
    """Facts for the policy; raises NotFound."""
    if session.scalar(select(Handover.id).where(Handover.id == handover_id)) is None:
        raise not_found()
    return Facts(handover_id)


def get_handover(session: Session, handover_id: str) -> Handover:
    """One handover with its members and their people; raises NotFound."""
    found = session.scalar(
        select(Handover)
        .where(Handover.id == handover_id)
        .options(selectinload(Handover.memberships).selectinload(Membership.user))
    )
    if found is None:
        raise not_found()
    return found


def my_handovers(identity: Identity) -> Select[Handover]:
    """The handovers a person may read with their members, running ones first, then by last day."""
    return every_handover().where(Handover.id.in_(readable_handovers(identity)))


def member_by_email(session: Session, handover_id: str, email: str | None, check: Checker) -> User | None:
    """The member named as an object's `owner`; somebody who is none is an error there."""
    if not email:
        return None
    found = session.scalar(
        select(User).join(Membership).where(Membership.handover_id == handover_id, User.email == email)
    )
    if found is None:
        check.fail("owner", _("The owner must be someone in this handover."))
    return found


def people_in(handover: Handover, role: Role) -> list[User]:
    """The people who hold a role, by name; members must be loaded."""
    return sorted((m.user for m in handover.memberships if m.role == role), key=lambda user: user.name)


def every_handover() -> Select[Handover]:
    """All handovers with their people, for administrators who may join one; running ones first, then by last day."""
    over = case((Handover.stage.in_([Stage.CLOSED, Stage.CANCELLED]), 1), else_=0)
    return (
        select(Handover)
        .options(selectinload(Handover.memberships).selectinload(Membership.user))
        .order_by(over, Handover.last_day, Handover.id)
    )

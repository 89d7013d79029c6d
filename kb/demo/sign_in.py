"""Who of the demo's cast can sign in, as what, and whether with the password everybody knows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.roles import Role
from kb.demo.loader import PASSWORD
from kb.demo.stories import cast
from kb.handovers.models import Handover, Membership
from kb.i18n import _, in_locale, mark
from kb.people.models import User
from kb.people.passwords import verify_password
from kb.people.queries import users_by_email

ROLE_NAMES = {
    Role.LEAVER: mark("Leaver"),
    Role.SUCCESSOR: mark("Successor"),
    Role.MANAGER: mark("Manager"),
    Role.TRAINER: mark("Trainer"),
    Role.VIEWER: mark("Viewer"),
}


@dataclass(frozen=True)
class Actor:
    """One person of the cast; `roles` in the person's own language."""

    email: str
    name: str
    roles: tuple[str, ...]


def actors(session: Session) -> list[Actor]:
    """Those of the cast who have an active account here, in order."""
    there = users_by_email(session, {person.email for person in cast()})
    found = [there[person.email] for person in cast() if person.email in there]
    return [Actor(user.email, user.name, _roles(session, user)) for user in found if user.is_active]


def have_the_known_password(session: Session) -> bool:
    """Whether the first of the cast can sign in with the password that stands in the source."""
    user = users_by_email(session, {cast()[0].email}).get(cast()[0].email)
    return user is not None and verify_password(user.password_hash, PASSWORD)


def _roles(session: Session, user: User) -> tuple[str, ...]:
    held = session.execute(
        select(Membership.role, Handover.title)
        .join(Handover, Handover.id == Membership.handover_id)
        .where(Membership.user_id == user.id)
        .order_by(Handover.last_day, Handover.id)
    )
    with in_locale(user.locale):
        admin = (_("Administrator"),) if user.is_admin else ()
        return admin + tuple(f"{_(ROLE_NAMES[Role(role)])}: {title}" for role, title in held)

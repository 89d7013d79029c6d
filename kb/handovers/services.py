"""Writing handovers and who is in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.access.roles import Role
from kb.activity.record import record
from kb.clock import now
from kb.errors import Conflict, FieldError, Invalid
from kb.handovers.models import Handover, Membership
from kb.handovers.queries import get_handover, handover_facts
from kb.handovers.schemas import DAYS, Member, NewHandover, handover_changes
from kb.i18n import _
from kb.people.models import User
from kb.people.queries import users_by_email


def create_handover(session: Session, identity: Identity, new: NewHandover) -> Handover:
    """Create a handover; whoever creates it becomes a manager of it."""
    require(identity, Permission.HANDOVER_CREATE)
    moment = now()
    handover = Handover(
        title=new.title, position=new.position, department=new.department, language=new.language,
        last_day=new.last_day, support_until=new.support_until, confirmed_on=new.confirmed_on,
        confirmed_by=new.confirmed_by, template_id=new.template, created_at=moment, updated_at=moment,
    )  # fmt: skip
    session.add(handover)
    session.flush()
    _set_members(session, handover, _first_members(identity, new), leaver=new.leaver)
    record(
        session, actor_id=identity.user_id, action="handover.created", object_type="handover",
        object_id=handover.id, handover_id=handover.id, title=new.title,
    )  # fmt: skip
    return get_handover(session, handover.id)


def change_handover(
    session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any]
) -> Handover:
    """Change the fields that were sent; where they say what is there already, nothing is written."""
    require(identity, Permission.HANDOVER_EDIT, Facts(handover_id))
    handover = get_handover(session, handover_id)
    wanted = handover_changes(data, {name: getattr(handover, name) for name in DAYS})
    changes = {name: value for name, value in wanted.items() if getattr(handover, name) != value}
    if not changes:
        return handover
    for name, value in changes.items():
        setattr(handover, name, value)
    handover.updated_at = now()
    record(
        session, actor_id=identity.user_id, action="handover.changed", object_type="handover",
        object_id=handover_id, handover_id=handover_id, fields=sorted(changes),
    )  # fmt: skip
    session.flush()
    return handover


def replace_members(
    session: Session, identity: Identity, handover_id: str, members: Iterable[Member],
    wrong: Sequence[FieldError] = (),
) -> Handover:  # fmt: skip
    """Replace the list of members; it must keep exactly one leaver and at least one manager.

    `wrong`: what is the matter with entries left out of `members`; told together with what is found here.
    """
    require(identity, Permission.MEMBERS_MANAGE, Facts(handover_id))
    handover = get_handover(session, handover_id)
    _set_members(session, handover, set(members), wrong=wrong)
    record(
        session, actor_id=identity.user_id, action="members.replaced", object_type="handover",
        object_id=handover_id, handover_id=handover_id,
        members=sorted([m.email, str(m.role)] for m in members),
    )  # fmt: skip
    session.expire_all()
    return get_handover(session, handover_id)


def join_as_administrator(session: Session, identity: Identity, handover_id: str) -> None:
    """An administrator adds themselves as manager; the record shows it."""
    require(identity, Permission.HANDOVER_JOIN)
    handover_facts(session, handover_id)
    if Role.MANAGER in identity.roles_in(handover_id):
        raise Conflict(_("You are a manager of this handover already."))
    session.add(Membership(handover_id=handover_id, user_id=identity.user_id, role=str(Role.MANAGER)))
    record(
        session, actor_id=identity.user_id, action="handover.joined_by_administrator", object_type="handover",
        object_id=handover_id, handover_id=handover_id,
    )  # fmt: skip


def _set_members(
    session: Session, handover: Handover, members: set[Member], *, leaver: str = "",
    wrong: Sequence[FieldError] = (),
) -> None:  # fmt: skip
    people = users_by_email(session, {member.email for member in members})
    errors = [*wrong, *_unknown(members, people, leaver), *([] if wrong else _missing_roles(members))]
    if errors:
        raise Invalid(errors)
    wanted = {(people[member.email].id, str(member.role)) for member in members}
    rows = session.scalars(select(Membership).where(Membership.handover_id == handover.id))
    present = {(m.user_id, m.role): m for m in rows}
    for key in present.keys() - wanted:
        session.delete(present[key])
    for user_id, role in sorted(wanted - present.keys()):
        session.add(Membership(handover_id=handover.id, user_id=user_id, role=role))
    session.flush()


def _first_members(identity: Identity, new: NewHandover) -> set[Member]:
    named = {Member(new.leaver, Role.LEAVER)} if new.leaver else set()
    return {Member(identity.email, Role.MANAGER), *named, *new.members}


def unknown_people(session: Session, identity: Identity, new: NewHandover) -> list[FieldError]:
    """What is wrong with the people a new handover names."""
    members = _first_members(identity, new)
    people = users_by_email(session, {member.email for member in members})
    return _unknown(members, people, new.leaver)


def _unknown(members: set[Member], people: Mapping[str, User], leaver: str) -> list[FieldError]:
    """`leaver` is the address sent in the field of that name, where the list was made of more than one field."""
    return [
        FieldError(
            "leaver" if member.email == leaver else "members",
            _("There is no account for %(email)s.") % {"email": member.email},
        )
        for member in sorted(members, key=lambda m: (m.email, m.role))
        if member.email not in people
    ]


def _missing_roles(members: set[Member]) -> list[FieldError]:
    errors = []
    leavers = [member for member in members if member.role == Role.LEAVER]
    if len(leavers) != 1:
        errors.append(FieldError("members", _("A handover has exactly one leaver.")))
    if not any(member.role == Role.MANAGER for member in members):
        errors.append(FieldError("members", _("A handover keeps at least one manager.")))
    leaving = {member.email for member in leavers}
    if any(member.role == Role.SUCCESSOR and member.email in leaving for member in members):
        errors.append(
            FieldError("members", _("Nobody can hand over to themselves: choose another successor."))
        )
    return errors

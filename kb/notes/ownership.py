"""Who answers for notes when their owner leaves: it passes on, and who wrote what never changes.

Kept apart from deactivating an account and from replacing members, which know nothing of notes: whoever does either
calls what is here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.access.roles import Role
from kb.activity.models import Event
from kb.activity.record import record
from kb.clock import now
from kb.errors import FieldError, Invalid
from kb.handovers.models import Handover
from kb.handovers.queries import get_handover, people_in
from kb.handovers.schemas import Member
from kb.handovers.services import replace_members
from kb.i18n import _, ngettext
from kb.notes.models import Note, NoteStatus
from kb.people.models import User
from kb.people.services import deactivate

PASSED_ON = "notes.passed_on"
JUST_NOW = timedelta(minutes=1)


@dataclass(frozen=True)
class PassedOn:
    """So many notes of a handover now belong to somebody."""

    handover_id: str
    name: str
    notes: int

    def said(self) -> str:
        """The same as a sentence."""
        told = ngettext(
            "%(num)s note now belongs to %(name)s.", "%(num)s notes now belong to %(name)s.", self.notes
        )
        return told % {"num": self.notes, "name": self.name}


def change_members(
    session: Session, identity: Identity, handover_id: str, members: Iterable[Member],
    wrong: Sequence[FieldError] = (),
) -> tuple[Handover, list[PassedOn]]:  # fmt: skip
    """Replace the members of a handover; the notes of whoever is taken out pass on."""
    wanted = list(members)
    before = {membership.user_id for membership in get_handover(session, handover_id).memberships}
    handover = replace_members(session, identity, handover_id, wanted, wrong)
    left = before - {membership.user_id for membership in handover.memberships}
    passed = [one for user_id in sorted(left) for one in pass_on(session, identity, user_id, handover_id)]
    return get_handover(session, handover_id), passed


def end_account(session: Session, email: str, *, by: Identity | None) -> tuple[User, list[PassedOn]]:
    """Deactivate an account; the person's notes pass on in every handover."""
    user = deactivate(session, email, by=by)
    return user, pass_on(session, by, user.id)


def pass_on(
    session: Session, by: Identity | None, user_id: str, handover_id: str | None = None
) -> list[PassedOn]:
    """Give the notes somebody owns, in one handover or everywhere, to who takes over there; the caller has the right.

    That is the only successor, else the manager who does it, else the first manager; a draft goes to a manager, who
    may read it. Where nobody is left the notes stay, and are shown as without an owner.
    """
    places = select(Note.handover_id).where(Note.owner_id == user_id).distinct().order_by(Note.handover_id)
    if handover_id is not None:
        places = places.where(Note.handover_id == handover_id)
    passed = []
    for place in session.scalars(places).all():
        handover = get_handover(session, place)
        heir, manager = heirs_in(handover, user_id, by)
        passed += _give(session, by, user_id, place, heir, manager)
    return passed


def hand_all(
    session: Session, identity: Identity, handover_id: str, former: str, owner: str
) -> list[PassedOn]:
    """Give every note that `former` owns in a handover to `owner`, a member; both are addresses.

    Drafts that the new owner may not read stay where they are.
    """
    require(identity, Permission.MEMBERS_MANAGE, Facts(handover_id))
    handover = get_handover(session, handover_id)
    old = next((user for user, _count in owners_in(session, handover_id) if user.email == former), None)
    members = {member.user.email: member.user for member in handover.memberships if member.user.is_active}
    new = members.get(owner)
    if old is None:
        raise Invalid.field("former", _("This person owns no notes here."))
    if new is None or new is old:
        raise Invalid.field("owner", _("The owner must be someone else in this handover."))
    reads_drafts = new in people_in(handover, Role.MANAGER)
    return _give(session, identity, old.id, handover_id, new, new if reads_drafts else None)


def owners_in(session: Session, handover_id: str) -> list[tuple[User, int]]:
    """Who owns notes of a handover and how many, by name; people who have left it too."""
    query = (
        select(User, func.count())
        .join(Note, Note.owner_id == User.id)
        .where(Note.handover_id == handover_id)
        .group_by(User.id)
        .order_by(User.name, User.email)
    )
    return [(user, count) for user, count in session.execute(query)]


def passed_on_just_now(session: Session, by: Identity, handover_id: str | None = None) -> list[PassedOn]:
    """What somebody passed on in the last minute, to be said after the deed; in one handover or everywhere."""
    query = select(Event.handover_id, Event.details).where(
        Event.action == PASSED_ON, Event.actor_id == by.user_id, Event.at > now() - JUST_NOW
    )
    if handover_id is not None:
        query = query.where(Event.handover_id == handover_id)
    rows = session.execute(query.order_by(Event.id)).all()
    ids = {owner for _place, details in rows for owner in details["owners"]}
    names = {user.id: user.name for user in session.scalars(select(User).where(User.id.in_(ids)))}
    return [
        PassedOn(place, names[owner], count)
        for place, details in rows
        for owner, count in details["owners"].items()
        if owner in names
    ]


def heirs_in(handover: Handover, leaving: str, by: Identity | None) -> tuple[User | None, User | None]:
    """Who takes over from somebody, and who what only managers may read: the only successor, else that manager."""
    successors, managers = (_staying(handover, role, leaving) for role in (Role.SUCCESSOR, Role.MANAGER))
    doing = [user for user in managers if by is not None and user.id == by.user_id]
    manager = next(iter([*doing, *managers]), None)
    return (successors[0] if len(successors) == 1 else manager), manager


def _staying(handover: Handover, role: Role, leaving: str) -> list[User]:
    return [user for user in people_in(handover, role) if user.is_active and user.id != leaving]


def _give(
    session: Session, by: Identity | None, former: str, handover_id: str, heir: User | None, of_drafts: User | None
) -> list[PassedOn]:  # fmt: skip
    """Change the owner row by row: search must hear of each. No revision is made, nobody's words have changed."""
    notes = select(Note).where(Note.owner_id == former, Note.handover_id == handover_id).order_by(Note.id)
    counts: Counter[str] = Counter()
    for note in session.scalars(notes.options(defer(Note.body, raiseload=True)).with_for_update(of=Note)):
        owner = of_drafts if note.status == NoteStatus.DRAFT else heir
        if owner is not None:
            note.owner_id = owner.id
            counts[owner.id] += 1
    session.flush()
    if not counts:
        return []
    record(
        session, actor_id=by.user_id if by else None, action=PASSED_ON, object_type="handover",
        object_id=handover_id, handover_id=handover_id, former=former, owners=dict(counts),
    )  # fmt: skip
    names = {user.id: user.name for user in (heir, of_drafts) if user}
    return [PassedOn(handover_id, names[owner], count) for owner, count in counts.items()]

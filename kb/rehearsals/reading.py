"""Reading meetings and practice runs with what their pages and answers show."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can, not_found
from kb.access.roles import Role
from kb.checklists.models import Item
from kb.handovers.models import Membership
from kb.notes.models import Note, NoteStatus
from kb.people.models import User
from kb.rehearsals.models import Meeting, MeetingItem, MeetingKind, PracticeRun

_MEETING = (
    joinedload(Meeting.recorded_by),
    joinedload(Meeting.note).options(defer(Note.body, raiseload=True)),
    selectinload(Meeting.links).joinedload(MeetingItem.item).options(
        joinedload(Item.module), joinedload(Item.owner)
    ),
)  # fmt: skip
_RUN = (
    joinedload(PracticeRun.successor),
    joinedload(PracticeRun.recorded_by),
    joinedload(PracticeRun.note).options(defer(Note.body, raiseload=True)),
)


def meeting_facts(session: Session, meeting_id: str) -> Facts:
    """Facts for the policy; raises NotFound."""
    handover_id = session.scalar(select(Meeting.handover_id).where(Meeting.id == meeting_id))
    if handover_id is None:
        raise not_found()
    return Facts(handover_id)


def get_meeting(session: Session, meeting_id: str) -> Meeting:
    """One meeting with its items, who recorded it and the note it led to; raises NotFound."""
    found = session.scalar(select(Meeting).where(Meeting.id == meeting_id).options(*_MEETING))
    if found is None:
        raise not_found()
    return found


def meetings_of(handover_id: str) -> Select[Meeting]:
    """A handover's meetings, the latest first, those to come before those that were held."""
    return (
        select(Meeting)
        .where(Meeting.handover_id == handover_id)
        .options(*_MEETING)
        .order_by(Meeting.held_at.desc(), Meeting.id)
    )


def demonstrations_of(session: Session, item_id: str) -> list[Meeting]:
    """The demonstrations in which an item is shown, the latest first."""
    query = (
        select(Meeting)
        .join(MeetingItem, MeetingItem.meeting_id == Meeting.id)
        .where(MeetingItem.item_id == item_id, MeetingItem.agreed.is_(False))
        .where(Meeting.kind == MeetingKind.DEMONSTRATION)
        .order_by(Meeting.held_at.desc(), Meeting.id)
    )
    return list(session.scalars(query))


def runs_of(item_id: str) -> Select[PracticeRun]:
    """The practice runs of an item, the latest first."""
    return (
        select(PracticeRun)
        .where(PracticeRun.item_id == item_id)
        .options(*_RUN)
        .order_by(PracticeRun.held_at.desc(), PracticeRun.created_at.desc(), PracticeRun.id)
    )


def runs_in(session: Session, handover_id: str) -> list[PracticeRun]:
    """Every practice run of a handover, the latest first."""
    query = (
        select(PracticeRun)
        .join(Item, Item.id == PracticeRun.item_id)
        .where(Item.handover_id == handover_id)
        .options(*_RUN)
        .order_by(PracticeRun.held_at.desc(), PracticeRun.created_at.desc(), PracticeRun.id)
    )
    return list(session.scalars(query))


def run_facts(session: Session, run_id: str) -> Facts:
    """Facts for the policy: its author is who recorded it; raises NotFound."""
    query = select(Item.handover_id, PracticeRun.recorded_by_id).join(
        PracticeRun, PracticeRun.item_id == Item.id
    )
    row = session.execute(query.where(PracticeRun.id == run_id)).one_or_none()
    if row is None:
        raise not_found()
    return Facts(row.handover_id, row.recorded_by_id)


def get_run(session: Session, run_id: str) -> PracticeRun:
    """One practice run with its item and people; raises NotFound."""
    query = select(PracticeRun).where(PracticeRun.id == run_id)
    found = session.scalar(query.options(joinedload(PracticeRun.item), *_RUN))
    if found is None:
        raise not_found()
    return found


def members_of(session: Session, handover_id: str) -> list[User]:
    """Everybody in a handover once, by name."""
    held = select(Membership.user_id).where(Membership.handover_id == handover_id)
    return list(session.scalars(select(User).where(User.id.in_(held)).order_by(User.name, User.id)))


def successors_of(session: Session, handover_id: str) -> list[User]:
    """Who takes over, by name."""
    held = select(Membership.user_id).where(
        Membership.handover_id == handover_id, Membership.role == Role.SUCCESSOR
    )
    return list(session.scalars(select(User).where(User.id.in_(held)).order_by(User.name, User.id)))


def shown_in(meeting: Meeting) -> list[Item]:
    """The items a meeting is about, in the checklist's order."""
    return _in_order(link.item for link in meeting.links if not link.agreed)


def agreed_in(meeting: Meeting) -> list[Item]:
    """The items made of what was agreed, in the order of the lines."""
    return _in_order(link.item for link in meeting.links if link.agreed)


def _in_order(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.position, item.id))


def people_at(session: Session, meetings: Iterable[Meeting]) -> dict[str, User]:
    """The accounts of those who are named at meetings, by id."""
    ids = {one["user_id"] for meeting in meetings for one in meeting.attendees if one.get("user_id")}
    if not ids:
        return {}
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))}


def readable(identity: Identity, note: Note | None) -> Note | None:
    """The note that something led to, where this person may read it and it is not in the bin."""
    if note is None or note.deleted_at is not None:
        return None
    facts = Facts(note.handover_id, note.author_id, note.status == NoteStatus.DRAFT)
    return note if can(identity, Permission.NOTE_READ, facts) else None

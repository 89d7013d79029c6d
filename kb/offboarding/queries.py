"""What is still in somebody's name in a handover, and what was offered to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from kb.access.identity import Facts
from kb.access.permits import not_found
from kb.access.roles import Role
from kb.annotations.models import Annotation, AnnotationKind, AnnotationState
from kb.checklists.models import Item
from kb.handovers.models import Handover
from kb.handovers.queries import people_in
from kb.notes.models import Note, NoteStatus
from kb.offboarding.models import Transfer, TransferState
from kb.people.models import User
from kb.registers.models import Entry, EntryState


class Thing(StrEnum):
    """What can be in somebody's name."""

    NOTE = "note"
    ITEM = "item"
    ENTRY = "register"


@dataclass(frozen=True)
class Belonging:
    """One thing in somebody's name. `offered_to`: who has been asked to take it."""

    type: Thing
    id: str
    title: str
    url: str
    importance: str
    rhythm: str | None = None
    draft: bool = False
    questions: int = 0
    offered_to: str | None = None

    @property
    def key(self) -> str:
        """As a form's checkbox says it."""
        return f"{self.type}:{self.id}"


@dataclass(frozen=True)
class Gate:
    """What must find somebody before an account ends."""

    person: User
    belongings: tuple[Belonging, ...]

    @property
    def clear(self) -> bool:
        return not self.belongings

    def of(self, thing: str) -> list[Belonging]:
        """Those of one type."""
        return [one for one in self.belongings if one.type == thing]


def gate_of(session: Session, handover: Handover) -> Gate:
    """What is still the leaver's in a handover; its members must be loaded."""
    leaver = people_in(handover, Role.LEAVER)[0]
    offered = _offered(session, handover.id)
    things = [*_notes(session, handover.id, leaver, offered), *_items(session, handover.id, leaver, offered),
              *_entries(session, handover.id, leaver, offered)]  # fmt: skip
    return Gate(leaver, tuple(things))


def gate_is_clear(session: Session, handover: Handover) -> bool:
    """Whether nothing is left in the leaver's name."""
    return gate_of(session, handover).clear


def is_owned_entry(person_id: str) -> ColumnElement[bool]:
    """The register entries that end with somebody: held, not revoked, and nobody named to hold them next."""
    nobody_next = Entry.new_holder_id.is_(None) & (Entry.new_holder_name == "")
    return (
        (Entry.holder_id == person_id)
        & (Entry.state != EntryState.REVOKED)
        & or_(nobody_next, Entry.new_holder_id == person_id)
    )


def _offered(session: Session, handover_id: str) -> dict[str, str]:
    """`type:id` -> the name of who has been asked and has not answered."""
    waiting = session.scalars(transfers_in(handover_id).where(Transfer.state == TransferState.OFFERED))
    return {
        f"{thing['type']}:{thing['id']}": one.taker.name if one.taker else ""
        for one in waiting
        for thing in one.objects
    }


def _notes(
    session: Session, handover_id: str, person: User, offered: dict[str, str]
) -> Iterable[Belonging]:  # fmt: skip
    asked = (
        select(Annotation.note_id, func.count())
        .join(Note, Note.id == Annotation.note_id)
        .where(Note.handover_id == handover_id, Note.owner_id == person.id)
        .where(Annotation.kind == AnnotationKind.QUESTION, Annotation.state == AnnotationState.OPEN)
        .group_by(Annotation.note_id)
    )
    questions = Counter({row[0]: row[1] for row in session.execute(asked)})
    rows = session.execute(
        select(Note.id, Note.title, Note.importance, Note.status)
        .where(Note.handover_id == handover_id, Note.owner_id == person.id, Note.deleted_at.is_(None))
        .order_by(Note.title, Note.id)
    )
    for row in rows:
        yield Belonging(
            Thing.NOTE, row.id, row.title, f"/notes/{row.id}", row.importance,
            draft=row.status == NoteStatus.DRAFT, questions=questions[row.id],
            offered_to=offered.get(f"{Thing.NOTE}:{row.id}"),
        )  # fmt: skip


def _items(
    session: Session, handover_id: str, person: User, offered: dict[str, str]
) -> Iterable[Belonging]:  # fmt: skip
    """Recurring duties first: they fall to nobody on the very next round."""
    rows = session.execute(
        select(Item.id, Item.title, Item.importance, Item.rhythm)
        .where(Item.handover_id == handover_id, Item.owner_id == person.id)
        .order_by(Item.rhythm.is_(None), Item.position, Item.id)
    )
    for row in rows:
        yield Belonging(
            Thing.ITEM, row.id, row.title, f"/items/{row.id}", row.importance, rhythm=row.rhythm,
            offered_to=offered.get(f"{Thing.ITEM}:{row.id}"),
        )  # fmt: skip


def _entries(
    session: Session, handover_id: str, person: User, offered: dict[str, str]
) -> Iterable[Belonging]:  # fmt: skip
    rows = session.execute(
        select(Entry.id, Entry.name, Entry.importance)
        .where(Entry.handover_id == handover_id, is_owned_entry(person.id))
        .order_by(Entry.position, Entry.id)
    )
    for row in rows:
        yield Belonging(
            Thing.ENTRY, row.id, row.name, f"/register/{row.id}", row.importance,
            offered_to=offered.get(f"{Thing.ENTRY}:{row.id}"),
        )  # fmt: skip


def transfers_in(handover_id: str) -> Select[Transfer]:
    """The offers of a handover with their people, newest first."""
    return (
        select(Transfer)
        .where(Transfer.handover_id == handover_id)
        .options(joinedload(Transfer.giver), joinedload(Transfer.taker))
        .order_by(Transfer.created_at.desc(), Transfer.id)
    )


def offered_to(user_id: str, handover_ids: Iterable[str]) -> Select[Transfer]:
    """What somebody is asked to take on and has not answered, in the handovers they are in."""
    ids = list(handover_ids)
    query = select(Transfer).where(Transfer.to_id == user_id, Transfer.state == TransferState.OFFERED)
    within = Transfer.handover_id.in_(ids) if ids else false()
    return query.where(within).options(joinedload(Transfer.giver)).order_by(Transfer.created_at, Transfer.id)


def get_transfer(session: Session, transfer_id: str) -> Transfer:
    """One offer with its people; raises NotFound."""
    found = session.scalar(
        select(Transfer)
        .where(Transfer.id == transfer_id)
        .options(joinedload(Transfer.giver), joinedload(Transfer.taker))
    )
    if found is None:
        raise not_found()
    return found


def transfer_facts(session: Session, transfer_id: str) -> Facts:
    """Facts for the policy; who is asked stands as its owner. Raises NotFound."""
    row = session.execute(
        select(Transfer.handover_id, Transfer.to_id).where(Transfer.id == transfer_id)
    ).first()
    if row is None:
        raise not_found()
    return Facts(row.handover_id, owner_id=row.to_id)


def still_in_name(session: Session, user_id: str) -> Counter[str]:
    """How much is in somebody's name over all handovers, by type: numbers only, for an administrator."""
    owned = {
        Thing.NOTE: select(func.count()).where(Note.owner_id == user_id, Note.deleted_at.is_(None)),
        Thing.ITEM: select(func.count()).where(Item.owner_id == user_id),
        Thing.ENTRY: select(func.count()).select_from(Entry).where(is_owned_entry(user_id)),
    }
    counts = {str(thing): session.scalar(query) or 0 for thing, query in owned.items()}
    return Counter({thing: count for thing, count in counts.items() if count})

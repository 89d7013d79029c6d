"""Reading the register: a handover's entries, what expires, what still names who leaves."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from kb.access.identity import Facts
from kb.access.permits import not_found
from kb.access.roles import Role
from kb.handovers.models import Membership
from kb.people.models import User
from kb.registers.models import Entry, EntryKind, EntryState, EntryStep

# From these states on the leaver is out of it. Who once signed in to an account can do so until that is revoked.
_OUT = frozenset({EntryState.CONFIRMED, EntryState.REVOKED})
_OUT_OF_ACCOUNT = frozenset({EntryState.REVOKED})
_PEOPLE = (joinedload(Entry.holder), joinedload(Entry.new_holder), joinedload(Entry.item))


def entry_facts(session: Session, entry_id: str) -> Facts:
    """Facts for the policy; raises NotFound."""
    handover_id = session.scalar(select(Entry.handover_id).where(Entry.id == entry_id))
    if handover_id is None:
        raise not_found()
    return Facts(handover_id)


def get_entry(session: Session, entry_id: str) -> Entry:
    """One entry with its people and item; raises NotFound."""
    found = session.scalar(select(Entry).where(Entry.id == entry_id).options(*_PEOPLE))
    if found is None:
        raise not_found()
    return found


def entries_of(handover_id: str) -> Select[Entry]:
    """A handover's entries with their people and items, in the order they were entered."""
    return (
        select(Entry)
        .where(Entry.handover_id == handover_id)
        .options(*_PEOPLE)
        .order_by(Entry.position, Entry.id)
    )


def entries_about(item_id: str) -> Select[Entry]:
    """The entries that belong to a checklist item, with their people."""
    return select(Entry).where(Entry.item_id == item_id).options(*_PEOPLE).order_by(Entry.position, Entry.id)


def steps_of(entry_id: str) -> Select[EntryStep]:
    """How an entry changed hands, with who said so, newest first."""
    return (
        select(EntryStep)
        .where(EntryStep.entry_id == entry_id)
        .options(joinedload(EntryStep.by))
        .order_by(EntryStep.at.desc(), EntryStep.id)
    )


def expiring(session: Session, handover_ids: Collection[str], until: date) -> list[Entry]:
    """Entries that expire by `until` or have expired, the earliest first; not those that were revoked."""
    query = (
        select(Entry)
        .where(Entry.handover_id.in_(handover_ids), Entry.expires_on <= until)
        .where(Entry.state != EntryState.REVOKED)
    )
    return list(session.scalars(query.options(*_PEOPLE).order_by(Entry.expires_on, Entry.position, Entry.id)))


def leavers_of(session: Session, handover_id: str) -> Sequence[User]:
    """Who leaves in a handover."""
    held = select(Membership.user_id).where(
        Membership.handover_id == handover_id, Membership.role == Role.LEAVER
    )
    return session.scalars(select(User).where(User.id.in_(held))).all()


def still_naming(session: Session, handover_id: str) -> list[Entry]:
    """Entries that still name the leaver: as new holder, as whom one calls, and as holder until it is confirmed
    (an account: revoked) that somebody else has it."""
    return naming(session.scalars(entries_of(handover_id)), leavers_of(session, handover_id))


def naming(entries: Iterable[Entry], leavers: Sequence[User]) -> list[Entry]:
    """Those of the entries that still name one of these people; their people must be loaded."""
    return [entry for entry in entries if named_in(entry, leavers)]


def named_in(entry: Entry, leavers: Sequence[User]) -> tuple[str, ...]:
    """The fields in which an entry still names one of these people: holder, new_holder, contact."""
    out = _OUT_OF_ACCOUNT if entry.kind == EntryKind.ACCOUNT else _OUT
    next_too = is_one_of(leavers, entry.new_holder_id, entry.new_holder_name)
    somebody_else = not next_too and bool(entry.new_holder_id or entry.new_holder_name)
    found = {
        "holder": not (entry.state in out and somebody_else)
        and is_one_of(leavers, entry.holder_id, entry.holder_name),
        "new_holder": next_too,
        "contact": entry.state != EntryState.REVOKED
        and any(_mentions(entry.contact, one) for one in leavers),
    }
    return tuple(name for name, said in found.items() if said)


def is_one_of(people: Sequence[User], user_id: str | None, name: str) -> bool:
    """Whether a holder, an account or only a name, is one of these people."""
    return any(_is(user_id, name, one) for one in people)


def _is(user_id: Any, name: str, person: User) -> bool:
    """Whether a holder is this person: the account, or a name that says the same."""
    return user_id == person.id if user_id else name.strip().casefold() in _words(person)


def _mentions(text: str, person: User) -> bool:
    """Whether a person is named in a text: the address or the name, letters of other words beside it not counted."""
    return any(
        re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text.casefold()) for word in _words(person)
    )


def _words(person: User) -> tuple[str, ...]:
    return (person.email, person.name.casefold())

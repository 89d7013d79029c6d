"""What has a date in a handover: items that are due, entries that expire, practice and meetings to come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload

from kb.checklists.models import Item, ItemState
from kb.i18n import _
from kb.registers.models import Entry, EntryState
from kb.rehearsals.models import Meeting, PracticeRun


def items_with_due(handover_ids: Collection[str]) -> Select[Item]:
    """Items somebody has given a day, the earliest first; not those that were accepted."""
    return (
        select(Item)
        .where(Item.handover_id.in_(handover_ids), Item.due.is_not(None))
        .where(Item.state != ItemState.ACCEPTED)
        .order_by(Item.due, Item.position, Item.id)
    )


def entries_with_expiry(handover_ids: Collection[str]) -> Select[Entry]:
    """Register entries that expire, the earliest first; not those that were revoked."""
    return (
        select(Entry)
        .where(Entry.handover_id.in_(handover_ids), Entry.expires_on.is_not(None))
        .where(Entry.state != EntryState.REVOKED)
        .order_by(Entry.expires_on, Entry.position, Entry.id)
    )


def practice_planned(handover_ids: Collection[str]) -> Select[PracticeRun]:
    """For each item and successor the latest run, where it says when it is tried again; with item and successor."""
    later = aliased(PracticeRun)
    superseded = (
        select(later.id)
        .where(later.item_id == PracticeRun.item_id)
        .where(later.successor_id.is_not_distinct_from(PracticeRun.successor_id))
        .where(
            (later.held_at > PracticeRun.held_at)
            | ((later.held_at == PracticeRun.held_at) & (later.created_at > PracticeRun.created_at))
        )
        .exists()
    )
    return (
        select(PracticeRun)
        .join(Item, Item.id == PracticeRun.item_id)
        .where(Item.handover_id.in_(handover_ids), PracticeRun.next_on.is_not(None), ~superseded)
        .options(joinedload(PracticeRun.item), joinedload(PracticeRun.successor))
        .order_by(PracticeRun.next_on, PracticeRun.id)
    )


def meetings_to_come(handover_ids: Collection[str]) -> Select[Meeting]:
    """Meetings without minutes: they are still to come."""
    return (
        select(Meeting)
        .where(Meeting.handover_id.in_(handover_ids), Meeting.minutes == "")
        .order_by(Meeting.held_at, Meeting.id)
    )


def concerning(query: Select[Entry], user_id: str, managed: Collection[str], until: date) -> Select[Entry]:
    """Of entries those that expire by a day and are for this person: held by them, to be held, or managed."""
    mine = (Entry.holder_id == user_id) | (Entry.new_holder_id == user_id) | Entry.handover_id.in_(managed)
    return query.where(Entry.expires_on <= until, mine)


def my_practice(
    session: Session, user_id: str, handover_ids: Collection[str], until: date
) -> list[PracticeRun]:
    """Practice that a successor has planned up to a day, the earliest first."""
    query = practice_planned(handover_ids).where(
        PracticeRun.successor_id == user_id, PracticeRun.next_on <= until
    )
    return list(session.scalars(query))


def practice_words(run: PracticeRun) -> str:
    """What is planned, and for whom."""
    if run.successor is None:
        return _("Practise again: %(title)s") % {"title": run.item.title}
    words = {"title": run.item.title, "name": run.successor.name}
    return _("%(name)s practises again: %(title)s") % words

"""What has a day and needs the reader: their items due soon, entries that expire, practice they have planned."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.roles import Role
from kb.checklists.models import Item
from kb.handovers.models import Handover, Stage
from kb.notifications.dates import concerning, entries_with_expiry, items_with_due, my_practice

DUE_SOON, EXPIRES_SOON = timedelta(days=7), timedelta(days=30)
MOST = 5  # of each sort
OVER = (Stage.CLOSED, Stage.CANCELLED)


@dataclass(frozen=True)
class Needed:
    """One line: `kind` is due, expiry or practice; `days` until then, negative when it is past."""

    kind: str
    title: str
    url: str
    days: int
    handover: Handover


def needed(
    session: Session, identity: Identity, mine: Mapping[str, Handover], day: date, shown: Collection[str]
) -> list[Needed]:  # fmt: skip
    """The lines, the earliest first; `mine`: their handovers by id, `shown`: items that are listed anyway."""
    going_on = {key: handover for key, handover in mine.items() if handover.stage not in OVER}
    if not going_on:
        return []
    lines = [
        *_items(session, identity.user_id, going_on, day, shown),
        *_entries(session, identity, going_on, day),
        *_practice(session, identity, going_on, day),
    ]
    return sorted(lines, key=lambda line: line.days)


def _items(
    session: Session, user_id: str, going_on: Mapping[str, Handover], day: date, shown: Collection[str]
) -> Iterator[Needed]:
    query = items_with_due(going_on).where(Item.owner_id == user_id, Item.due <= day + DUE_SOON)
    for item in session.scalars(query.limit(MOST + len(shown))):
        if item.due and item.id not in shown:
            yield Needed(
                "due", item.title, f"/items/{item.id}", (item.due - day).days, going_on[item.handover_id]
            )


def _entries(
    session: Session, identity: Identity, going_on: Mapping[str, Handover], day: date
) -> Iterator[Needed]:
    managed = identity.handovers_as(Role.MANAGER)
    query = concerning(entries_with_expiry(going_on), identity.user_id, managed, day + EXPIRES_SOON)
    for entry in session.scalars(query.limit(MOST)):
        if entry.expires_on:
            place = f"/handovers/{entry.handover_id}/register#entry-{entry.id}"
            yield Needed(
                "expiry", entry.name, place, (entry.expires_on - day).days, going_on[entry.handover_id]
            )


def _practice(
    session: Session, identity: Identity, going_on: Mapping[str, Handover], day: date
) -> Iterator[Needed]:
    places = identity.handovers_as(Role.SUCCESSOR) & set(going_on)
    if not places:
        return
    for run in my_practice(session, identity.user_id, places, day)[:MOST]:
        if run.next_on:
            place = f"/items/{run.item_id}/practice"
            yield Needed(
                "practice", run.item.title, place, (run.next_on - day).days, going_on[run.item.handover_id]
            )

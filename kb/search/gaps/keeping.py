"""Keeping searches, many at a time: each in the handovers it counts for, joined with what was typed just before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from kb.handovers.models import Handover
from kb.ids import new_id
from kb.people.models import User
from kb.search.analysis import fold_value
from kb.search.gaps.closing import answer
from kb.search.gaps.models import Search, SearchPlace
from kb.search.gaps.noted import Noted
from kb.search.gaps.texts import JOINED_WITHIN, Asked, is_same_search, read, too_short

SOON = timedelta(minutes=2)  # what is found so long after a miss was looked for in other words
LOOKED_BACK = 10  # searches of a person


@dataclass(slots=True)
class _Kept:
    """A search as it stands, or will stand, in the database."""

    id: str
    at: datetime
    folded: str
    total: int
    handover_id: str | None
    user_id: str
    filters: str = ""
    missed: bool = True
    is_stored: bool = False
    followed_by: str | None = None
    asked: Asked | None = None  # None: nothing has come to it
    hits: dict[str, int] = field(default_factory=dict)

    def take(self, noted: Noted, asked: Asked) -> None:
        """What was asked last is what was meant."""
        self.at, self.total, self.asked, self.folded = noted.at, noted.total, asked, asked.folded
        self.missed = noted.missed
        self.hits = noted.hits(plain=asked.plain, short=asked.short)


def keep_all(session: Session, batch: Sequence[Noted]) -> None:
    """Keep searches, in the order of time; what says nothing, and who is gone meanwhile, is left out."""
    users = {noted.identity.user_id for noted in batch}
    there = set(session.scalars(select(User.id).where(User.id.in_(users))))
    since = min((noted.at for noted in batch), default=None)
    recent = {user: _recent(session, user, since - SOON) for user in there if since}
    for noted in batch:
        asked, mine = read(noted.text), recent.get(noted.identity.user_id)
        if mine is None or asked is None or (noted.typing and too_short(asked.folded)):
            continue
        if not mine or not _is_typed_on(mine[-1], noted, asked):
            mine.append(
                _Kept(
                    new_id(), noted.at, asked.folded, noted.total, noted.limit, noted.identity.user_id,
                    noted.filters,
                )
            )  # fmt: skip
        mine[-1].take(noted, asked)
        if noted.found(short=asked.short):
            _follow(mine, mine[-1])
    _write(session, [kept for mine in recent.values() for kept in mine])


def _recent(session: Session, user_id: str, since: datetime) -> list[_Kept]:
    """A person's last searches, oldest first."""
    rows = session.execute(
        select(
            Search.id, Search.at, Search.text, Search.total, Search.handover_id, Search.then_id, Search.partial,
            Search.filters,
        )
        .where(Search.user_id == user_id, Search.at >= since)
        .order_by(Search.at.desc())
        .limit(LOOKED_BACK)
    ).all()  # fmt: skip
    return [
        _Kept(
            row.id, row.at, fold_value(row.text), row.total, row.handover_id, user_id, row.filters,
            missed=row.partial or not row.total, is_stored=True, followed_by=row.then_id,
        )
        for row in reversed(rows)
    ]  # fmt: skip


def _is_typed_on(last: _Kept, noted: Noted, asked: Asked) -> bool:
    """Whether it is the person's last search once more, typed on or mended."""
    return (
        last.handover_id == noted.limit
        and last.filters == noted.filters
        and noted.at - last.at <= JOINED_WITHIN
        and is_same_search(last.folded, asked.folded)
    )


def _follow(mine: Iterable[_Kept], found: _Kept) -> None:
    """What the same person has just looked for in vain was followed by this."""
    for kept in mine:
        if kept.missed and kept.followed_by is None and found.at - kept.at <= SOON:
            kept.followed_by = found.id


def _write(session: Session, all_kept: Sequence[_Kept]) -> None:
    touched = [kept for kept in all_kept if kept.asked is not None]
    wanted = {place for kept in touched for place in (*kept.hits, kept.handover_id) if place}
    there = set(session.scalars(select(Handover.id).where(Handover.id.in_(wanted)))) if wanted else set()
    rows = {kept.id: _row(kept, kept.asked, there) for kept in touched if kept.asked}
    new = [rows[kept.id] for kept in touched if not kept.is_stored]
    again = [rows[kept.id] for kept in touched if kept.is_stored]
    places = [
        {"search_id": kept.id, "handover_id": place, "hits": count, "answered": False}
        for kept in touched
        for place, count in kept.hits.items()
        if place in there
    ]
    if new:
        session.execute(insert(Search), new)
    if again:
        session.execute(update(Search), again)
        session.execute(delete(SearchPlace).where(SearchPlace.search_id.in_([row["id"] for row in again])))
    if places:
        session.execute(insert(SearchPlace), places)
    followed = [{"id": kept.id, "then_id": kept.followed_by} for kept in all_kept if kept.followed_by]
    if followed:  # after what they point to is there
        session.execute(update(Search), followed)
    _close(session, [kept for kept in touched if not kept.missed])


def _row(kept: _Kept, asked: Asked, there: set[str]) -> dict[str, object]:
    return {
        "id": kept.id, "user_id": kept.user_id, "at": kept.at, "text": asked.text, "key": asked.key,
        "total": kept.total, "partial": kept.missed and kept.total > 0, "filters": kept.filters,
        "handover_id": kept.handover_id if kept.handover_id in there else None,
    }  # fmt: skip


def _close(session: Session, found: Sequence[_Kept]) -> None:
    """What asks the same was looked for in vain there, and is found now."""
    by_key = {kept.asked.key: kept for kept in found if kept.asked}
    if not by_key:
        return
    open_keys = (
        select(Search.key)
        .join(SearchPlace, SearchPlace.search_id == Search.id)
        .where(Search.key.in_(by_key))
        .where(SearchPlace.hits == 0, SearchPlace.answered.is_(False))
        .distinct()
    )
    missed = set(session.scalars(open_keys))
    for kept in found:
        if kept.asked and kept.asked.key in missed:
            answer(session, kept.asked.key, [place for place, count in kept.hits.items() if count], kept.at)

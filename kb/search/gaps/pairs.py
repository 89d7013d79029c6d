"""Pairs of words for the glossary: what was looked for in vain, and found in other words soon after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, and_, null, or_, select
from sqlalchemy.orm import Session, aliased

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import not_found
from kb.access.policy import POLICY
from kb.search.gaps.models import DismissedPair, Search, SearchPlace
from kb.search.gaps.texts import may_be_a_word, read, says_otherwise

MOST_LOOKED_AT = 2000
MOST_PAIRS = 50
Keys = tuple[str, str]  # of the missed search and of the found one


@dataclass(frozen=True)
class Pair:
    """What was looked for in vain, and what the same person found just after; how often, by how many."""

    missed: str
    found: str
    count: int
    people: int


@dataclass
class _Seen:
    """The searches behind a pair, as far as somebody may know of them."""

    missed: str
    found: str
    last: datetime
    own: bool = False
    searches: set[str] = field(default_factory=set)
    people: set[str | None] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    places: set[str] = field(default_factory=set)

    def told(self) -> bool:
        """One's own; of others what does not hang upon one person on one day."""
        return self.own or len(self.people) > 1 or len(self.days) > 1


def suggested_pairs(session: Session, identity: Identity) -> list[Pair]:
    """Other words that led people to what they had looked for in vain; by most people first, then the latest.

    Only from handovers in which the person may see the gaps, where both searches belong to that very
    handover, and from their own searches; nobody is named. A search is what somebody typed, never
    what stands in a note.
    """
    seen = [one for one in _seen(session, identity).values() if one.told()]
    seen.sort(key=lambda one: (len(one.people), one.last), reverse=True)
    return [Pair(one.missed, one.found, len(one.searches), len(one.people)) for one in seen[:MOST_PAIRS]]


def dismiss_pair(session: Session, identity: Identity, missed: str, found: str, at: datetime) -> None:
    """Say that two searches do not mean the same: never told again where the person may say so; NotFound."""
    asked, other = read(missed), read(found)
    keys = (asked.key, other.key) if asked and other else ("", "")
    pair = _seen(session, identity).get(keys)
    if pair is None or not pair.told():
        raise not_found()
    whose: list[tuple[str | None, str | None]] = [(place, None) for place in sorted(pair.places)]
    if pair.own:
        whose.append((None, identity.user_id))
    for handover_id, user_id in whose:
        session.add(
            DismissedPair(missed=keys[0], found=keys[1], handover_id=handover_id, user_id=user_id, at=at)
        )
    session.flush()


def _seen(session: Session, identity: Identity) -> dict[Keys, _Seen]:
    gone = _dismissed(session, identity)
    pairs: dict[Keys, _Seen] = {}
    for query in (_own(identity), _in_view(identity)):
        for one, missed_text, found_text, at, user_id, place in session.execute(query):
            missed, found = read(missed_text), read(found_text)
            if missed is None or found is None or (missed.key, found.key, place or user_id) in gone:
                continue
            keys = (missed.key, found.key)
            if keys not in pairs:
                words = may_be_a_word(missed) and may_be_a_word(found) and says_otherwise(missed, found)
                if not words:
                    continue
                pairs[keys] = _Seen(missed.text, found.text, at)
            pair = pairs[keys]
            pair.last = max(pair.last, at)
            pair.searches.add(one)
            pair.people.add(user_id)
            pair.days.add(at.date())
            if place:
                pair.places.add(place)
            else:
                pair.own = True
    return pairs


def _dismissed(session: Session, identity: Identity) -> set[tuple[str, str, str | None]]:
    """Which pairs are not to be told, with the handover or the person they are dismissed for."""
    rows = session.execute(
        select(DismissedPair).where(
            or_(DismissedPair.handover_id.in_(_managed(identity)), DismissedPair.user_id == identity.user_id)
        )
    ).scalars()
    return {(row.missed, row.found, row.handover_id or row.user_id) for row in rows}


def _managed(identity: Identity) -> Iterable[str]:
    return identity.handovers_as(*POLICY[Permission.GAPS_READ].roles)


_found = aliased(Search)
_Row = Select[str, str, str, datetime, str | None, str | None]


def _pairs() -> Select[str, str, str, datetime, str | None]:
    """What was not found, and what the same person found soon after, both without filters; the latest first."""
    return (
        select(Search.id, Search.text, _found.text, Search.at, Search.user_id)
        .join(_found, Search.then_id == _found.id)
        .where(or_(Search.total == 0, Search.partial), _found.total > 0, _found.partial.is_(False))
        .where(Search.filters == "", _found.filters == "")
        .order_by(Search.at.desc(), Search.id)
        .limit(MOST_LOOKED_AT)
    )


def _own(identity: Identity) -> _Row:
    return _pairs().add_columns(null()).where(Search.user_id == identity.user_id)


def _in_view(identity: Identity) -> _Row:
    """With each handover that both searches count for and whose gaps the person may see."""
    missed_in, found_in = aliased(SearchPlace), aliased(SearchPlace)
    return (
        _pairs()
        .add_columns(missed_in.handover_id)
        .join(missed_in, missed_in.search_id == Search.id)
        .join(found_in, and_(found_in.search_id == _found.id, found_in.handover_id == missed_in.handover_id))
        .where(missed_in.handover_id.in_(_managed(identity)), missed_in.hits == 0, found_in.hits > 0)
    )

"""Reading kept searches: a handover's gaps, one's own recent searches, pairs of words for the glossary."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, and_, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.policy import POLICY
from kb.ids import ALPHABET, LENGTH
from kb.search.gaps.models import Search, SearchPlace
from kb.search.gaps.texts import read, says_otherwise

MOST_LOOKED_AT = 50  # searches of one's own behind the few that are shown
MOST_PAIRS_LOOKED_AT = 2000
MOST_PAIRS = 50


@dataclass(frozen=True)
class Gap:
    """What people looked for in a handover and did not find; `query` as last typed, people only counted."""

    id: str
    query: str
    count: int
    searchers: int
    last_at: datetime


@dataclass(frozen=True)
class Recent:
    """One of a person's own searches, and where it is made again."""

    text: str
    url: str
    at: datetime
    total: int


@dataclass(frozen=True)
class Pair:
    """What was looked for in vain, and what the same person found in other words just after; how often."""

    missed: str
    found: str
    count: int


def _open(handover_id: str) -> tuple[ColumnElement[bool], ...]:
    """A search that found nothing in the handover, nor has anybody found it since."""
    return (
        SearchPlace.handover_id == handover_id,
        SearchPlace.hits == 0,
        SearchPlace.answered.is_(False),
    )


def gaps_in(handover_id: str) -> Select[str]:
    """The last search of each gap of a handover by id; what was looked for most often first, then the latest."""
    same = func.count().over(partition_by=Search.key).label("same")
    newest = func.row_number().over(partition_by=Search.key, order_by=(Search.at.desc(), Search.id))
    ranked = (
        select(Search.id, Search.at, same, newest.label("place"))
        .join(SearchPlace, SearchPlace.search_id == Search.id)
        .where(*_open(handover_id))
        .subquery()
    )
    return (
        select(ranked.c.id)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.same.desc(), ranked.c.at.desc(), ranked.c.id)
    )


def count_gaps(session: Session, handover_id: str) -> int:
    """How many different things people looked for there and did not find."""
    count = (
        select(func.count(distinct(Search.key)))
        .join(SearchPlace, SearchPlace.search_id == Search.id)
        .where(*_open(handover_id))
    )
    return session.scalar(count) or 0


def as_gaps(session: Session, handover_id: str, search_ids: Sequence[str]) -> list[Gap]:
    """The gaps whose last searches these are, in this order."""
    last = {row.id: row for row in session.execute(
        select(Search.id, Search.key, Search.text, Search.at).where(Search.id.in_(search_ids)))}  # fmt: skip
    person = func.coalesce(Search.user_id, SearchPlace.searcher)
    counted = (
        select(Search.key, func.count().label("times"), func.count(distinct(person)).label("people"))
        .join(SearchPlace, SearchPlace.search_id == Search.id)
        .where(*_open(handover_id), Search.key.in_([row.key for row in last.values()]))
        .group_by(Search.key)
    )
    numbers = {row.key: row for row in session.execute(counted)}
    return [
        Gap(gap_id(handover_id, row.key), row.text, numbers[row.key].times, numbers[row.key].people, row.at)
        for row in (last[one] for one in search_ids)
    ]


def gap_id(handover_id: str, key: str) -> str:
    """The same for the same words in the same handover, whoever searches next."""
    digest = hashlib.sha256(f"{handover_id}\n{key}".encode()).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:LENGTH])


def key_of_gap(session: Session, handover_id: str, wanted: str) -> str | None:
    """The key of an open gap by its id."""
    keys = (
        select(Search.key)
        .join(SearchPlace, SearchPlace.search_id == Search.id)
        .where(*_open(handover_id))
        .distinct()
    )
    return next((key for key in session.scalars(keys) if gap_id(handover_id, key) == wanted), None)


def recent_searches(session: Session, identity: Identity, limit: int = 8) -> list[Recent]:
    """One's own last searches, each once, newest first."""
    mine = (
        select(Search.text, Search.key, Search.at, Search.total, Search.handover_id)
        .where(Search.user_id == identity.user_id)
        .order_by(Search.at.desc())
        .limit(MOST_LOOKED_AT)
    )
    found: dict[tuple[str, str | None], Recent] = {}
    for one in session.execute(mine):
        limited = {"handover": one.handover_id} if one.handover_id in identity.roles else {}
        url = "/search?" + urlencode({"q": one.text, **limited})
        found.setdefault((one.key, one.handover_id), Recent(one.text, url, one.at, one.total))
    return list(found.values())[:limit]


def suggested_pairs(session: Session, identity: Identity) -> list[Pair]:
    """Other words that led somebody to what they had looked for in vain, most frequent first.

    Only from handovers in which the person may see the gaps, where both searches belong to that very
    handover, and from their own searches; nobody is named. A search is what somebody typed, never
    what stands in a note.
    """
    found = aliased(Search)
    rows = session.execute(
        select(Search.text, found.text)
        .join(found, Search.then_id == found.id)
        .where(Search.total == 0, found.total > 0)
        .where(or_(Search.user_id == identity.user_id, _both_in_view(identity, found)))
        .order_by(Search.at.desc(), Search.id)
        .limit(MOST_PAIRS_LOOKED_AT)
    )
    pairs: dict[tuple[str, str], Pair] = {}
    for missed_text, found_text in rows:
        missed, other = read(missed_text), read(found_text)
        if missed is None or other is None or not says_otherwise(missed, other):
            continue
        keys = (missed.key, other.key)
        known = pairs.get(keys) or Pair(missed.text, other.text, 0)
        pairs[keys] = Pair(known.missed, known.found, known.count + 1)
    return sorted(pairs.values(), key=lambda pair: -pair.count)[:MOST_PAIRS]


def _both_in_view(identity: Identity, found: type[Search]) -> ColumnElement[bool]:
    """Both searches count for one handover whose gaps the person may see."""
    missed_in, found_in = aliased(SearchPlace), aliased(SearchPlace)
    seen = identity.handovers_as(*POLICY[Permission.GAPS_READ].roles)
    return (
        select(missed_in.search_id)
        .join(found_in, and_(found_in.handover_id == missed_in.handover_id, found_in.search_id == found.id))
        .where(missed_in.search_id == Search.id, missed_in.handover_id.in_(seen))
        .where(missed_in.hits == 0, found_in.hits > 0)
        .exists()
    )

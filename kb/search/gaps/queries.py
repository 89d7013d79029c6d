"""Reading kept searches: a handover's gaps, and one's own recent searches."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.ids import ALPHABET, LENGTH
from kb.search.gaps.models import Search, SearchPlace

MOST_LOOKED_AT = 50  # searches of one's own behind the few that are shown
READABLE = ("kind", "module", "tag", "type", "author", "importance")


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
    """One of a person's own searches, and where it is made again; `partial`: not all of it was found."""

    id: str
    text: str
    url: str
    at: datetime
    total: int
    partial: bool
    narrowed: tuple[tuple[str, str], ...]  # its other filters whose values can be read: ("kind", "case")


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
        select(Search)
        .where(Search.user_id == identity.user_id)
        .order_by(Search.at.desc(), Search.id)
        .limit(MOST_LOOKED_AT)
    )
    found: dict[tuple[str, str | None, str], Recent] = {}
    for one in session.scalars(mine):
        key = (one.key, one.handover_id, one.filters)
        if key not in found:
            found[key] = _recent(one, identity)
    return list(found.values())[:limit]


def _recent(one: Search, identity: Identity) -> Recent:
    filters = parse_qsl(one.filters)
    limited = [("handover", one.handover_id)] if one.handover_id in identity.roles else []
    url = "/search?" + urlencode([("q", one.text), *limited, *filters])
    readable = tuple((name, value) for name, value in filters if name in READABLE)
    return Recent(one.id, one.text, url, one.at, one.total, one.partial, readable)

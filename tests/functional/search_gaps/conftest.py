"""Two handovers, people in every role, and a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kb.access.identity import Identity
from kb.clock import now
from kb.db import Database
from kb.search.gaps.models import Search
from kb.search.gaps.pairs import Pair, suggested_pairs
from kb.search.gaps.queries import Gap, Recent, as_gaps, gaps_in, recent_searches
from kb.search.gaps.recording import SearchLog
from tests.support.factories import make_handover, make_user, who

ROLES = ("leaver", "successor", "trainer", "viewer")


@dataclass
class Desk:
    """`shop` has everybody in it, `site` a manager of its own and the same trainer."""

    database: Database
    time: datetime = field(default_factory=now)
    people: dict[str, Identity] = field(default_factory=dict)
    shop: str = ""
    site: str = ""

    def __post_init__(self) -> None:
        self.log = SearchLog(self.database, lambda: self.time)

    def search(self, name: str, text: str, total: int = 0, *, after: float = 60, **more: Any) -> None:
        """A search made so many seconds after the last one, and kept."""
        self.time += timedelta(seconds=after)
        self.log.note(self.people[name], text, more.pop("handover", None), total, **more)
        assert self.log.flush()

    def gaps(self, handover: str | None = None) -> list[Gap]:
        """The gaps of a handover, the shop unless said otherwise."""
        place = handover or self.shop
        with self.database.transaction(read_only=True) as session:
            return as_gaps(session, place, list(session.scalars(gaps_in(place))))

    def told(self, handover: str | None = None) -> dict[str, tuple[int, int]]:
        """The same as text: (how often, by how many)."""
        return {gap.query: (gap.count, gap.searchers) for gap in self.gaps(handover)}

    def recent(self, name: str, limit: int = 8) -> list[Recent]:
        with self.database.transaction(read_only=True) as session:
            return recent_searches(session, self.people[name], limit)

    def pairs(self, name: str) -> list[Pair]:
        with self.database.transaction(read_only=True) as session:
            return suggested_pairs(session, self.people[name])

    def rows(self) -> list[Search]:
        with self.database.transaction(read_only=True) as session:
            return list(session.scalars(select(Search).order_by(Search.at, Search.id)))


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    made = Desk(database)
    with database.transaction() as session:
        users = {name: make_user(session, name=name) for name in (*ROLES, "manager", "other", "second")}
        shop = make_handover(
            session, manager=users["manager"], leaver=users["leaver"], successor=users["successor"],
            trainer=users["trainer"], viewer=users["viewer"],
        )  # fmt: skip
        site = make_handover(
            session, manager=users["other"], successor=users["second"], trainer=users["trainer"]
        )
        made.shop, made.site = shop.id, site.id
        session.flush()
        made.people = {name: who(session, user) for name, user in users.items()}
    yield made
    made.log.stop()

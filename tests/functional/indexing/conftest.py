"""A database with one handover, its index, and somebody who searches."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.config import Settings
from kb.db import Database
from kb.handovers.models import Handover
from kb.notes.models import Note
from kb.people.models import User
from kb.search.indexer import Indexer
from kb.search.interface import Filters
from kb.search.live import LiveIndex
from kb.search.service import SearchRequest, search
from tests.support.factories import make_handover, make_note, make_user, who


class Searching:
    """A database with one handover, its index, and somebody who searches."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.live = LiveIndex(folder)
        self.indexer = Indexer(database, self.live)
        with database.transaction() as session:
            self.manager: User = make_user(session)
            self.handover: Handover = make_handover(session, manager=self.manager)

    def write(self, **fields: object) -> Note:
        with self.database.transaction() as session:
            return make_note(session, self.manager, self.handover, **fields)

    def titles(self, text: str, **filters: str) -> list[str]:
        with self.database.transaction(read_only=True) as session:
            request = SearchRequest(text, Filters(**filters))  # type: ignore[arg-type]
            answer = search(session, self.live, who(session, self.manager), request)
            assert not answer.degraded
            assert answer.total == len(answer.hits)
            return [hit.title for hit in answer.hits]

    def index(self) -> None:
        assert self.indexer.take_lock()
        self.indexer.catch_up()

    def close(self) -> None:
        self.indexer.stop()
        self.live.close()


@pytest.fixture
def here(database: Database, settings: Settings) -> Searching:
    return Searching(database, settings.search_index)

"""While somebody types, the last word may be unfinished; once they press Enter it means what it says."""

from __future__ import annotations

import pytest

from kb.config import Settings
from kb.db import Database
from kb.search.indexer import Indexer
from kb.search.live import LiveIndex
from kb.search.service import SearchRequest, search
from tests.support.factories import make_handover, make_note, make_user, who


@pytest.mark.parametrize(
    ("typed", "while_typing", "after"),
    [
        ("refu", True, False),
        ("slow refunds", True, True),
        ("refunds", True, True),
        ("退", True, True),
        ("title:refu", False, False),
    ],
)
def test_an_unfinished_word(
    database: Database, settings: Settings, typed: str, while_typing: bool, after: bool
) -> None:
    with database.transaction() as session:
        manager = make_user(session)
        make_note(session, manager, make_handover(session, manager=manager), title="Slow refunds 退款太慢")
    live = LiveIndex(settings.search_index)
    indexer = Indexer(database, live)
    assert indexer.take_lock()
    indexer.catch_up()
    with database.transaction(read_only=True) as session:
        found = [
            bool(
                search(
                    session, live, who(session, manager), SearchRequest(typed, typing=typing, expand=False)
                ).total
            )
            for typing in (True, False)
        ]
    indexer.stop()
    assert found == [while_typing, after]

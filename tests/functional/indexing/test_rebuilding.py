"""A rebuild that ends badly leaves nothing behind; one that is asked for is made by whoever holds the lock."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.config import Settings
from kb.db import Database
from kb.search.indexer import Indexer
from kb.search.interface import IndexUnavailable
from kb.search.live import LiveIndex
from kb.search.rebuilding import start_rebuild
from tests.support.factories import make_handover, make_note, make_user


@pytest.fixture
def indexer(database: Database, settings: Settings) -> Indexer:
    """Of a handover with one note, indexed."""
    with database.transaction() as session:
        manager = make_user(session)
        make_note(session, manager, make_handover(session, manager=manager), title="Refunds")
    indexer = Indexer(database, LiveIndex(settings.search_index))
    assert indexer.take_lock()
    indexer.catch_up()
    return indexer


def _builds(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("build-*"))


def test_a_rebuild_that_is_stopped_says_nothing_more(indexer: Indexer, settings: Settings) -> None:
    before = indexer.build()
    indexer.stop()
    with pytest.raises(IndexUnavailable):
        indexer.rebuild()
    assert indexer.status().state == "ready"
    assert (indexer.status().progress, _builds(settings.search_index)) == (None, [before])


def test_what_a_killed_rebuild_left_is_cleared_by_the_next_writer(
    indexer: Indexer, database: Database, settings: Settings
) -> None:
    indexer.stop()
    left = settings.search_index / "build-aaaaaaaaaaaa"
    left.mkdir()
    (settings.search_index / "progress.json").write_text("[3, 10]")
    again = Indexer(database, LiveIndex(settings.search_index))
    assert again.status().state == "rebuilding"
    assert again.take_lock()
    again.catch_up()
    assert (again.status().state, left.exists()) == ("ready", False)
    again.stop()


def test_a_request_is_answered_once(indexer: Indexer) -> None:
    first = indexer.build()
    assert start_rebuild(indexer)
    assert not start_rebuild(indexer)
    said: list[tuple[int, int]] = []
    indexer.answer_request(lambda done, total: said.append((done, total)))
    second = indexer.build()
    indexer.answer_request()
    assert first != second == indexer.build()
    assert said == [(0, 1), (1, 1)]
    assert not indexer.status().wanted
    indexer.stop()

"""The log in memory: quick to note, written by its own thread, bounded, patient with the database."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kb.db import Database
from kb.migrations import upgrade
from kb.search.gaps.models import Search
from kb.search.gaps.recording import SearchLog
from tests.functional.search_gaps.conftest import Desk
from tests.support.factories import make_handover, make_user, who

PATIENCE = 30.0


def kept(database: Database) -> int:
    with database.transaction(read_only=True) as session:
        return session.scalar(select(func.count(Search.id))) or 0


def test_it_writes_by_itself(desk: Desk):
    desk.log.start()
    desk.log.note(desk.people["successor"], "overseas", None, 0)
    deadline = time.monotonic() + PATIENCE
    while not kept(desk.database):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert desk.told() == {"overseas": (1, 1)}


def test_stopping_writes_what_waits(desk: Desk):
    desk.log.start()
    desk.log.note(desk.people["successor"], "overseas", None, 0)
    desk.log.stop()
    assert desk.told() == {"overseas": (1, 1)}


def test_many_threads_lose_nothing(desk: Desk):
    """Eight people search in as many threads while the log writes and others ask for it to be written."""
    with desk.database.transaction() as session:
        manager = make_user(session)
        crowd = [make_user(session) for _one in range(8)]
        places = [make_handover(session, manager=manager, successor=user) for user in crowd]
        session.flush()
        people = [who(session, user) for user in crowd]
    log = SearchLog(desk.database)
    log.start()

    def searching(number: int) -> None:
        for turn in range(40):
            log.note(people[number], f"{chr(97 + turn % 26) * 6}{turn}{number}", places[number].id, 0)
            if turn % 10 == 9:
                assert log.flush()

    threads = [threading.Thread(target=searching, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.stop()
    assert kept(desk.database) == 8 * 40
    assert all(len(desk.gaps(place.id)) == 40 for place in places)


def test_two_workers_join_what_one_person_types(desk: Desk):
    other = SearchLog(desk.database, lambda: desk.time)
    for log, text in ((desk.log, "over"), (other, "overseas"), (desk.log, "overseas returns")):
        log.note(desk.people["successor"], text, None, 0, typing=True)
        assert log.flush()
    assert desk.told() == {"overseas returns": (1, 1)}


def test_what_does_not_fit_is_not_kept(desk: Desk):
    small = SearchLog(desk.database, lambda: desk.time, most_waiting=3)
    for text in ("alpha", "bravo", "charlie", "delta"):
        small.note(desk.people["successor"], text, None, 0)
    assert small.flush()
    assert set(desk.told()) == {"alpha", "bravo", "charlie"}


def test_what_cannot_be_written_does_not_hold_up_the_rest(desk: Desk):
    desk.log.note(desk.people["successor"], "before", None, 0)
    desk.log.note(desk.people["successor"], "too many", None, 2**80)
    desk.log.note(desk.people["successor"], "after", None, 0)
    assert desk.log.flush()
    assert set(desk.told()) == {"before", "after"}


def test_it_waits_for_a_database_that_does_not_answer(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'later.db'}")
    log = SearchLog(database)
    filled = Database(f"sqlite:///{tmp_path / 'filled.db'}")
    upgrade(filled)
    with filled.transaction() as session:
        person = who(session, make_user(session))
    filled.close()
    log.note(person, "overseas", None, 0)
    assert not log.flush()
    database.close()
    (tmp_path / "later.db").unlink()
    (tmp_path / "filled.db").rename(tmp_path / "later.db")
    assert log.flush()
    assert kept(database) == 1
    database.close()


@pytest.mark.parametrize("text", ["", None])
def test_no_words_no_search(desk: Desk, text: str):
    desk.log.note(desk.people["successor"], text, None, 0)
    assert desk.log.flush()
    assert kept(desk.database) == 0

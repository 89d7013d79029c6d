"""kill -9 at every step between a commit in the database and one in the index."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kb.config import Settings
from kb.db import Database
from kb.search.indexer import Indexer
from kb.search.live import LiveIndex
from kb.search.service import SearchRequest, search
from tests.support.factories import make_handover, make_note, make_user, who

# A real process that dies by a real signal at one chosen call; nothing of it is replaced.
VICTIM = """
import os, signal, sys
from pathlib import Path
from kb.db import Database
from kb.search.indexer import Indexer
from kb.search.live import LiveIndex

point, seen = sys.argv[3], 0
def watch(frame, event, argument):
    global seen
    name = f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}"
    if event == "call" and name == point:
        os.kill(os.getpid(), signal.SIGKILL)
indexer = Indexer(Database(sys.argv[1]), LiveIndex(Path(sys.argv[2])))
assert indexer.take_lock()
sys.setprofile(watch)
indexer.catch_up()
"""
POINTS = [
    "documents.load",
    "whoosh_index.apply",
    "whoosh_index._writer",
    "writing.commit",
    "integrity.seal",
    "integrity.sweep",
    "folder.swap_in",
]


def die_at(point: str, database: Database, folder: Path) -> None:
    command = [sys.executable, "-c", VICTIM, database.url, str(folder), point]
    run = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    )
    assert run.returncode == -signal.SIGKILL, run.stderr


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("fresh", [True, False], ids=["first build", "reading on"])
def test_what_was_acknowledged_is_found_after_a_crash(
    database: Database, settings: Settings, point: str, fresh: bool
) -> None:
    if point == "folder.swap_in" and not fresh:
        point = "writing.commit"  # reading on swaps nothing
    live = LiveIndex(settings.search_index)
    with database.transaction() as session:
        manager = make_user(session)
        handover = make_handover(session, manager=manager)
        make_note(session, manager, handover, title="Before")
    if not fresh:
        first = Indexer(database, live)
        assert first.take_lock()
        first.catch_up()
        first.stop()
    with database.transaction() as session:
        make_note(session, manager, handover, title="After")
    die_at(point, database, settings.search_index)
    survivor = Indexer(database, live)
    assert survivor.take_lock()
    survivor.catch_up()
    assert survivor.verify() == []
    with database.transaction(read_only=True) as session:
        for word in ("before", "after"):
            answer = search(session, live, who(session, manager), SearchRequest(word))
            assert [hit.title.lower() for hit in answer.hits] == [word]
    survivor.stop()

"""Visits to the live server that more than one browser test makes."""

from __future__ import annotations

import time
from pathlib import Path

from kb.db import Database
from kb.search import changes  # its listeners must be there before a test writes rows
from kb.search.live import LiveIndex
from tests.support.server import PATIENCE, Server


def until_indexed(server: Server) -> None:
    """Wait until everything committed so far is in the server's index."""
    live = LiveIndex(Path(server.environ["KB_SEARCH_INDEX"]))
    database = Database(server.database_url)
    deadline = time.monotonic() + PATIENCE
    try:
        with database.transaction(read_only=True) as session:
            newest = changes.newest(session)
        while not live.usable() or (live.current().position() or 0) < newest:
            assert time.monotonic() < deadline, "the server's index does not follow"
            time.sleep(0.02)
    finally:
        live.close()
        database.close()

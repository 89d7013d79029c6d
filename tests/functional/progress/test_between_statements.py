"""Somebody adds to the checklist while somebody else reads the board: between two of its statements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from kb.checklists.services import add_item
from kb.clock import now
from kb.db import Database
from kb.progress.board import board_of
from kb.progress.requirements import open_requirements
from kb.web.practice_view import grid
from tests.support.factories import make_handover, make_user, who


def test_an_item_that_comes_between_two_statements_breaks_nothing(database: Database):
    with database.transaction() as session:
        manager = make_user(session)
        handover, identity = make_handover(session, manager=manager).id, who(session, manager)
    day, readers = now().date(), (board_of, open_requirements, grid)
    for reader in readers:
        added: list[str] = []

        def add(
            _connection: Any, _cursor: Any, statement: str, *_more: Any, added: list[str] = added
        ) -> None:
            if "practice_runs" not in statement or added:
                return
            added.append("once")
            with database.transaction() as other:
                fields = {"module": "M", "title": "New", "practice": {"level": "assisted", "runs": 2}}
                add_item(other, identity, handover, fields)

        event.listen(database.engine, "after_cursor_execute", add)
        try:
            with database.transaction(read_only=True) as session:
                reader(*((session, handover) if reader is open_requirements else (session, handover, day)))
        finally:
            event.remove(database.engine, "after_cursor_execute", add)
        assert added
    with database.transaction(read_only=True) as session:
        assert len(board_of(session, handover, day).items) == len(readers)

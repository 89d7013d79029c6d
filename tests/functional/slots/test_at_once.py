"""People mark slots of an item while others save the note they point at."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session

from kb.checklists.services import add_item
from kb.db import Database
from kb.errors import Conflict
from kb.notes.coverage import coverage_of_item
from kb.notes.models import Note
from kb.notes.services import save_note
from kb.notes.slots import mark_slot
from tests.support.factories import make_handover, make_note, make_user, who

ROUNDS = 12


def test_nobody_waits_in_a_circle_and_nothing_accepted_is_unseen(database: Database):
    with database.transaction() as session:
        manager = make_user(session)
        handover = make_handover(session, manager=manager)
        identity, note = who(session, manager), make_note(session, manager, handover).id
        fields = {"module": "M", "title": "T", "slots": ["steps", "data"]}
        item = add_item(session, identity, handover.id, fields).id

    def save(session: Session, number: int) -> None:
        linked = [item] if number % 2 else []
        data = {"body": f"## Steps\n\nDo it {number} times.\n", "items": linked}
        base = session.get_one(Note, note).revision
        save_note(session, identity, note, data, base)

    def mark(session: Session, number: int) -> None:
        slot = "steps" if number % 3 else "data"
        mark_slot(session, identity, item, slot, {"note": note, "heading": "Steps"})
        mark_slot(session, identity, item, slot, {"accepted": True})

    def waive(session: Session, number: int) -> None:
        mark_slot(session, identity, item, "data", {"waived_because": f"Reason number {number}."})

    def again_and_again(deed: Callable[[Session, int], None]) -> int:
        refused = 0
        for number in range(1, ROUNDS + 1):
            try:
                with database.transaction() as session:
                    deed(session, number)
            except Conflict:
                refused += 1
        return refused

    with ThreadPoolExecutor(3) as pool:
        refused = list(pool.map(again_and_again, (save, mark, waive)))
    assert refused == [0, 0, 0]
    with database.transaction() as session:
        mark_slot(session, identity, item, "steps", {"accepted": True})
        save(session, ROUNDS + 1)
        assert str(coverage_of_item(session, item).slots[0].state) == "stale"

"""Coverage asks the database as often for many items as for one."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.checklists.services import add_item
from kb.notes.coverage import coverage_of
from kb.notes.slots import mark_slot
from kb.notes.tallies import Tally, tallies
from tests.support.factories import make_handover, make_note, make_user, who


def statements(session: Session, deed: Callable[[], object]) -> int:
    """How many a deed takes on a session that remembers nothing."""
    seen: list[str] = []
    connection = session.connection()

    def note_down(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    session.flush()
    session.expunge_all()
    event.listen(connection, "before_cursor_execute", note_down)
    deed()
    event.remove(connection, "before_cursor_execute", note_down)
    return len(seen)


def fill(session: Session, manager: Identity, handover_id: str, note_id: str, items: int) -> None:
    """Items with one slot pointed at, one waived, one missing."""
    for number in range(items):
        fields = {"module": f"M{number % 4}", "title": f"Item {number}", "slots": ["steps", "data", "access"]}
        item = add_item(session, manager, handover_id, fields).id
        mark_slot(session, manager, item, "steps", {"note": note_id, "heading": "Steps", "accepted": True})
        mark_slot(session, manager, item, "data", {"waived_because": "The machine does it."})


def test_as_many_statements_for_many_items(session: Session):
    manager = make_user(session)
    handover = make_handover(session, manager=manager)
    handover_id, identity = handover.id, who(session, manager)
    note_id = make_note(session, manager, handover).id
    seen = []
    for items in (1, 60):
        fill(session, identity, handover_id, note_id, items)
        seen.append(
            (
                statements(session, lambda: coverage_of(session, handover_id)),
                statements(session, lambda: tallies(session, [handover_id])),
            )
        )
    assert seen == [(4, 3), (4, 3)]
    coverage = coverage_of(session, handover_id)
    assert (coverage.filled, coverage.asked, coverage.accepted, coverage.covered) == (122, 183, 61, 0)
    assert tallies(session, [handover_id]) == {handover_id: Tally(122, 183, 61)}

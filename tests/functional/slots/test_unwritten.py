"""What somebody still has to write: nothing that is written elsewhere, or that a reason says is not needed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kb.checklists.services import add_item
from kb.notes.services import delete_note
from kb.notes.slots import mark_slot
from kb.notes.tallies import unwritten
from tests.support.factories import make_handover, make_note, make_user, who


def test_what_is_pointed_at_or_waived_waits_for_nobody(session: Session):
    manager = make_user(session)
    handover = make_handover(session, manager=manager)
    identity, note = who(session, manager), make_note(session, manager, handover)
    about = {"module": "M", "owner": manager.email}
    ids = {
        title: add_item(session, identity, handover.id, about | {"title": title, "slots": slots}).id
        for title, slots in {
            "bare": [],
            "none": ["steps"],
            "half": ["steps", "data"],
            "all": ["steps"],
            "at": ["data"],
        }.items()
    }
    for title in ("half", "all"):
        mark_slot(session, identity, ids[title], "steps", {"waived_because": "The machine does it."})
    mark_slot(session, identity, ids["at"], "data", {"note": note.id, "heading": "Steps"})

    def waiting() -> list[str]:
        return [item.title for item in session.scalars(unwritten(manager.id, [handover.id]))]

    assert waiting() == ["bare", "none", "half"]
    delete_note(session, identity, note.id)
    session.flush()
    assert waiting() == ["bare", "none", "half", "at"]

"""Taking an item off the checklist: asked first, notes stay, the last one takes its module along."""

from __future__ import annotations

from sqlalchemy import select

from kb.activity.models import Event
from kb.checklists.models import Item, Module
from kb.notes.models import Note
from kb.search.changes import newest
from kb.search.models import Change
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import make_note
from tests.support.visitor import words


def test_an_item_is_deleted_after_a_question_and_its_notes_stay(shop: Shop):
    def write(session):
        author, handover = person(session, "leaver"), shop.stored()
        return make_note(session, author, handover, items=[shop.item]).id

    note = shop.change(write)
    before = shop.ask(newest)
    leaver = shop["leaver"]
    assert f"/items/{shop.item}/delete" in leaver.get(f"/items/{shop.item}/edit").text
    assert "1 note is linked to it" in words(leaver.get(f"/items/{shop.item}/delete"))
    answer = leaver.send(f"/items/{shop.item}/delete")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/handovers/{shop.handover}#grid")
    page = leaver.get(f"/handovers/{shop.handover}")
    assert "Deleted." in words(page)
    assert "Refund review" not in words(page)
    assert leaver.get(f"/notes/{note}").status_code == 200

    def left(session):
        heard = session.execute(select(Change.type, Change.object_id).where(Change.seq > before)).all()
        actions = session.scalars(select(Event.action).where(Event.object_id == shop.item)).all()
        gone = session.get(Item, shop.item), session.scalar(select(Module))
        return set(map(tuple, heard)), actions, gone, session.get(Note, note) is not None

    heard, actions, gone, stays = shop.ask(left)
    assert heard == {("item", shop.item), ("note", note)}
    assert actions[-1] == "item.deleted"
    assert (gone, stays) == ((None, None), True)


def test_who_may_not_write_the_checklist_may_not_delete(shop: Shop):
    for name in ("successor", "viewer"):
        assert shop[name].get(f"/items/{shop.item}/delete").status_code == 403
        assert shop[name].send(f"/items/{shop.item}/delete").status_code == 403
    assert shop.stored_item().title == "Refund review"

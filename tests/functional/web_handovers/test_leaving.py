"""Before an account ends: everything in the leaver's name is offered to named people, who accept or decline."""

from __future__ import annotations

import re

import pytest

from kb.checklists.models import Item
from kb.notes.models import Note
from kb.offboarding.models import TransferState
from kb.offboarding.queries import still_in_name, transfers_in
from kb.offboarding.services import accept, offer
from kb.people.models import User
from kb.registers.models import Entry, EntryState
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import make_note, who
from tests.support.visitor import words


@pytest.fixture
def note(shop: Shop) -> str:
    return shop.change(lambda s: make_note(s, person(s, "leaver"), shop.stored(), items=[shop.item]).id)


@pytest.fixture
def entry(shop: Shop, note: str) -> str:
    def make(session) -> str:
        made = Entry(
            handover_id=shop.handover, kind="account", name="Shop back office", importance="high", position=1,
            holder_id=person(session, "leaver").id, state=str(EntryState.HELD), language="en",
            created_at=session.get_one(Note, note).created_at, updated_at=session.get_one(Note, note).created_at,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id

    return shop.change(make)


def here(shop: Shop) -> str:
    return f"/handovers/{shop.handover}/leaving"


def offer_to(shop: Shop, name: str, *things: str, by: str = "manager"):
    return shop[by].send(here(shop), {"to": f"{name}@example.com", "things": list(things)})


def last(shop: Shop):
    return shop.ask(lambda s: s.scalars(transfers_in(shop.handover)).first())


def owners(shop: Shop, note: str, entry: str) -> tuple[str | None, ...]:
    def look(session):
        people = {user.id: user.email.partition("@")[0] for user in session.query(User)}
        ids = (
            session.get_one(Note, note).owner_id,
            session.get_one(Item, shop.item).owner_id,
            session.get_one(Entry, entry).new_holder_id,
        )
        return tuple(people.get(one) for one in ids)

    return shop.ask(look)


def test_everything_passes_in_one_step_once_it_is_accepted(shop: Shop, note: str, entry: str):
    things = (f"note:{note}", f"item:{shop.item}", f"register:{entry}")
    page = shop["manager"].get(here(shop))
    assert page.text.count('name="things"') == page.text.count(" checked>") == 3
    assert offer_to(shop, "successor", *things).status_code == 303
    assert owners(shop, note, entry) == ("leaver", "leaver", None)
    assert "3 things are offered to you" in words(shop["successor"].get("/"))
    assert shop["successor"].send(f"/transfers/{last(shop).id}/accept", {}).status_code == 303
    assert owners(shop, note, entry) == ("successor", "successor", "successor")
    assert "the account can end" in words(shop["leaver"].get(here(shop)))
    assert "offered to you" not in words(shop["successor"].get("/"))


def test_declining_says_why_and_changes_nothing(shop: Shop, note: str, entry: str):
    offer_to(shop, "trainer", f"note:{note}")
    answer = f"/transfers/{last(shop).id}/decline"
    assert shop["trainer"].send(answer, {"reason": ""}).status_code == 422
    assert shop["trainer"].send(answer, {"reason": "I leave too."}).status_code == 303
    assert owners(shop, note, entry)[0] == "leaver"
    assert "I leave too." in words(shop["manager"].get(here(shop)))


def test_only_who_was_asked_answers(shop: Shop, note: str, entry: str):
    offer_to(shop, "successor", f"note:{note}")
    for name in ("manager", "leaver", "viewer"):
        assert shop[name].send(f"/transfers/{last(shop).id}/accept", {}).status_code == 403
    assert shop["stranger"].send(f"/transfers/{last(shop).id}/accept", {}).status_code == 404
    assert owners(shop, note, entry)[0] == "leaver"


@pytest.mark.parametrize("name", ["successor", "trainer", "viewer"])
def test_only_leaver_and_managers_offer(shop: Shop, note: str, name: str):
    assert offer_to(shop, "successor", f"note:{note}", by=name).status_code == 403
    assert last(shop) is None


@pytest.mark.parametrize("to", ["leaver", "stranger", "nobody"])
def test_only_somebody_else_in_the_handover_can_be_asked(shop: Shop, note: str, to: str):
    refused = offer_to(shop, to, f"note:{note}")
    assert refused.status_code == 422
    assert "Choose somebody else in this handover." in words(refused)


def test_offering_again_takes_it_back_from_who_was_asked_first(shop: Shop, note: str, entry: str):
    offer_to(shop, "trainer", f"note:{note}", f"item:{shop.item}")
    first = last(shop).id
    offer_to(shop, "successor", f"note:{note}")
    shop["trainer"].send(f"/transfers/{first}/accept", {})
    assert owners(shop, note, entry)[:2] == ("leaver", "trainer")
    again = shop["trainer"].send(f"/transfers/{first}/accept", {})
    assert again.status_code == 303
    assert owners(shop, note, entry)[0] == "leaver"


def test_what_found_somebody_meanwhile_stays_with_them(shop: Shop, note: str):
    def run(session):
        manager, trainer = who(session, person(session, "manager")), person(session, "trainer")
        made = offer(session, manager, shop.handover, to="successor@example.com", things=[f"note:{note}"])
        session.get_one(Note, note).owner_id = trainer.id
        session.flush()
        taken = accept(session, who(session, person(session, "successor")), made.id)
        return taken, made.state, session.get_one(Note, note).owner_id == trainer.id

    assert shop.change(run) == (0, TransferState.ACCEPTED, True)


def test_a_draft_goes_to_a_manager_only(shop: Shop):
    draft = shop.change(lambda s: make_note(s, person(s, "leaver"), shop.stored(), status="draft").id)
    refused = offer_to(shop, "successor", f"note:{draft}")
    assert refused.status_code == 422
    assert "Drafts can be taken on by a manager only" in words(refused)
    assert offer_to(shop, "manager", f"note:{draft}", by="leaver").status_code == 303


def test_an_account_with_something_in_its_name_is_asked_about_before_it_ends(
    shop: Shop, note: str, entry: str
):
    end = "/admin/users/leaver@example.com/deactivate"
    refused = shop["admin"].send(end, {})
    assert refused.status_code == 409
    assert "Something is still in this person's name." in words(refused)
    assert "1 note" in words(refused)
    assert shop["admin"].send(end, {"all_the_same": "1"}).status_code == 303
    assert owners(shop, note, entry) == ("successor", "successor", "successor")
    assert shop.ask(lambda s: sum(still_in_name(s, person(s, "leaver").id).values())) == 0


def test_all_or_none_is_ticked_without_scripts_and_who_may_not_offer_has_no_form(shop: Shop, entry: str):
    boxes = r'<input type="checkbox" name="things"[^>]*>'
    page = shop["manager"].get(here(shop)).text
    assert any(" checked" in box for box in re.findall(boxes, page))
    assert "?none=1" in page
    none = shop["manager"].get(f"{here(shop)}?none=1").text
    assert re.findall(boxes, none)
    assert not any(" checked" in box for box in re.findall(boxes, none))
    for name in ("viewer", "trainer"):
        seen = shop[name].get(here(shop)).text
        seen = seen[seen.index("<main") : seen.index("</main")]
        assert "Shop back office" in seen
        assert "<form" not in seen
        assert seen.count("<div") == seen.count("</div>")

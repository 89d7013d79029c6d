"""The radar: what hangs on one person, across the positions somebody manages."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kb.checklists.services import add_item, change_item
from kb.handovers.models import Handover, Stage
from kb.rehearsals.practice import record_run
from tests.functional.web_handovers.conftest import ITEM, Shop, person
from tests.support.factories import make_handover, who
from tests.support.visitor import words

RUN = {"level": "assisted", "outcome": "passed", "feedback": "It went well."}


def radar(shop: Shop, name: str = "manager", query: str = "") -> str:
    return words(shop[name].get(f"/radar{query}"))


def second(shop: Shop, **fields) -> str:
    """Another position of the same manager, with one item."""

    def make(session: Session) -> str:
        manager, leaver = person(session, "manager"), person(session, "trainer")
        handover = make_handover(session, manager=manager, leaver=leaver, title="Warehouse", days=200)
        handover.position = "Warehouse lead"
        for name, value in fields.items():
            setattr(handover, name, value)
        data = ITEM | {"title": "Stocktake", "owner": None}
        add_item(session, who(session, manager), handover.id, data)
        return handover.id

    return shop.change(make)


def test_items_stand_under_their_positions_with_their_marks(shop: Shop):
    second(shop)
    said = radar(shop)
    assert "Known by one person only 2" in said
    assert "Never rehearsed 2" in said
    assert said.index("Operations lead") < said.index("Refund review") < said.index("Warehouse lead")
    assert "Refund review Critical Known by one person only Never rehearsed" in said


def test_what_was_practised_leaves_it(shop: Shop):
    shop.change(lambda s: record_run(s, who(s, person(s, "successor")), shop.item, RUN, "UTC"))
    assert "Refund review" not in radar(shop)


def test_one_kind_at_a_time(shop: Shop):
    low = {"importance": "low"}
    shop.change(lambda s: change_item(s, who(s, person(s, "leaver")), shop.item, low))
    assert "Refund review" in radar(shop, query="?only=alone")
    assert "Refund review" not in radar(shop, query="?only=unrehearsed")
    assert "Refund review" in radar(shop, query="?only=nonsense")


def test_what_is_over_is_not_on_it(shop: Shop):
    second(shop, stage=str(Stage.CLOSED))
    assert "Stocktake" not in radar(shop)


def test_two_who_hold_the_same_position_stand_together(shop: Shop):
    second(shop, position=" operations  LEAD")
    assert radar(shop).count("Operations lead") == 1


def test_others_are_told_whom_it_is_for(shop: Shop):
    for name in ("leaver", "viewer", "stranger", "admin"):
        said = radar(shop, name)
        assert "The radar is for managers, and you manage no handover at present." in said
        assert "Refund review" not in said
    assert shop["nobody"].get("/radar").headers["location"].startswith("/sign-in")


def test_managers_are_led_there(shop: Shop):
    for path in ("/", "/handovers"):
        assert 'href="/radar"' in shop["manager"].get(path).text
        assert 'href="/radar"' not in shop["viewer"].get(path).text
    assert shop.ask(lambda s: s.get_one(Handover, shop.handover)).stage == Stage.PREPARING

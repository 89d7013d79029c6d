"""Home: what has a day and needs the person."""

from __future__ import annotations

from datetime import timedelta

from kb.checklists.services import change_item
from kb.clock import today
from kb.handovers.models import Handover, Stage
from kb.handovers.stage_changes import set_stage
from kb.registers.services import add_entry
from kb.rehearsals.practice import record_run
from tests.functional.web_handovers.conftest import Shop, person
from tests.functional.web_handovers.test_home import home, note_by
from tests.support.factories import who

ZONE = "Asia/Shanghai"


def in_days(days: int) -> str:
    return str(today(ZONE) + timedelta(days=days))


def entry(shop: Shop, name: str, days: int, **fields: str) -> None:
    data = {"kind": "domain", "name": name, "expires_on": in_days(days), **fields}
    shop.change(lambda s: add_entry(s, who(s, person(s, "manager")), shop.handover, data))


def due(shop: Shop, days: int, **more: str) -> None:
    fields = {"due": in_days(days), **more}
    shop.change(lambda s: change_item(s, who(s, person(s, "leaver")), shop.item, fields))


def practise(shop: Shop, days: int | None, name: str = "successor") -> None:
    data = {
        "level": "assisted",
        "outcome": "failed",
        "feedback": "Again.",
        "successor": f"{name}@example.com",
    }
    data |= {"next_on": in_days(days)} if days is not None else {}
    shop.change(lambda s: record_run(s, who(s, person(s, name)), shop.item, data, ZONE))


def test_a_written_item_that_is_due_soon_waits_once(shop: Shop):
    note_by(shop, "leaver", items=[shop.item])
    due(shop, 8)
    assert "Refund review" not in home(shop, "leaver").split("Changed lately")[0]
    due(shop, 7)
    said = home(shop, "leaver").split("Changed lately")[0]
    assert said.count("due in 7 days") == 1
    assert "due in 7 days" not in home(shop, "successor")
    due(shop, -1)
    assert "was due 1 day ago" in home(shop, "leaver")


def test_an_unwritten_item_is_not_listed_twice(shop: Shop):
    due(shop, 2)
    assert home(shop, "leaver").count("due in 2 days") == 1


def test_expiries_reach_whom_they_concern(shop: Shop):
    entry(shop, "held.example", 30, holder="leaver@example.com")
    entry(shop, "next.example", 3, holder="Somebody else", new_holder="successor@example.com")
    entry(shop, "far.example", 31, holder="leaver@example.com")
    entry(shop, "gone.example", -2)
    leaver, successor, manager = (home(shop, name) for name in ("leaver", "successor", "manager"))
    assert "held.example expires in 30 days" in leaver
    assert "next.example" not in leaver
    assert "next.example expires in 3 days" in successor
    assert "held.example" not in successor
    assert "gone.example expired 2 days ago" in manager
    assert manager.index("gone.example") < manager.index("next.example") < manager.index("held.example")
    for name in ("leaver", "successor", "manager"):
        assert "far.example" not in home(shop, name)
    assert ".example" not in home(shop, "viewer")


def test_planned_practice_waits_for_who_practises(shop: Shop):
    practise(shop, 1)
    assert "practice" not in home(shop, "successor")
    practise(shop, 0)
    assert "practice is planned for today" in home(shop, "successor")
    assert "practice is planned" not in home(shop, "leaver")
    practise(shop, None)
    assert "practice is planned" not in home(shop, "successor")


def test_nothing_of_a_handover_that_is_over(shop: Shop):
    entry(shop, "gone.example", -2)
    manager = shop.ask(lambda s: who(s, person(s, "manager")))
    shop.change(lambda s: set_stage(s, manager, s.get_one(Handover, shop.handover), Stage.CLOSED))
    assert "gone.example" not in home(shop, "manager")

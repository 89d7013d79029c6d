"""Items: shown, added, changed, moved on; accepted with gaps only for a reason."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from kb.activity.models import Event
from kb.checklists.models import Item, ItemSlot, ItemState
from kb.people.models import User
from tests.functional.web_handovers.conftest import Shop
from tests.support.factories import make_note
from tests.support.visitor import words


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Monthly report", "module": "Data analysis", "guidance": "Where the figures come from.",
        "importance": "high", "slots": ["data", "steps"], "rhythm": "monthly", "owner": "leaver@example.com",
        "due": "2026-12-01", **changes,
    }  # fmt: skip


def added(shop: Shop) -> Item | None:
    return shop.ask(lambda session: session.scalar(select(Item).where(Item.title == "Monthly report")))


def test_an_item_shows_what_to_write_and_where(shop: Shop):
    page = unescape(shop["leaver"].get(f"/items/{shop.item}").text)
    assert "Who may approve what." in page
    for kind in ("procedure", "pitfall", "case"):
        assert f"/handovers/{shop.handover}/notes/new?kind={kind}&item={shop.item}" in page
    assert f"item={shop.item}&slot=steps" in page


def test_the_notes_about_it_are_listed(shop: Shop):
    def write(session):
        leaver = session.scalar(select(User).where(User.email == "leaver@example.com"))
        make_note(session, leaver, shop.stored(), title="How we do it", items=[shop.item])
        make_note(session, leaver, shop.stored(), title="Unfinished", items=[shop.item], status="draft")

    shop.change(write)
    assert "How we do it › Steps" in words(shop["viewer"].get(f"/items/{shop.item}"))
    assert "Unfinished" in words(shop["leaver"].get(f"/items/{shop.item}"))
    assert "Unfinished" not in words(shop["viewer"].get(f"/items/{shop.item}"))


def test_an_item_is_added_to_a_new_module(shop: Shop):
    answer = shop["leaver"].send(f"/handovers/{shop.handover}/items", fields())
    item = added(shop)
    assert item
    assert (answer.status_code, answer.headers["location"]) == (303, f"/items/{item.id}")
    assert (item.importance, item.rhythm, str(item.due)) == ("high", "monthly", "2026-12-01")
    slots = shop.ask(lambda s: list(s.scalars(select(ItemSlot.slot).where(ItemSlot.item_id == item.id))))
    assert sorted(slots) == ["data", "steps"]


def test_unticking_every_slot_takes_them_away(shop: Shop):
    sent = {name: value for name, value in fields().items() if name != "slots"}
    assert shop["manager"].send(f"/items/{shop.item}/edit", sent).status_code == 303
    assert shop.stored_item().title == "Monthly report"
    assert shop.ask(lambda s: s.scalar(select(ItemSlot.slot).where(ItemSlot.item_id == shop.item))) is None


WRONG = [
    ("title", "", "Title", "标题"),
    ("module", "x" * 201, "Module", "模块"),
    ("guidance", "a\0b", "What to write down", "要写清什么"),
    ("importance", "urgent", "Importance", "重要程度"),
    ("due", "soon", "Due", "截止日期"),
    ("owner", "stranger@example.com", "Owner", "负责人"),
    ("rhythm", "hourly", "How often", "多久做一次"),
    ("slots", ["steps", "secrets"], "What must be captured", "必须写到的内容"),
]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_wrong_field_is_named_and_everything_typed_is_kept(shop: Shop, language: str):
    shop["leaver"].cookies["kb_locale"] = language
    for path in (f"/handovers/{shop.handover}/items", f"/items/{shop.item}/edit"):
        for field, value, english, chinese in WRONG:
            answer = shop["leaver"].send(path, fields(**{field: value}))
            assert (field, answer.status_code) == (field, 422)
            assert f'href="#f-{field}">{english if language == "en" else chinese}' in answer.text
            for name in {"title", "module", "due"} - {field}:
                assert f'value="{fields()[name]}"' in answer.text
    assert added(shop) is None
    assert shop.stored_item().title == "Refund review"


def test_a_state_is_moved_on(shop: Shop):
    answer = shop["successor"].send(f"/items/{shop.item}/state", {"state": "demonstrated"})
    assert (answer.status_code, shop.stored_item().state) == (303, ItemState.DEMONSTRATED)
    assert shop["successor"].send(f"/items/{shop.item}/state", {"state": "finished"}).status_code == 422
    assert shop.stored_item().state == ItemState.DEMONSTRATED


def test_accepting_with_gaps_asks_for_a_reason_first(shop: Shop):
    answer = shop["successor"].send(
        f"/items/{shop.item}/state", {"state": "accepted", "override_reason": " "}
    )
    assert answer.status_code == 409
    assert "This item still has gaps." in words(answer)
    assert "missing: Steps, Cautions" in words(answer)
    assert 'value="accepted" checked' in answer.text
    assert shop.stored_item().state == ItemState.OPEN


def test_accepting_with_gaps_for_a_reason_is_recorded(shop: Shop):
    sent = {"state": "accepted", "override_reason": "The platform does it from May on."}
    assert shop["successor"].send(f"/items/{shop.item}/state", sent).status_code == 303
    assert shop.stored_item().state == ItemState.ACCEPTED
    details = shop.ask(
        lambda s: s.scalar(select(Event.details).where(Event.action == "item.accepted_with_gaps"))
    )
    assert details == {"reason": "The platform does it from May on."}


def test_a_reason_too_long_is_kept_and_refused(shop: Shop):
    reason = "because " * 100
    answer = shop["successor"].send(
        f"/items/{shop.item}/state", {"state": "accepted", "override_reason": reason}
    )
    assert answer.status_code == 422
    assert reason.strip() in answer.text
    assert "Why it is accepted all the same: This is too long" in words(answer)


def test_accepting_is_offered_to_those_who_take_over(shop: Shop):
    path = f"/items/{shop.item}"
    for name, offered in (("leaver", False), ("successor", True), ("manager", True)):
        page = shop[name].get(path).text
        assert ('value="accepted"' in page, 'name="override_reason"' in page) == (offered, offered)
        assert 'value="practised"' in page

"""Checklist items over the API."""

from __future__ import annotations

import pytest

from tests.support.api import World


def test_created_with_everything(world: World):
    sent = {
        "module": "客服",
        "title": "退款审核",
        "guidance": "谁能批？\n批多少？",
        "importance": "critical",
        "due": "2031-01-15",
        "owner": world.leaver.email,
        "slots": ["steps", "contacts"],
        "rhythm": "daily",
    }
    made = world.manager.post(f"/handovers/{world.handover}/items", sent)
    assert {name: made[name] for name in sent} == sent
    assert (made["state"], made["handover"]) == ("open", world.handover)
    assert world.viewer.get(f"/items/{made['id']}") == made
    listed = world.viewer.get(f"/handovers/{world.handover}/items")
    assert listed == {"items": [made], "total": 1, "next": None}


def test_only_module_and_title_are_needed(world: World):
    made = world.leaver.post(f"/handovers/{world.handover}/items", {"module": "M", "title": "T"})
    assert (made["importance"], made["slots"], made["owner"], made["due"]) == ("normal", [], None, None)
    path = f"/handovers/{world.handover}/items"
    assert set(world.leaver.errors("POST", path, {})) == {"module", "title"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("module", "m" * 201),
        ("title", ""),
        ("title", "a\x00b"),
        ("title", "evil \u202e title"),
        ("title", 5),
        ("guidance", "g" * 4001),
        ("importance", "urgent"),
        ("due", "tomorrow"),
        ("due", "2031-13-01"),
        ("owner", "somebody-else@example.com"),
        ("owner", "nobody"),
        ("slots", ["steps", "nonsense"]),
        ("slots", "steps"),
        ("rhythm", "hourly"),
        ("state", "finished"),
    ],
)
def test_a_broken_field_is_named(world: World, field: str, value: object):
    item = world.item()
    assert set(world.manager.errors("PATCH", f"/items/{item['id']}", {field: value})) == {field}
    assert world.manager.get(f"/items/{item['id']}") == item


def test_patch_changes_what_is_sent(world: World):
    item = world.item(due="2031-01-01", rhythm="weekly", owner=world.leaver.email)
    path = f"/items/{item['id']}"
    answer = world.leaver(
        "PATCH", path, {"due": None, "owner": None, "rhythm": None, "slots": ["data", "steps"]}
    )
    assert answer.status_code == 200
    changed = answer.json()
    assert (changed["due"], changed["owner"], changed["rhythm"]) == (None, None, None)
    assert set(changed["slots"]) == {"data", "steps"}
    assert (changed["title"], changed["module"]) == (item["title"], item["module"])
    moved = world.leaver("PATCH", path, {"module": "Elsewhere", "title": "Other"}).json()
    assert (moved["module"], moved["title"]) == ("Elsewhere", "Other")


def test_any_order_of_states(world: World):
    item = world.item(slots=[])
    world.note(items=[item["id"]])
    for state in ("practised", "open", "demonstrated", "documented", "accepted", "open"):
        answer = world.successor("PATCH", f"/items/{item['id']}", {"state": state})
        assert (answer.status_code, answer.json()["state"]) == (200, state)


def test_a_successor_moves_the_state_and_nothing_else(world: World):
    path = f"/items/{world.item()['id']}"
    assert world.successor("PATCH", path, {"state": "documented"}).status_code == 200
    assert world.successor("PATCH", path, {"state": "open", "title": "Mine"}).status_code == 403
    assert world.successor.get(path)["state"] == "documented"


def test_accepting_with_gaps(world: World):
    item = world.item(slots=["steps", "contacts"])
    world.note(items=[item["id"]])
    path = f"/items/{item['id']}"
    refused = world.successor("PATCH", path, {"state": "accepted"})
    assert refused.status_code == 409
    (gap,) = refused.json()["blocking"]
    assert (gap["item"], gap["title"]) == (item["id"], "Refunds")
    assert gap["reason"]
    assert world.successor.get(path)["state"] == "open"
    accepted = world.successor("PATCH", path, {"state": "accepted", "override_reason": "We know him."})
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    too_long = {"state": "accepted", "override_reason": "x" * 501}
    assert set(world.successor.errors("PATCH", path, too_long)) == {"override_reason"}


def test_a_new_item_is_accepted_under_the_same_terms(world: World):
    path = f"/handovers/{world.handover}/items"
    sent = {
        "module": "M",
        "title": "New",
        "state": "accepted",
        "slots": ["steps"],
        "practice": {"level": "assisted", "runs": 2},
    }
    refused = world.manager("POST", path, sent | {"override_reason": None})
    assert refused.status_code == 409
    assert [gap.get("slot") or gap["practice"] for gap in refused.json()["blocking"]] == ["steps", True]
    assert world.manager.get(path)["total"] == 0
    made = world.manager.post(path, sent | {"override_reason": "The vendor does it from May on."})
    assert made["state"] == "accepted"


@pytest.mark.parametrize("reason", ["无", "n/a", "同上", "The password: Tr0ub4dor&3xyz"])
def test_a_reason_says_something_and_holds_no_secret(world: World, reason: str):
    item, sent = world.item(), {"state": "accepted", "override_reason": reason}
    assert set(world.manager.errors("PATCH", f"/items/{item['id']}", sent)) == {"override_reason"}
    assert world.manager("PATCH", f"/items/{item['id']}", sent | {"override_reason": None}).status_code == 409
    moved = {"stage": "transferring", "override_reason": reason}
    assert set(world.manager.errors("PATCH", f"/handovers/{world.handover}", moved)) == {"override_reason"}


@pytest.mark.parametrize("field", ["title", "guidance"])
def test_an_item_holds_no_secret(world: World, field: str):
    item, sent = world.item(), {field: "The password: Tr0ub4dor&3xyz"}
    assert set(world.manager.errors("PATCH", f"/items/{item['id']}", sent)) == {field}
    new = {"module": "M", "title": "T"} | sent
    assert set(world.manager.errors("POST", f"/handovers/{world.handover}/items", new)) == {field}

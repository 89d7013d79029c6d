"""What people say of an item's slots, over the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import File, World

BODY = (
    "## Steps\n\nCheck the order first.\n\n## Cautions\n\nNever refund twice.\n\n## Later\n\n无\n\n## Empty\n"
)


@pytest.fixture
def item(world: World) -> str:
    """An item asking for steps, cautions and contacts, with nothing written about it."""
    return str(world.item(slots=["steps", "cautions", "contacts"])["id"])


def put(world: World, item: str, slot: str, body: Any, by: str = "manager", status: int = 200) -> Any:
    answer = world.callers[by]("PUT", f"/items/{item}/slots/{slot}", body)
    assert answer.status_code == status, answer.text
    return answer.json()


def slots(world: World, item: str) -> dict[str, Any]:
    """The item's slots as in `GET coverage`, by name."""
    items = world.viewer.get(f"/handovers/{world.handover}/coverage")["items"]
    (one,) = (entry for entry in items if entry["item"] == item)
    return {slot["slot"]: slot for slot in one["slots"]}


def states(world: World, item: str) -> dict[str, str]:
    return {name: slot["state"] for name, slot in slots(world, item).items()}


def save(world: World, note: Any, body: str, **more: Any) -> Any:
    note |= world.manager.get(f"/notes/{note['id']}")
    sent = {"body": body, "base_revision": note["revision"]} | more
    answer = world.manager("PUT", f"/notes/{note['id']}", sent)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_passage_is_pointed_at(world: World, item: str):
    note = world.note(body=BODY)
    made = put(world, item, "contacts", {"note": note["id"], "heading": "Cautions"}, by="leaver")
    assert made == {
        "slot": "contacts", "state": "proposed", "note": note["id"], "heading": "Cautions", "reason": None,
    }  # fmt: skip
    assert slots(world, item)["contacts"] == made
    whole = put(world, item, "contacts", {"note": note["id"]})
    assert (whole["state"], whole["heading"]) == ("proposed", None)
    assert put(world, item, "steps", {"note": note["id"], "heading": "#s-steps"})["heading"] == "Steps"
    assert put(world, item, "steps", {"note": note["id"], "heading": "1. STEPS:"})["heading"] == "Steps"


def test_a_slot_is_waived_with_a_reason(world: World, item: str):
    made = put(world, item, "contacts", {"waived_because": "  Nobody outside is involved. "}, by="successor")
    assert made == {
        "slot": "contacts", "state": "waived", "note": None, "heading": None,
        "reason": "Nobody outside is involved.",
    }  # fmt: skip
    assert slots(world, item)["contacts"] == made


def test_a_covered_item_has_a_passage_or_a_reason_for_each_slot(world: World, item: str):
    world.note(body=BODY, items=[item])
    answer = world.manager("PATCH", f"/items/{item}", {"state": "accepted"})
    assert (answer.status_code, [one["slot"] for one in answer.json()["blocking"]]) == (409, ["contacts"])
    put(world, item, "contacts", {"waived_because": "Nobody outside is involved."})
    numbers = world.viewer.get(f"/handovers/{world.handover}")["coverage"]
    assert numbers == {"percent": 100, "covered": 1, "missing": 0}
    assert world.manager("PATCH", f"/items/{item}", {"state": "accepted"}).status_code == 200
    assert states(world, item) == {"steps": "accepted", "cautions": "accepted", "contacts": "waived"}


def test_what_is_found_is_accepted(world: World, item: str):
    world.note(body=BODY, items=[item])
    assert put(world, item, "steps", {"accepted": True}, by="successor")["state"] == "accepted"
    assert states(world, item) == {"steps": "accepted", "cautions": "proposed", "contacts": "missing"}
    assert put(world, item, "steps", {"accepted": False})["state"] == "proposed"
    put(world, item, "contacts", {"accepted": True}, status=409)
    put(world, item, "steps", {"accepted": True}, by="leaver", status=403)


@pytest.mark.parametrize("nothing", [{}, {"note": None}, {"waived_because": None}, {"accepted": None}])
def test_nothing_said_takes_back_what_was_said(world: World, item: str, nothing: Any):
    for said in ({"waived_because": "It is automatic."}, {"note": world.note(body=BODY)["id"]}):
        put(world, item, "contacts", said)
        assert put(world, item, "contacts", nothing)["state"] == "missing"
    empty = world.manager("PUT", f"/items/{item}/slots/contacts", content=b"null")
    assert empty.status_code == 200


def test_the_last_word_counts(world: World, item: str):
    note = world.note(body=BODY)
    put(world, item, "contacts", {"waived_because": "It is automatic."})
    pointed = put(world, item, "contacts", {"note": note["id"], "heading": "Steps", "accepted": True})
    assert (pointed["state"], pointed["reason"]) == ("accepted", None)
    assert put(world, item, "contacts", {"note": note["id"], "heading": "Steps"})["state"] == "accepted"
    assert put(world, item, "contacts", {"note": note["id"], "heading": "Cautions"})["state"] == "proposed"
    assert put(world, item, "contacts", {"waived_because": "It is automatic."})["note"] is None


@pytest.mark.parametrize("slot", ["exceptions", "nonsense", "steps%20", "0"])
def test_an_unknown_slot_is_not_there(world: World, item: str, slot: str):
    put(world, item, slot, {"waived_because": "It is automatic."}, status=404)


def test_what_cannot_fill_a_slot(world: World, item: str):
    note = world.note(body=BODY)["id"]
    path = f"/items/{item}/slots/steps"
    for broken in (
        {"note": note, "heading": "Nowhere"}, {"note": note, "heading": "Later"}, {"note": note, "heading": "Empty"},
        {"heading": "Steps"},
    ):  # fmt: skip
        assert set(world.leaver.errors("PUT", path, broken)) == {"heading"}
    foreign = world.stranger.post(
        f"/handovers/{world.foreign}/notes", {"kind": "case", "title": "T", "body": "B"}
    )
    hidden = world.note(by="manager", status="draft")["id"]
    for other in (foreign["id"], "000000000000", "nonsense", "", hidden):
        assert set(world.leaver.errors("PUT", path, {"note": other})) == {"note"}
    binned = world.note()["id"]
    assert world.manager("DELETE", f"/notes/{binned}").status_code == 204
    assert "bin" in world.leaver.errors("PUT", path, {"note": binned})["note"]
    assert "draft" in world.manager.errors("PUT", path, {"note": hidden})["note"]
    assert "draft" not in world.leaver.errors("PUT", path, {"note": hidden})["note"]
    both = {"note": note, "waived_because": "It is automatic."}
    assert set(world.leaver.errors("PUT", path, both)) == {"waived_because"}
    assert set(world.leaver.errors("PUT", path, {"note": 5, "accepted": "yes"})) == {"note", "accepted"}


@pytest.mark.parametrize(
    "reason", ["无", "N/A", "see above", "", " ", "见附件", "tbd", "-", "x" * 501, "a\0b"]
)
def test_a_filler_is_no_reason(world: World, item: str, reason: str):
    assert set(world.leaver.errors("PUT", f"/items/{item}/slots/steps", {"waived_because": reason})) == {
        "waived_because"
    }


def test_a_secret_is_no_reason(world: World, item: str):
    sent = {"waived_because": "Sign in with password: Kj8#mQ2!vLp9"}
    answer = world.leaver("PUT", f"/items/{item}/slots/steps", sent)
    assert (answer.status_code, answer.json()["secrets"][0]["field"]) == (422, "waived_because")


def test_a_filler_under_a_heading_fills_nothing(world: World, item: str):
    note = world.note(
        body="## Steps\n\n无\n\n## Cautions\n\n- n/a\n- 同上\n\n## Contacts\n\n见附件\n", items=[item]
    )
    assert set(states(world, item).values()) == {"missing"}
    file = world.manager.post(f"/notes/{note['id']}/attachments", File())["id"]
    assert states(world, item) == {"steps": "missing", "cautions": "missing", "contacts": "proposed"}
    put(world, item, "contacts", {"accepted": True})
    assert world.manager("DELETE", f"/attachments/{file}").status_code == 204
    assert states(world, item)["contacts"] == "missing"


def test_a_change_of_the_passage_asks_for_another_look(world: World, item: str):
    note = world.note(body=BODY, items=[item])
    for slot in ("steps", "cautions"):
        put(world, item, slot, {"accepted": True})
    save(world, note, BODY.replace("Check", "Chekc"), minor=True)
    assert states(world, item)["steps"] == "accepted"
    save(world, note, BODY.replace("Check", "Count"))
    assert states(world, item) == {"steps": "stale", "cautions": "accepted", "contacts": "missing"}
    put(world, item, "steps", {"accepted": True, "revision": 2}, status=409)
    assert put(world, item, "steps", {"accepted": True, "revision": 3})["state"] == "accepted"
    save(world, note, BODY.replace("Check", "Weigh"))
    save(world, note, BODY.replace("Check", "Count"))
    assert states(world, item)["steps"] == "accepted"


def test_an_accepted_item_notices_changes_too(world: World, item: str):
    note = world.note(body=BODY + "\n## Contacts\n\nLin\n", items=[item])
    assert world.manager("PATCH", f"/items/{item}", {"state": "accepted"}).status_code == 200
    save(world, note, BODY + "\n## Contacts\n\nWang\n")
    assert states(world, item) == {"steps": "accepted", "cautions": "accepted", "contacts": "stale"}
    assert world.manager("PATCH", f"/items/{item}", {"state": "practised"}).status_code == 200
    assert set(states(world, item).values()) == {"proposed"}


def test_a_note_that_goes_and_comes_back(world: World, item: str):
    note = world.note(body=BODY)
    path = f"/notes/{note['id']}"
    put(world, item, "steps", {"note": note["id"], "heading": "Steps", "accepted": True})
    assert world.manager("DELETE", path).status_code == 204
    assert states(world, item)["steps"] == "missing"
    assert world.manager("POST", f"{path}/restore").status_code == 200
    assert states(world, item)["steps"] == "accepted"
    save(world, note, BODY, status="draft")
    assert states(world, item)["steps"] == "missing"
    save(world, note, BODY, status="published")
    assert states(world, item)["steps"] == "accepted"


def test_a_heading_is_followed(world: World, item: str):
    note = world.note(body=BODY)
    put(world, item, "steps", {"note": note["id"], "heading": "Steps", "accepted": True})
    save(world, note, "## First\n\nLook.\n\n## What to do\n\nCheck the order first.\n")
    slot = slots(world, item)["steps"]
    assert (slot["state"], slot["heading"]) == ("accepted", "What to do")
    save(world, note, "## First\n\nLook.\n")
    slot = slots(world, item)["steps"]
    assert (slot["state"], slot["note"], slot["heading"]) == ("stale", note["id"], "What to do")
    assert "heading no longer" in put(world, item, "steps", {"accepted": True}, status=409)["detail"]
    world.manager("DELETE", f"/notes/{note['id']}")
    assert states(world, item)["steps"] == "missing"
    world.manager("POST", f"/notes/{note['id']}/restore")
    assert states(world, item)["steps"] == "stale"
    save(world, note, "## What to do\n\nCheck the order first, then the stock.\n")
    assert states(world, item)["steps"] == "stale"


def test_what_comes_after_the_item_was_accepted_is_not_accepted(world: World, item: str):
    world.note(items=[item], body="## Steps\n\nCheck the order first.\n")
    sent = {"state": "accepted", "override_reason": "The rest comes on Monday."}
    assert world.successor("PATCH", f"/items/{item}", sent).status_code == 200
    assert states(world, item) == {"steps": "accepted", "cautions": "missing", "contacts": "missing"}
    later = world.note(items=[item], title="Later", body="## Contacts\n\nCall the bank at noon.\n")
    put(world, item, "cautions", {"note": later["id"], "heading": "Contacts"})
    assert states(world, item) == {"steps": "accepted", "cautions": "proposed", "contacts": "proposed"}


def test_nothing_was_there_when_the_item_was_accepted(world: World, item: str):
    sent = {"state": "accepted", "override_reason": "It ends with the year."}
    assert world.successor("PATCH", f"/items/{item}", sent).status_code == 200
    world.note(items=[item], body="## Steps\n\nCheck the order first.\n")
    assert states(world, item)["steps"] == "proposed"


def test_a_passage_pointed_at_before_is_accepted_with_the_item(world: World, item: str):
    note = world.note(body=BODY)
    put(world, item, "steps", {"note": note["id"], "heading": "Steps"})
    sent = {"state": "accepted", "override_reason": "The rest comes on Monday."}
    world.successor("PATCH", f"/items/{item}", sent)
    assert states(world, item)["steps"] == "accepted"
    put(world, item, "steps", {"note": note["id"], "heading": "Cautions"})
    assert states(world, item)["steps"] == "proposed"
    world.manager("PATCH", f"/items/{item}", {"state": "documented"})
    assert states(world, item) == {"steps": "proposed", "cautions": "missing", "contacts": "missing"}

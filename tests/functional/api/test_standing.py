"""Where remarks stand after their note was saved: changed and confirmed, gone and put back; corrections taken up."""

from __future__ import annotations

from typing import Any

from tests.support.api import Caller, World

BODY = (
    "## Steps\n\nCheck the **order number** with the warehouse.\n\nThen refund it at once.\n\n"
    "| who | when |\n|---|---|\n| 李娜 | 周一 |\n"
)


def marked(world: World, note: Any, exact: str, by: str = "viewer", **more: Any) -> Any:
    """A remark on words of a note."""
    mark = {"kind": "comment", "body": "Really?", "target": {"quote": {"exact": exact}}}
    return world.callers[by].post(f"/notes/{note['id']}/annotations", mark | more)


def saved(world: World, note: Any, body: str, base: int) -> Any:
    answer = world.leaver("PUT", f"/notes/{note['id']}", {"body": body, "base_revision": base})
    assert answer.status_code == 200, answer.text
    return answer.json()


def again(caller: Caller, one: Any) -> Any:
    return caller.get(f"/annotations/{one['id']}")


def put(caller: Caller, one: Any, exact: str) -> Any:
    answer = caller("PUT", f"/annotations/{one['id']}/anchor", {"target": {"quote": {"exact": exact}}})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_changed_words_are_confirmed_until_they_change_again(world: World):
    note = world.note(body=BODY)
    one = marked(world, note, "Then refund it at once.")
    saved(world, note, BODY.replace("at once", "today"), 1)
    changed = again(world.viewer, one)
    assert (changed["anchor"]["status"], changed["anchor"]["exact"]) == ("changed", "Then refund it today.")
    assert changed["confirmed"] is False
    confirmed = put(world.viewer, one, "Then refund it today.")
    assert (confirmed["anchor"]["status"], confirmed["confirmed"]) == ("changed", True)
    assert (confirmed["quote"], confirmed["revision"]) == (one["quote"], 1)
    saved(world, note, BODY.replace("at once", "today") + "\nMore.\n", 2)
    assert again(world.viewer, one)["confirmed"] is True
    saved(world, note, BODY.replace("at once", "tomorrow"), 3)
    assert again(world.viewer, one)["confirmed"] is False
    saved(world, note, BODY, 4)
    back = again(world.viewer, one)
    assert (back["anchor"]["status"], back["confirmed"]) == ("anchored", False)


def test_an_orphan_says_which_revision_took_its_passage_and_is_put_back_by_hand(world: World):
    note = world.note(body=BODY)
    one = marked(world, note, "Then refund it at once.")
    saved(world, note, BODY.replace("Then refund it at once.\n\n", ""), 1)
    lost = again(world.viewer, one)
    assert lost["anchor"] == {"status": "orphaned", "exact": None, "start": None, "end": None}
    assert lost["lost_revision"] == 2
    saved(world, note, BODY.replace("Then refund it at once.\n\n", "") + "\nEnd.\n", 2)
    assert again(world.viewer, one)["lost_revision"] == 2
    there = put(world.viewer, one, "with the warehouse")
    assert (there["anchor"]["status"], there["lost_revision"]) == ("changed", None)
    assert (there["anchor"]["exact"], there["confirmed"]) == ("with the warehouse", True)
    saved(world, note, "Before.\n\n" + BODY.replace("Then refund it at once.\n\n", ""), 3)
    assert again(world.viewer, one)["anchor"]["exact"] == "with the warehouse"
    without = BODY.replace("Then refund it at once.\n\n", "").replace(" with the warehouse", "")
    saved(world, note, without, 4)
    assert again(world.viewer, one)["lost_revision"] == 5
    saved(world, note, BODY.replace("Then refund it at once.\n\n", ""), 5)
    back = again(world.viewer, one)
    assert (back["anchor"]["exact"], back["confirmed"]) == ("with the warehouse", True)


def test_an_orphan_whose_words_return_is_anchored_again(world: World):
    note = world.note(body=BODY)
    one = marked(world, note, "Then refund it at once.")
    saved(world, note, BODY.replace("Then refund it at once.\n\n", ""), 1)
    saved(world, note, BODY, 2)
    back = again(world.viewer, one)
    assert (back["anchor"]["status"], back["lost_revision"]) == ("anchored", None)


def test_a_place_that_is_not_there_is_refused(world: World):
    one = marked(world, world.note(body=BODY), "warehouse")
    path = f"/annotations/{one['id']}/anchor"
    assert set(world.viewer.errors("PUT", path, {"target": {"quote": {"exact": "nowhere"}}})) == {"target"}
    assert set(world.viewer.errors("PUT", path, {"target": {"quote": {"exact": ""}}})) == {
        "target.quote.exact"
    }
    assert again(world.viewer, one) == one


def corrected(world: World, note: Any, exact: str, replacement: str) -> Any:
    return marked(world, note, exact, kind="correction", body="", replacement=replacement)


def test_a_correction_is_taken_up_as_a_revision_of_both(world: World):
    note = world.note(body=BODY)
    one = corrected(world, note, "order number", "invoice number")
    beside = marked(world, note, "refund it", "leaver")
    taken = world.successor.post(f"/annotations/{one['id']}/accept", None, 200)
    assert (taken["state"], taken["resolved_by"]) == ("resolved", world.successor.email)
    assert (taken["accepted_revision"], taken["anchor"]["exact"]) == (2, "invoice number")
    now = world.viewer.get(f"/notes/{note['id']}")
    assert now["body"] == BODY.replace("order number", "invoice number")
    revision = world.viewer.get(f"/notes/{note['id']}/revisions/2")
    assert (revision["author"], revision["reason"]) == (world.successor.email, "Correction by viewer")
    assert revision["proposed_by"] == world.viewer.email
    assert again(world.leaver, beside)["anchor"]["exact"] == "refund it"
    assert again(world.leaver, beside)["anchor"]["start"] == now["text"].index("refund it")


def test_one_character_in_a_cell_and_a_passage_that_goes(world: World):
    note = world.note(body=BODY)
    one = corrected(world, note, "一", "三|四")
    world.leaver.post(f"/annotations/{one['id']}/accept", None, 200)
    assert "| 李娜 | 周三\\|四 |" in world.viewer.get(f"/notes/{note['id']}")["body"]
    other = corrected(world, note, "at once", "")
    gone = world.leaver.post(f"/annotations/{other['id']}/accept", {"base_revision": 2}, 200)
    assert "Then refund it.\n" in world.viewer.get(f"/notes/{note['id']}")["body"]
    assert (gone["anchor"]["status"], gone["lost_revision"], gone["accepted_revision"]) == ("orphaned", 3, 3)


def refused(world: World, one: Any, json: Any = None) -> str:
    answer = world.leaver("POST", f"/annotations/{one['id']}/accept", json)
    assert answer.status_code == 409, answer.text
    said: str = answer.json()["detail"]
    return said


def test_what_cannot_be_taken_up_says_why(world: World):
    note = world.note(body=BODY)
    path = f"/notes/{note['id']}"
    assert "Only a correction" in refused(world, marked(world, note, "refund"))
    one = corrected(world, note, "order number", "invoice number")
    assert "saved meanwhile" in refused(world, one, {"base_revision": 7})
    world.leaver.post(f"/annotations/{one['id']}/accept", None, 200)
    assert "taken up with revision 2" in refused(world, one)
    lost, changed = (
        corrected(world, note, "Then refund it at once.", "X"),
        corrected(world, note, "invoice number with the warehouse", "X"),
    )
    body = world.viewer.get(path)["body"]
    saved(world, note, body.replace("Then refund it at once.\n\n", "").replace("warehouse", "stores"), 2)
    assert "no longer in the note" in refused(world, lost)
    assert "has changed since" in refused(world, changed)
    put(world.leaver, changed, "invoice number with the stores")
    assert world.leaver.post(f"/annotations/{changed['id']}/accept", None, 200)["accepted_revision"] == 4
    settled = corrected(world, note, "Steps", "Way")
    world.leaver("PATCH", f"/annotations/{settled['id']}", {"state": "resolved"})
    assert "is resolved" in refused(world, settled)


def test_words_without_a_safe_place_are_left_to_a_person(world: World):
    note = world.note(body=BODY)
    one = corrected(world, note, "when\n李娜", "one cell of two rows")
    assert "by hand" in refused(world, one)
    assert world.viewer.get(f"/notes/{note['id']}")["revision"] == 1
    assert again(world.viewer, one)["state"] == "open"


def test_opened_again_it_can_be_taken_up_again(world: World):
    note = world.note(body=BODY)
    one = corrected(world, note, "order number", "invoice number")
    world.leaver.post(f"/annotations/{one['id']}/accept", None, 200)
    opened = world.leaver("PATCH", f"/annotations/{one['id']}", {"state": "open"}).json()
    assert (opened["state"], opened["accepted_revision"]) == ("open", None)
    assert "says so" in refused(world, one)

"""Practice runs over the API, and items that wait for them."""

from __future__ import annotations

from typing import Any

import pytest

from kb.rehearsals.queries import practice_of, rehearsed_items
from tests.support.api import World

RUN = {"level": "independent", "outcome": "passed", "feedback": "Ten of ten."}


def run(world: World, item: str, by: str = "successor", **fields: Any) -> Any:
    return world.callers[by].post(f"/items/{item}/practice-runs", RUN | fields)


def covered_item(world: World, **fields: Any) -> str:
    """An item with everything written down."""
    item = world.item(slots=["steps"], **fields)["id"]
    world.note(items=[item])
    return str(item)


def test_recorded_with_everything(world: World):
    item = world.item()["id"]
    sent = {
        "level": "assisted", "outcome": "passed_with_help", "feedback": "Slow but right.", "problem": "RMA-4107",
        "fix": "Settle by hand.", "next_on": "2031-01-15", "successor": world.successor.email,
    }  # fmt: skip
    made = world.trainer.post(f"/items/{item}/practice-runs", sent | {"held_at": "2026-05-11T14:00:00+08:00"})
    assert {name: made[name] for name in sent} == sent
    assert (made["item"], made["recorded_by"], made["note"]) == (item, world.trainer.email, None)
    assert made["held_at"] == "2026-05-11T06:00:00+00:00"
    assert world.viewer.get(f"/practice-runs/{made['id']}") == made
    assert world.viewer.get(f"/items/{item}/practice-runs") == {"items": [made], "total": 1, "next": None}


def test_who_practised_goes_without_saying(world: World):
    item = world.item()["id"]
    assert run(world, item)["successor"] == world.successor.email
    assert run(world, item, by="manager")["successor"] == world.successor.email  # the only one


def test_with_several_successors_it_must_be_said(world: World):
    item = world.item()["id"]
    members = world.manager.get(f"/handovers/{world.handover}")["members"]
    people = [{"email": one["email"], "role": one["role"]} for one in members]
    more = [*people, {"email": world.viewer.email, "role": "successor"}]
    assert world.manager("PUT", f"/handovers/{world.handover}/members", more).status_code == 200
    path = f"/items/{item}/practice-runs"
    assert set(world.manager.errors("POST", path, RUN)) == {"successor"}
    assert run(world, item)["successor"] == world.successor.email  # the caller
    assert run(world, item, by="manager", successor=world.viewer.email)["successor"] == world.viewer.email


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("level", "perfect"),
        ("outcome", "great"),
        ("feedback", "f" * 4001),
        ("feedback", "a\x00b"),
        ("problem", 5),
        ("fix", "f" * 4001),
        ("held_at", "yesterday"),
        ("held_at", "2150-01-01T00:00:00Z"),
        ("next_on", "soon"),
        ("successor", "nobody"),
        ("successor", "stranger@example.com"),
    ],
)
def test_a_broken_field_is_named(world: World, field: str, value: object):
    path = f"/items/{world.item()['id']}/practice-runs"
    assert set(world.manager.errors("POST", path, RUN | {field: value})) == {field}
    assert world.viewer.get(path)["total"] == 0


def test_level_and_outcome_are_needed(world: World):
    path = f"/items/{world.item()['id']}/practice-runs"
    assert set(world.manager.errors("POST", path, {"feedback": "?"})) == {"level", "outcome"}


def test_secrets_in_feedback_wait_for_a_yes(world: World):
    path = f"/items/{world.item()['id']}/practice-runs"
    sent = RUN | {"feedback": "密码：Xk9#mQ2$vL7p"}
    refused = world.manager("POST", path, sent)
    assert (refused.status_code, set(refused.json())) >= (422, {"secrets"})
    assert world.manager.post(path, sent | {"accept_secrets": True})["feedback"] == sent["feedback"]


def test_an_item_says_what_practice_it_asks_for(world: World):
    item = world.item(practice={"level": "independent", "runs": 2})
    assert item["practice"] == {"level": "independent", "runs": 2}
    path = f"/items/{item['id']}"
    assert world.leaver("PATCH", path, {"practice": {"level": "assisted"}}).json()["practice"] == {
        "level": "assisted",
        "runs": 1,
    }
    assert world.leaver("PATCH", path, {"title": "Other"}).json()["practice"]["level"] == "assisted"
    assert world.leaver("PATCH", path, {"practice": None}).json()["practice"] is None


@pytest.mark.parametrize("practice", [{"level": "x"}, {"level": "observed", "runs": 0}, {"runs": 1}, "often"])
def test_broken_practice_is_named(world: World, practice: object):
    path = f"/handovers/{world.handover}/items"
    told = world.manager.errors("POST", path, {"module": "M", "title": "T", "practice": practice})
    assert {name.partition(".")[0] for name in told} <= {"practice", "level"}


def test_acceptance_waits_for_the_practice_asked_for(world: World):
    item = covered_item(world, practice={"level": "independent", "runs": 1})
    path = f"/items/{item}"
    refused = world.successor("PATCH", path, {"state": "accepted"})
    assert refused.status_code == 409
    (gap,) = refused.json()["blocking"]
    assert (gap["item"], gap["title"]) == (item, "Refunds")
    assert "Passed so far: 0" in gap["reason"]
    for short in ({"level": "assisted"}, {"outcome": "failed"}, {"outcome": "passed_with_help"}):
        run(world, item, **short)
        assert world.successor("PATCH", path, {"state": "accepted"}).status_code == 409
    run(world, item)
    assert world.successor("PATCH", path, {"state": "accepted"}).json()["state"] == "accepted"


def test_empty_slots_and_practice_are_named_together(world: World):
    item = world.item(slots=["steps"], practice={"level": "observed", "runs": 2})["id"]
    run(world, item, level="assisted")
    refused = world.manager("PATCH", f"/items/{item}", {"state": "accepted"})
    assert refused.status_code == 409
    assert [gap.get("slot") for gap in refused.json()["blocking"]] == ["steps", None]
    assert world.viewer.get(f"/items/{item}")["state"] == "open"


def test_it_is_accepted_all_the_same_with_a_reason(world: World):
    item = covered_item(world, practice={"level": "independent", "runs": 1})
    path = f"/items/{item}"
    assert world.manager("PATCH", path, {"state": "accepted", "override_reason": "  "}).status_code == 409
    sent = {"state": "accepted", "override_reason": "Did it for years elsewhere."}
    assert world.manager("PATCH", path, sent).json()["state"] == "accepted"


def test_a_run_passed_alone_moves_its_item_when_asked_to(world: World):
    item = world.item()["id"]
    for sent in (
        RUN,
        RUN | {"set_state": True, "outcome": "failed"},
        RUN | {"set_state": True, "level": "assisted"},
    ):
        world.successor.post(f"/items/{item}/practice-runs", sent)
        assert world.viewer.get(f"/items/{item}")["state"] == "open"
    run(world, item, set_state=True)
    assert world.viewer.get(f"/items/{item}")["state"] == "practised"


def test_the_standing_of_items(world: World):
    asked, free, untouched = (
        covered_item(world, practice={"level": "assisted", "runs": 2}),
        world.item()["id"],
        "",
    )
    untouched = world.item(title="Nobody")["id"]
    run(world, asked, level="independent", outcome="passed_with_help")
    run(world, asked, level="observed")
    run(world, free, level="independent", outcome="failed")
    with world.session() as session:
        standing = practice_of(session, [world.handover])
        assert set(standing) == {asked, free, untouched}
        first = standing[asked]
        assert (first.best, first.passed_at_required, first.runs, first.fulfilled) == (
            "assisted",
            1,
            2,
            False,
        )
        assert (standing[free].best, standing[free].fulfilled) == (None, True)
        assert standing[untouched].last_at is None
        assert rehearsed_items(session, [world.handover]) == {asked, free}
        assert practice_of(session, []) == {} and rehearsed_items(session, [world.foreign]) == set()


def test_what_was_shown_in_a_demonstration_is_rehearsed_once_it_was_held(world: World):
    item = world.item()["id"]
    sent = {"kind": "demonstration", "held_at": "2026-05-11T14:00:00Z", "items": [item]}
    meeting = world.manager.post(f"/handovers/{world.handover}/sessions", sent)["id"]
    with world.session() as session:
        assert rehearsed_items(session, [world.handover]) == set()
    world.manager("PATCH", f"/sessions/{meeting}", {"minutes": "Shown."})
    with world.session() as session:
        assert rehearsed_items(session, [world.handover]) == {item}


def test_a_run_recorded_by_mistake_is_taken_back_by_its_recorder_or_a_manager(world: World):
    item = covered_item(world, practice={"level": "independent", "runs": 1})
    first, second = run(world, item, by="trainer")["id"], run(world, item)["id"]
    assert world.leaver("DELETE", f"/practice-runs/{first}").status_code == 403
    assert world.trainer("DELETE", f"/practice-runs/{second}").status_code == 403
    assert world.trainer("DELETE", f"/practice-runs/{first}").status_code == 204
    assert world.manager("DELETE", f"/practice-runs/{second}").status_code == 204
    assert world.viewer.get(f"/items/{item}/practice-runs")["total"] == 0
    assert world.manager("PATCH", f"/items/{item}", {"state": "accepted"}).status_code == 409

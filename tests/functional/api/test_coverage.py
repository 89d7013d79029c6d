"""How far a handover is, through the API: the shape of interface.md, and the numbers of the board."""

from __future__ import annotations

from datetime import date, timedelta

from kb.clock import today
from kb.config import read_settings
from kb.progress.board import board_of
from tests.support.api import World


def organisation_day() -> date:
    return today(read_settings({}).time_zone)


def test_every_field_of_the_interface(world: World):
    item = world.item(slots=["steps", "contacts"], practice={"level": "independent", "runs": 1})
    note = world.note(items=[item["id"]])
    answer = world.viewer.get(f"/handovers/{world.handover}/coverage")
    assert (answer["percent"], answer["covered"], answer["missing"]) == (50, 0, 1)
    assert answer["risk"]["level"] in ("low", "medium", "high", "critical")
    assert all(isinstance(reason, str) for reason in answer["risk"]["reasons"])
    (one,) = answer["items"]
    assert one["item"] == item["id"]
    assert [one[name] for name in ("title", "module", "importance", "state")] == [
        "Refunds", "Orders", "high", "open",
    ]  # fmt: skip
    assert one["slots"] == [
        {"slot": "steps", "state": "proposed", "note": note["id"], "heading": "Steps", "reason": None},
        {"slot": "contacts", "state": "missing", "note": None, "heading": None, "reason": None},
    ]
    assert (one["notes"], one["questions_open"]) == (1, 0)
    assert one["practice"] == {"required": "independent", "required_runs": 1, "best": None, "runs": 0}
    assert one["risk"]["reasons"] == [
        "Missing: Contacts.", "Practice is lacking: independent × 1 is asked for, 0 passed.",
    ]  # fmt: skip


def test_practice_and_questions_are_counted(world: World):
    item = world.item()
    note = world.note(items=[item["id"]])
    mark = {"kind": "question", "body": "?", "target": {"quote": {"exact": "Check"}}}
    world.viewer.post(f"/notes/{note['id']}/annotations", mark)
    run = {"level": "assisted", "outcome": "passed", "feedback": "Went well."}
    world.successor.post(f"/items/{item['id']}/practice-runs", run)
    (one,) = world.viewer.get(f"/handovers/{world.handover}/coverage")["items"]
    assert one["questions_open"] == 1
    assert (one["practice"]["best"], one["practice"]["runs"]) == ("assisted", 1)


def test_the_same_numbers_as_everywhere(world: World):
    for number in range(3):
        item = world.item(title=f"Item {number}", slots=["steps", "cautions"])
        if number:
            world.note(items=[item["id"]])
    answer = world.manager.get(f"/handovers/{world.handover}/coverage")
    with world.session() as session:
        board = board_of(session, world.handover, organisation_day())
        assert [one["risk"]["level"] for one in answer["items"]] == [one.risk.level for one in board.items]
        assert answer["risk"]["reasons"] == list(board.risk.reasons)
    summary = world.manager.get(f"/handovers/{world.handover}")["coverage"]
    assert summary == {name: answer[name] for name in ("percent", "covered", "missing")}


def test_an_empty_checklist(world: World):
    answer = world.manager.get(f"/handovers/{world.handover}/coverage")
    assert (answer["percent"], answer["covered"], answer["missing"], answer["items"]) == (0, 0, 0, [])
    assert answer["risk"]["reasons"] == ["The checklist is empty: nobody can say what would be missing."]


def test_reasons_are_in_the_language_of_the_caller(world: World):
    world.item()
    headers = {"accept-language": "zh-CN"}
    answer = world.viewer("GET", f"/handovers/{world.handover}/coverage", headers=headers).json()
    assert "还没有写。" in answer["items"][0]["risk"]["reasons"]


def test_when_it_comes_round(world: World):
    day = organisation_day()
    item = world.item(rhythm="campaign", next_on=(day + timedelta(days=300)).isoformat())
    assert item["next_on"] == (day + timedelta(days=300)).isoformat()
    (one,) = world.viewer.get(f"/handovers/{world.handover}/coverage")["items"]
    assert one["comes_round"] == {
        "next_on": item["next_on"], "times_left": 0, "guessed": False, "asks_rehearsal": True,
    }  # fmt: skip
    path = f"/items/{item['id']}"
    assert world.manager("PATCH", path, {"next_on": None}).json()["next_on"] is None
    assert world.manager.errors("PATCH", path, {"next_on": "soon"}).keys() == {"next_on"}
    (one,) = world.viewer.get(f"/handovers/{world.handover}/coverage")["items"]
    assert one["comes_round"]["guessed"] is True


def test_days_are_the_organisations(world: World):
    world.item(due=(organisation_day() - timedelta(days=1)).isoformat())
    answer = world.viewer.get(f"/handovers/{world.handover}/coverage")
    assert "It was due 1 day ago." in answer["items"][0]["risk"]["reasons"]
    assert answer["days_left"] == world.viewer.get(f"/handovers/{world.handover}")["days_left"]

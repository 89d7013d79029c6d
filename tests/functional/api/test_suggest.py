"""What is offered while typing beside titles: headings, tags, people, one's own searches, Chinese by its pinyin."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.support.api import PATIENCE, Caller, World


def offered(caller: Caller, typed: str, kind: str | None = None) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = caller.get("/suggest", q=typed)["items"]
    assert len(items) <= 10
    assert [set(one) for one in items] == [{"label", "url", "type"}] * len(items)
    return [one for one in items if kind in (None, one["type"])]


def test_a_heading_is_led_to(world: World):
    note = world.note(title="Year end", body="## Bank reconciliation\n\nFirst the statements.\n")
    world.indexed()
    expected = {
        "label": "Bank reconciliation", "url": f"/notes/{note['id']}#s-bank-reconciliation", "type": "heading"
    }  # fmt: skip
    assert offered(world.viewer, "bank rec", "heading") == [expected]
    assert offered(world.viewer, "year", "note")[0]["url"] == f"/notes/{note['id']}"


def test_tags_that_begin_so_are_offered_and_none_that_only_others_use(world: World):
    world.note(tags=["quarterly", "Quartz"])
    world.stranger.post(
        f"/handovers/{world.foreign}/notes",
        {"kind": "procedure", "title": "X", "body": "y", "tags": ["quarantine"]},
    )
    world.note(by="leaver", tags=["quarrel"], status="draft")
    world.indexed()
    assert {one["label"]: one["url"] for one in offered(world.viewer, "quar", "tag")} == {
        "quarterly": "/search?tag=quarterly", "Quartz": "/search?tag=Quartz"
    }  # fmt: skip
    assert [one["label"] for one in offered(world.stranger, "quar", "tag")] == ["quarantine"]
    assert [one["label"] for one in offered(world.leaver, "quarrel", "tag")] == ["quarrel"]


@pytest.mark.parametrize("typed", ["succ", "SUCC", "successor-"])
def test_people_of_ones_handovers_are_offered_by_name_and_address(world: World, typed: str):
    found = offered(world.viewer, typed, "person")
    assert found == [
        {
            "label": "successor",
            "url": f"/search?author={world.successor.email.replace('@', '%40')}",
            "type": "person",
        }
    ]
    assert offered(world.stranger, typed, "person") == offered(world.admin, typed, "person") == []


@pytest.mark.parametrize("typed", ["%", "_uccessor", "\\", "succ%", "s"])
def test_no_pattern_lists_people(world: World, typed: str):
    assert offered(world.viewer, typed, "person") == []


def test_chinese_titles_are_found_by_their_pinyin(world: World, shelf: dict[str, Any]):
    for typed in ("tuikuan", "tui kuan"):
        assert shelf["slow"]["id"] in {
            one["url"].rpartition("/")[2] for one in offered(world.viewer, typed, "note")
        }
        assert offered(world.stranger, typed, "note") == []


def test_ones_own_searches_are_offered_again_to_oneself_only(world: World):
    world.viewer.get("/search", q="zeppelin landing")
    deadline = time.monotonic() + PATIENCE
    while not (found := offered(world.viewer, "zepp")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found == [{"label": "zeppelin landing", "url": "/search?q=zeppelin+landing", "type": "recent"}]
    assert offered(world.manager, "zepp") == []
    assert offered(world.viewer, "zeppelin landing") == []


def test_titles_leave_room_for_the_others_and_there_are_never_more_than_ten(world: World):
    for number in range(12):
        world.note(title=f"Success number {number}", tags=[f"success-{number}"])
    world.indexed()
    kinds = [one["type"] for one in offered(world.viewer, "succ")]
    assert kinds == ["note"] * 7 + ["person"] + ["tag"] * 2


def test_the_same_heading_is_offered_twice_at_most_and_below_titles(world: World):
    for number in range(4):
        world.note(title=f"Cause {number}" if number == 3 else f"Note {number}", body="## Cause\n\nA fuse.\n")
    world.indexed()
    found = [(one["type"], one["label"]) for one in offered(world.viewer, "cause")]
    assert found[0] == ("note", "Cause 3")
    assert found.count(("heading", "Cause")) == 2


def test_people_come_before_notes_that_only_mention_what_was_typed(world: World):
    world.note(title="Who to ask", body="The successor knows.")
    world.indexed()
    assert [one["type"] for one in offered(world.viewer, "succ")][:2] == ["person", "note"]


@pytest.mark.parametrize("typed", ["tui", "tuik", "TUIKU"])
def test_half_the_pinyin_of_a_title_is_enough(world: World, typed: str):
    note = world.note(title="退款审核", body="x")
    world.note(title="推荐商品", body="y")
    world.indexed()
    found = [one["url"] for one in offered(world.viewer, typed, "note")]
    assert f"/notes/{note['id']}" in found
    assert len(found) == (2 if typed == "tui" else 1)
    assert offered(world.stranger, typed, "note") == []


def test_what_was_probably_meant_is_offered(world: World):
    note = world.note(title="Reconciliation of the month", body="x")
    world.indexed()
    found = offered(world.viewer, "reconcilation", "note")
    assert [one["url"] for one in found] == [f"/notes/{note['id']}"]
    assert offered(world.stranger, "reconcilation") == []

"""Meetings and demonstrations over the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import World

HELD = {"kind": "kickoff", "held_at": "2026-05-11T14:00:00+08:00", "minutes": "## Agreed\n\nWrite first.\n"}


def path(world: World) -> str:
    return f"/handovers/{world.handover}/sessions"


def record(world: World, by: str = "manager", **fields: Any) -> Any:
    return world.callers[by].post(path(world), HELD | fields)


def test_recorded_with_everything(world: World):
    item = world.item()
    attendees = [world.leaver.email, world.successor.email, "Sun Lihua, accounting"]
    sent: dict[str, Any] = {
        "kind": "demonstration", "attendees": attendees, "items": [item["id"]], "agenda": "- one",
        "problem": "It was locked.", "recording": "Share / films / 1.mp4",
    }  # fmt: skip
    made = record(world, **sent)
    assert {name: made[name] for name in sent} == sent
    assert (made["held"], made["handover"], made["agreed"]) == (True, world.handover, [])
    assert made["attendee_names"] == ["leaver", "successor", "Sun Lihua, accounting"]
    assert "Agreed</h2>" in made["html"]
    assert made["recorded_by"] == world.manager.email
    assert world.viewer.get(f"/sessions/{made['id']}") == made
    assert world.viewer.get(path(world)) == {"items": [made], "total": 1, "next": None}


def test_a_moment_without_offset_is_meant_in_the_zone_of_the_organisation(world: World):
    there = world.manager.get(f"/sessions/{record(world, held_at='2026-05-11T14:00')['id']}")
    same = world.manager.get(f"/sessions/{record(world)['id']}")
    assert there["held_at"] == same["held_at"] == "2026-05-11T06:00:00+00:00"


def test_without_minutes_it_is_still_to_come(world: World):
    made = world.manager.post(path(world), {"kind": "review", "held_at": "2031-01-01T10:00:00+08:00"})
    assert (made["held"], made["html"], made["minutes"]) == (False, "", "")
    changed = world.trainer("PATCH", f"/sessions/{made['id']}", {"minutes": "All well."}).json()
    assert (changed["held"], changed["kind"]) == (True, "review")


def test_the_latest_comes_first_and_pages_go_on(world: World):
    days = [record(world, held_at=f"2026-05-{day:02}T10:00:00Z")["id"] for day in (3, 9, 6)]
    first = world.viewer.get(path(world), limit=2)
    second = world.viewer.get(path(world), limit=2, cursor=first["next"])
    assert [one["id"] for one in first["items"] + second["items"]] == [days[1], days[2], days[0]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "party"),
        ("held_at", "soon"),
        ("held_at", "0001-01-01T00:00:00Z"),
        ("held_at", ""),
        ("attendees", ["a\x00b"]),
        ("attendees", [f"person {n}" for n in range(61)]),
        ("minutes", "m" * 100_001),
        ("minutes", "a\x00b"),
        ("problem", "p" * 4001),
        ("recording", "two\nlines"),
        ("items", ["000000000000"]),
        ("language", "fr"),
    ],
)
def test_a_broken_field_is_named(world: World, field: str, value: object):
    assert set(world.manager.errors("POST", path(world), HELD | {field: value})) == {field}
    meeting = record(world)
    assert set(world.manager.errors("PATCH", f"/sessions/{meeting['id']}", {field: value})) == {field}
    assert world.manager.get(f"/sessions/{meeting['id']}") == meeting


def test_kind_and_time_are_needed(world: World):
    assert set(world.manager.errors("POST", path(world), {})) == {"kind", "held_at"}


def test_items_of_another_handover_are_not_found(world: World):
    theirs = {"module": "M", "title": "T"}
    foreign = world.stranger.post(f"/handovers/{world.foreign}/items", theirs)["id"]
    assert set(world.manager.errors("POST", path(world), HELD | {"items": [foreign]})) == {"items"}


def test_what_was_agreed_becomes_items(world: World):
    lines = [
        {"title": "Give Chen the role", "owner": world.manager.email, "due": "2031-01-15"},
        {"title": "Look at the ledger together"},
    ]
    made = record(world, agreed=lines)
    items = {item["id"]: item for item in world.viewer.get(f"/handovers/{world.handover}/items")["items"]}
    assert [items[one]["title"] for one in made["agreed"]] == [line["title"] for line in lines]
    role = next(item for item in items.values() if item["title"] == "Give Chen the role")
    assert (role["owner"], role["due"], role["state"]) == (world.manager.email, "2031-01-15", "open")
    assert made["items"] == []


def test_a_broken_line_is_told_by_its_number_and_nothing_is_kept(world: World):
    lines = [{"title": "Fine"}, {"title": "Not", "owner": "nobody@example.com"}, {"title": "", "due": "soon"}]
    told = world.manager.errors("POST", path(world), HELD | {"agreed": lines})
    assert set(told) == {"agreed-1", "agreed-2"}
    assert world.viewer.get(path(world))["total"] == 0
    assert world.viewer.get(f"/handovers/{world.handover}/items")["total"] == 0


def test_items_are_for_those_who_may_write_them(world: World):
    refused = world.successor("POST", path(world), HELD | {"agreed": [{"title": "Mine"}]})
    assert refused.status_code == 403
    assert world.viewer.get(path(world))["total"] == 0


def test_what_was_shown_is_demonstrated_only_when_it_was_held_and_asked_for(world: World):
    shown, further = world.item()["id"], world.item(title="Further")["id"]
    world.manager("PATCH", f"/items/{further}", {"state": "practised"})
    sent: dict[str, Any] = {"kind": "demonstration", "items": [shown, further], "set_state": True}
    planned = record(world, **sent, minutes="")
    assert world.viewer.get(f"/items/{shown}")["state"] == "open"
    world.successor("PATCH", f"/sessions/{planned['id']}", {"minutes": "Shown.", "set_state": True})
    states = [world.viewer.get(f"/items/{one}")["state"] for one in (shown, further)]
    assert states == ["demonstrated", "practised"]


def test_a_trainer_records_but_moves_no_item(world: World):
    item = world.item()["id"]
    record(world, "trainer", kind="demonstration", items=[item], set_state=True)
    assert world.viewer.get(f"/items/{item}")["state"] == "open"


def test_whoever_saves_on_an_old_state_is_told(world: World):
    made = record(world)
    address = f"/sessions/{made['id']}"
    assert (
        world.leaver("PATCH", address, {"minutes": "Theirs.", "base": made["updated_at"]}).status_code == 200
    )
    late = world.manager("PATCH", address, {"minutes": "Mine.", "base": made["updated_at"]})
    assert late.status_code == 409
    assert world.viewer.get(address)["minutes"] == "Theirs."
    again = {"minutes": "Both.", "base": late.json()["updated_at"]}
    assert world.manager("PATCH", address, again).json()["minutes"] == "Both."


def test_secrets_in_minutes_wait_for_a_yes(world: World):
    sent = HELD | {"minutes": "the password: Xk9#mQ2$vL7p"}
    refused = world.manager("POST", path(world), sent)
    assert refused.status_code == 422
    assert refused.json()["secrets"] == [{"field": "minutes", "kind": "password", "line": 1}]
    assert "Xk9" not in refused.text
    assert world.manager.post(path(world), sent | {"accept_secrets": True})["held"]


def test_only_a_plan_can_be_taken_off(world: World):
    planned, held = record(world, minutes="")["id"], record(world)["id"]
    assert world.leaver("DELETE", f"/sessions/{planned}").status_code == 204
    assert world.viewer("GET", f"/sessions/{planned}").status_code == 404
    assert world.leaver("DELETE", f"/sessions/{held}").status_code == 409
    assert world.viewer.get(f"/sessions/{held}")["held"]


def test_scripts_in_minutes_stay_words(world: World):
    made = record(world, minutes="<script>alert(1)</script> [x](javascript:alert(1))")
    assert "<script" not in made["html"]
    assert "javascript:" not in made["html"].replace("(javascript:alert(1))", "")


def test_an_attendee_is_no_secret(world: World):
    sent = HELD | {"attendees": ["Li Na", "The password: Tr0ub4dor&3xyz"]}
    assert set(world.manager.errors("POST", path(world), sent)) == {"attendees"}
    made = record(world, attendees=["Li Na"])
    again = {"attendees": sent["attendees"]}
    assert set(world.manager.errors("PATCH", f"/sessions/{made['id']}", again)) == {"attendees"}

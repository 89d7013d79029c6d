"""Handovers, members and templates over the API."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kb.clock import today
from tests.support.api import World


def body(world: World, **fields: object) -> dict[str, object]:
    """What a handover is created from."""
    required: dict[str, object] = {
        "title": "Shop: 李娜 leaves",
        "position": "Operations",
        "leaver": world.leaver.email,
        "last_day": "2031-03-31",
    }
    return required | fields


def test_the_shipped_templates(world: World):
    listed = world.viewer.get("/templates")
    assert (listed["total"], listed["next"]) == (2, None)
    by_id = {one["id"]: one for one in listed["items"]}
    assert set(by_id) == {"ecommerce-operations", "website-administration"}
    shop = by_id["ecommerce-operations"]
    assert set(shop["titles"]) == {"en", "zh-Hans"}
    assert shop["title"] == shop["titles"]["en"]
    assert shop["modules"] == 7
    assert shop["items"] > 20
    assert isinstance(shop["version"], int)
    chinese = world.viewer("GET", "/templates", headers={"accept-language": "zh-CN,en;q=0.5"}).json()
    assert {one["title"] for one in chinese["items"]} == {one["titles"]["zh-Hans"] for one in by_id.values()}


def test_created_from_a_template(world: World):
    members = [{"email": world.successor.email, "role": "successor"}]
    made = world.trainer.post(
        "/handovers",
        body(world, template="ecommerce-operations", members=members, support_until="2031-04-30"),
    )
    got = world.trainer.get(f"/handovers/{made['id']}")
    assert got == made
    assert got["stage"] == "preparing"
    assert got["template"] == "ecommerce-operations"
    assert got["leaver"] == world.leaver.email
    assert (got["last_day"], got["support_until"]) == ("2031-03-31", "2031-04-30")
    assert got["days_left"] == (date(2031, 3, 31) - today("Asia/Shanghai")).days
    assert {(m["email"], m["role"]) for m in got["members"]} == {
        (world.leaver.email, "leaver"),
        (world.successor.email, "successor"),
        (world.trainer.email, "manager"),
    }
    items = world.trainer.get(f"/handovers/{made['id']}/items", limit=200)
    assert got["coverage"] == {"percent": 0, "covered": 0, "missing": items["total"]}
    assert {item["owner"] for item in items["items"]} == {world.leaver.email}
    assert len({item["module"] for item in items["items"]}) == 7
    assert all(item["slots"] and item["due"] for item in items["items"])


def test_coverage_follows_the_notes(world: World):
    first, second = world.item(slots=["steps", "contacts"]), world.item(slots=[])
    path = f"/handovers/{world.handover}"
    assert world.viewer.get(path)["coverage"] == {"percent": 0, "covered": 0, "missing": 2}
    note = world.note(items=[first["id"]])
    assert world.viewer.get(path)["coverage"] == {"percent": 33, "covered": 0, "missing": 2}
    world.note(title="Second", items=[second["id"]])
    assert world.viewer.get(path)["coverage"] == {"percent": 66, "covered": 1, "missing": 1}
    assert world.manager("DELETE", f"/notes/{note['id']}").status_code == 204
    assert world.viewer.get("/handovers")["items"][0]["coverage"] == {
        "percent": 33,
        "covered": 1,
        "missing": 1,
    }


def test_a_draft_covers_nothing(world: World):
    item = world.item()
    world.note(items=[item["id"]], status="draft")
    assert world.manager.get(f"/handovers/{world.handover}")["coverage"]["percent"] == 0


def test_every_broken_field_is_named(world: World):
    sent = {
        "title": "",
        "leaver": "x",
        "last_day": "2031-02-30",
        "support_until": 7,
        "members": [{"email": "a"}],
    }
    assert set(world.viewer.errors("POST", "/handovers", sent)) == {"support_until", "members.role"}
    sent = {
        "title": "t" * 201,
        "leaver": "x",
        "last_day": "2031-02-30",
        "members": [{"email": "a", "role": "b"}],
    }
    expected = {"title", "position", "leaver", "last_day", "members.email", "members.role"}
    assert set(world.viewer.errors("POST", "/handovers", sent)) == expected


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({"leaver": "unknown@example.com"}, "leaver"),
        ({"members": [{"email": "unknown@example.com", "role": "viewer"}]}, "members"),
        ({"members": [{"email": "VIEWER", "role": "leaver"}]}, "members"),
        ({"support_until": "2031-03-30"}, "support_until"),
        ({"template": "no-such"}, "template"),
        ({"language": "fr"}, "language"),
    ],
)
def test_one_broken_field(world: World, fields: dict[str, Any], broken: str):
    for member in fields.get("members", []):
        member["email"] = member["email"].replace("VIEWER", world.viewer.email)
    assert set(world.viewer.errors("POST", "/handovers", body(world, **fields))) == {broken}
    assert world.viewer.get("/handovers")["total"] == 1


def test_patch_changes_what_is_sent(world: World):
    path = f"/handovers/{world.handover}"
    before = world.manager.get(path)
    last_day = (today("Asia/Shanghai") - timedelta(days=3)).isoformat()
    answer = world.manager("PATCH", path, {"stage": "signed_off", "last_day": last_day})
    assert answer.status_code == 200
    after = answer.json()
    assert (after["stage"], after["last_day"], after["days_left"]) == ("signed_off", last_day, -3)
    unchanged = set(before) - {"stage", "last_day", "days_left", "updated_at"}
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    assert set(world.manager.errors("PATCH", path, {"stage": "done"})) == {"stage"}
    assert set(world.manager.errors("PATCH", path, {"title": None})) == {"title"}


def test_every_stage_of_the_interface(world: World):
    stages = ["preparing", "capturing", "transferring", "signed_off", "supporting", "closed", "cancelled"]
    for stage in stages:
        changed = world.manager("PATCH", f"/handovers/{world.handover}", {"stage": stage})
        assert changed.json()["stage"] == stage


def test_members_are_replaced(world: World):
    path = f"/handovers/{world.handover}/members"
    wanted = [
        {"email": world.leaver.email, "role": "leaver"},
        {"email": world.manager.email, "role": "manager"},
        {"email": world.manager.email, "role": "trainer"},
        {"email": world.stranger.email, "role": "viewer"},
    ]
    answer = world.manager("PUT", path, wanted)
    assert answer.status_code == 200
    assert {(m["email"], m["role"]) for m in answer.json()["members"]} == {
        (m["email"], m["role"]) for m in wanted
    }
    assert world.stranger.get(f"/handovers/{world.handover}")["id"] == world.handover
    assert world.successor("GET", f"/handovers/{world.handover}").status_code == 404
    # What was answered can be sent back.
    assert world.manager("PUT", path, answer.json()["members"]).status_code == 200


@pytest.mark.parametrize(
    "roles",
    [
        [],
        ["leaver"],
        ["manager"],
        ["leaver", "manager", "viewer:leaver"],
        ["leaver", "successor"],
    ],
)
def test_one_leaver_and_a_manager_stay(world: World, roles: list[str]):
    members = []
    for entry in roles:
        person, _sep, role = entry.partition(":")
        members.append({"email": world.callers[person].email, "role": role or person})
    assert set(world.manager.errors("PUT", f"/handovers/{world.handover}/members", members)) == {"members"}
    assert len(world.manager.get(f"/handovers/{world.handover}")["members"]) == 5


def test_members_of_the_wrong_form(world: World):
    path = f"/handovers/{world.handover}/members"
    assert set(world.manager.errors("PUT", path, {"email": "a"})) == {"members"}
    assert set(world.manager.errors("PUT", path, [{"email": 5, "role": "viewer"}])) == {"members.email"}
    assert set(world.manager.errors("PUT", path, [{"role": "viewer"}])) == {"members.email"}


def test_an_administrator_joins(world: World):
    assert world.admin("GET", f"/handovers/{world.handover}").status_code == 404
    joined = world.admin.post(f"/handovers/{world.handover}/join", None)
    assert {"email": world.admin.email, "name": "admin", "role": "manager"} in joined["members"]
    assert world.admin.get(f"/handovers/{world.handover}")["id"] == world.handover
    assert world.admin("POST", f"/handovers/{world.handover}/join").status_code == 409


def test_the_list_is_ones_own_and_paged(world: World):
    ids = {world.viewer.post("/handovers", body(world, title=f"Number {n}"))["id"] for n in range(3)}
    ids.add(world.handover)
    first = world.viewer.get("/handovers", limit=3)
    assert (first["total"], len(first["items"])) == (4, 3)
    second = world.viewer.get("/handovers", limit=3, cursor=first["next"])
    assert (second["total"], len(second["items"]), second["next"]) == (4, 1, None)
    assert {one["id"] for one in first["items"] + second["items"]} == ids
    assert [one["id"] for one in world.stranger.get("/handovers")["items"]] == [world.foreign]
    assert world.admin.get("/handovers") == {"items": [], "total": 0, "next": None}


def test_a_stage_with_something_missing_keeps_why(world: World):
    world.item(importance="critical", slots=["steps"])
    path = f"/handovers/{world.handover}"
    sent = {"stage": "transferring", "override_reason": "The rest on Monday."}
    assert world.manager("PATCH", path, sent).json()["stage"] == "transferring"
    assert world.successor("PATCH", path, {"stage": "closed"}).status_code == 403
    assert world.manager.get(path)["stage"] == "transferring"

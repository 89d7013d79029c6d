"""What is found follows what is written, at once, and while typing."""

from __future__ import annotations

from typing import Any

from tests.support.api import World, ids


def test_suggestions(world: World, shelf: dict[str, Any]):
    found = world.viewer.get("/suggest", q="refu")["items"]
    steps = {"label": "Refunds step by step", "url": f"/notes/{shelf['steps']['id']}", "type": "note"}
    assert [set(one) for one in found] == [{"label", "url", "type"}] * len(found)
    assert steps["label"] in {one["label"] for one in found}
    assert not {"Draft on refunds", "Refunds elsewhere"} & {one["label"] for one in found}
    assert "退款为什么慢" in {one["label"] for one in world.viewer.get("/suggest", q="退款为")["items"]}
    assert world.viewer.get("/suggest", q="")["items"] == world.viewer.get("/suggest")["items"] == []
    assert world.admin.get("/suggest", q="refu")["items"] == []
    for number in range(12):
        world.note(title=f"Suggested number {number}")
    world.indexed()
    assert len(world.viewer.get("/suggest", q="suggested")["items"]) == 10


def test_found_soon_after_every_kind_of_write(world: World):
    note = world.note(title="Zebra crossing")
    world.found(world.viewer, lambda answer: ids(answer) == {note["id"]}, q="zebra")
    world.manager("PUT", f"/notes/{note['id']}", {"title": "Okapi", "base_revision": 1})
    world.found(world.viewer, lambda answer: answer["total"] == 0, q="zebra")
    world.found(world.viewer, lambda answer: ids(answer) == {note["id"]}, q="okapi")
    world.manager("PUT", f"/notes/{note['id']}", {"status": "draft", "base_revision": 2})
    world.found(world.viewer, lambda answer: answer["total"] == 0, q="okapi")
    assert ids(world.manager.get("/search", q="okapi")) == {note["id"]}
    world.manager("DELETE", f"/notes/{note['id']}")
    world.found(world.manager, lambda answer: answer["total"] == 0, q="okapi")
    world.manager("POST", f"/notes/{note['id']}/restore")
    world.found(world.manager, lambda answer: answer["total"] == 1, q="okapi")


def test_a_person_who_was_taken_out_finds_nothing(world: World, shelf: dict[str, Any]):
    members = world.manager.get(f"/handovers/{world.handover}")["members"]
    kept = [one for one in members if one["role"] != "viewer"]
    assert world.viewer.get("/search", q="refunds")["total"] == 5
    assert world.manager("PUT", f"/handovers/{world.handover}/members", kept).status_code == 200
    assert world.viewer.get("/search", q="refunds")["total"] == 0
    offered = world.viewer.get("/suggest", q="refu")["items"]
    assert [one for one in offered if one["type"] != "recent"] == []  # what they searched for remains theirs

"""How fresh a note is in the API, checking one, and whose it is when its owner leaves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from kb.access.roles import Role
from kb.clock import today
from kb.handovers.queries import identity_of
from kb.notes.bulk import create_notes
from kb.notes.models import Note
from kb.people.queries import user_by_email
from tests.support.api import World, ids

ZONE = "Asia/Shanghai"


def day(days: int) -> str:
    return (today(ZONE) + timedelta(days=days)).isoformat()


def test_a_note_says_how_fresh_it_is(world: World):
    note = world.note(importance="high")
    expected = (datetime.now(UTC).date() + timedelta(days=180)).isoformat()
    fresh = {"check_by": expected, "checked_at": None, "checked_by": None, "freshness": "fresh"}
    assert {name: note[name] for name in fresh} == fresh
    for days, state in ((20, "fresh"), (10, "due"), (-10, "due"), (-60, "stale")):
        named = world.note(check_by=day(days))
        assert (named["check_by"], named["freshness"]) == (day(days), state)
    assert world.note(importance="low")["freshness"] == "unset"
    listed = world.viewer.get(f"/handovers/{world.handover}/notes")["items"]
    assert sorted(one["freshness"] for one in listed) == ["due", "due", "fresh", "fresh", "stale", "unset"]
    assert "check_by" in world.manager.errors(
        "PUT", f"/notes/{note['id']}", {"check_by": "soon", "base_revision": 1}
    )


def test_a_check_moves_the_day_on_and_makes_no_revision(world: World):
    note = world.note(check_by=day(-3))
    path = f"/notes/{note['id']}"
    checked = world.successor.post(f"{path}/check", {"revision": 1}, status=200)
    assert (checked["checked_by"], checked["freshness"]) == (world.successor.email, "fresh")
    assert (
        checked["check_by"]
        == (datetime.fromisoformat(checked["checked_at"]).date() + timedelta(365)).isoformat()
    )
    same = ("revision", "etag", "body", "updated_at", "author", "owner")
    assert [checked[name] for name in same] == [note[name] for name in same]
    assert world.viewer.get(f"{path}/revisions")["total"] == 1
    assert world.viewer.get(path) == checked


def test_only_the_newest_revision_is_checked(world: World):
    note = world.note()
    path = f"/notes/{note['id']}"
    world.leaver("PUT", path, {"body": "Another.", "base_revision": 1})
    stale = world.successor("POST", f"{path}/check", {"revision": 1})
    assert (stale.status_code, stale.json()["current_revision"]) == (409, 2)
    assert "Read revision 2" in stale.json()["detail"]
    assert world.successor("POST", f"{path}/check", {"revision": 3}).status_code == 409
    for wrong in ({}, {"revision": "x"}, {"revision": None}):
        assert "revision" in world.successor.errors("POST", f"{path}/check", wrong)
    assert world.viewer.get(path)["checked_at"] is None


def test_a_note_in_the_bin_is_not_checked(world: World):
    note = world.note()
    world.manager("DELETE", f"/notes/{note['id']}")
    assert world.manager("POST", f"/notes/{note['id']}/check", {"revision": 1}).status_code == 404


def test_notes_of_whoever_is_taken_out_pass_on_and_are_still_found(world: World):
    note = world.note(by="trainer", title="Pallets", body="Where the pallets go.")
    world.indexed()
    staying = [
        {"email": world.callers[role].email, "role": role} for role in map(str, Role) if role != "trainer"
    ]
    assert world.manager("PUT", f"/handovers/{world.handover}/members", staying).status_code == 200
    now = world.viewer.get(f"/notes/{note['id']}")
    assert (now["owner"], now["author"]) == (world.successor.email, world.trainer.email)
    assert (now["revision"], now["updated_at"]) == (1, note["updated_at"])
    world.indexed()
    assert ids(world.viewer.get("/search", q="pallets")) == {note["id"]}
    assert ids(world.viewer.get("/search", q="pallets", author=world.trainer.email)) == {note["id"]}


def test_notes_written_at_once_have_a_day_too(world: World):
    entries = [
        {"kind": "case", "title": "A", "body": "a", "importance": "critical"},
        {"kind": "case", "title": "B", "body": "b", "status": "draft"},
        {"kind": "case", "title": "C", "body": "c", "check_by": "2031-02-03"},
    ]
    with world.session() as session:
        manager = user_by_email(session, world.manager.email)
        assert manager
        made = create_notes(session, identity_of(session, manager), world.handover, entries)
        found = [session.get_one(Note, note).check_by for note in made]
    assert found == [datetime.now(UTC).date() + timedelta(days=90), None, date(2031, 2, 3)]

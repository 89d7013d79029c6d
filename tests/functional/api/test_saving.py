"""Saving a note on a base: nothing is overwritten silently."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.api import World

BODY = "one\n\ntwo\n\nthree\n"


def test_no_base_at_all(world: World):
    note = world.note()
    answer = world.manager("PUT", f"/notes/{note['id']}", {"title": "New"})
    assert answer.status_code == 428
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert world.manager.get(f"/notes/{note['id']}")["title"] == note["title"]


@pytest.mark.parametrize("header", ['"1"', "1", 'W/"1"'])
def test_if_match(world: World, header: str):
    note = world.note()
    answer = world.manager("PUT", f"/notes/{note['id']}", {"title": "New"}, headers={"if-match": header})
    assert answer.status_code == 200
    assert answer.headers["etag"] == answer.json()["etag"] == '"2"'
    assert (answer.json()["title"], answer.json()["revision"]) == ("New", 2)


@pytest.mark.parametrize("header", ["*", '"x"', '"1", "2"', '""', '"-1"'])
def test_an_if_match_that_names_no_revision(world: World, header: str):
    note = world.note()
    answer = world.manager("PUT", f"/notes/{note['id']}", {"title": "New"}, headers={"if-match": header})
    assert answer.status_code == 400


def test_header_and_body_that_differ(world: World):
    path = f"/notes/{world.note()['id']}"
    differing = world.manager("PUT", path, {"title": "x", "base_revision": 2}, headers={"if-match": '"1"'})
    assert differing.status_code == 400
    agreeing = world.manager("PUT", path, {"title": "x", "base_revision": 1}, headers={"if-match": '"1"'})
    assert agreeing.status_code == 200


def test_nothing_changed(world: World):
    note = world.note(tags=["a"], items=[world.item()["id"]])
    path = f"/notes/{note['id']}"
    answer = world.manager("PUT", path, note | {"base_revision": 1})
    assert (answer.status_code, answer.json()) == (200, note)
    assert world.manager.get(f"{path}/revisions")["total"] == 1


def test_a_partial_note_keeps_the_rest(world: World):
    note = world.note(tags=["a"], purpose="why")
    saved = world.manager("PUT", f"/notes/{note['id']}", {"importance": "low", "base_revision": 1}).json()
    changed = {"importance", "revision", "etag", "updated_at"}
    checked = {
        "check_by",
        "checked_at",
        "checked_by",
        "checked_by_name",
        "freshness",
    }  # by the owner's change
    assert {name for name in note if note[name] != saved[name]} == changed | checked


def test_a_stale_base_with_a_clean_merge(world: World):
    path = f"/notes/{world.note(body=BODY)['id']}"
    world.manager("PUT", path, {"body": BODY.replace("one", "ONE"), "base_revision": 1})
    stale = world.successor("PUT", path, {"body": BODY.replace("three", "THREE"), "base_revision": 1})
    assert stale.status_code == 409
    problem = stale.json()
    assert problem["current_revision"] == 2
    assert problem["merge"] == {"body": "ONE\n\ntwo\n\nTHREE\n", "conflicts": 0}
    assert world.manager.get(path)["body"] == BODY.replace("one", "ONE")
    merged = world.successor("PUT", path, {"body": problem["merge"]["body"], "base_revision": 2})
    assert (merged.status_code, merged.json()["revision"]) == (200, 3)


def test_a_stale_base_with_a_conflict(world: World):
    path = f"/notes/{world.note(body=BODY)['id']}"
    world.manager("PUT", path, {"body": BODY.replace("two", "mine"), "base_revision": 1})
    problem = world.successor("PUT", path, {"body": BODY.replace("two", "yours"), "base_revision": 1}).json()
    assert problem["merge"]["conflicts"] == 1
    assert "mine" in problem["merge"]["body"]
    assert "yours" in problem["merge"]["body"]


def test_a_base_that_never_was(world: World):
    path = f"/notes/{world.note(body=BODY)['id']}"
    answer = world.manager("PUT", path, {"body": "mine", "base_revision": 9})
    problem = answer.json()
    assert (answer.status_code, problem["current_revision"]) == (409, 1)
    assert problem["detail"] == "There is no revision 9 of this note."
    assert problem["merge"]["conflicts"] == 1
    assert "mine" in problem["merge"]["body"]
    assert BODY in problem["merge"]["body"]
    same = world.manager("PUT", path, {"title": "x"}, headers={"if-match": '"9"'}).json()
    assert same["merge"] == {"body": BODY, "conflicts": 0}


def test_a_base_that_is_null_is_none(world: World):
    path = f"/notes/{world.note()['id']}"
    assert world.manager("PUT", path, {"title": "x", "base_revision": None}).status_code == 428


def test_many_people_save_one_note(world: World):
    """Whoever is told "saved" finds their words in the history."""
    path = f"/notes/{world.note()['id']}"
    people = [world.manager, world.leaver, world.successor] * 3

    def edit(number: int) -> list[tuple[int, str]]:
        saved, who = [], people[number]
        for turn in range(3):
            text = f"person {number} turn {turn}"
            base = who.get(path)["revision"]
            answer = who("PUT", path, {"body": text, "base_revision": base})
            while answer.status_code == 409:
                base = answer.json()["current_revision"]
                answer = who("PUT", path, {"body": text, "base_revision": base})
            assert answer.status_code == 200, answer.text
            assert answer.json()["revision"] == base + 1
            saved.append((base + 1, text))
        return saved

    with ThreadPoolExecutor(len(people)) as pool:
        saved = dict(pair for pairs in pool.map(edit, range(len(people))) for pair in pairs)
    assert sorted(saved) == list(range(2, 2 + 3 * len(people)))
    assert world.manager.get(path)["revision"] == max(saved)
    for number, text in saved.items():
        assert world.manager.get(f"{path}/revisions/{number}")["body"] == text

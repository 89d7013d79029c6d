"""Turning pages while the index moves: the list stays, what was withdrawn does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import World, ids


@pytest.fixture
def many(world: World) -> list[dict[str, Any]]:
    notes = [world.note(title=f"Harbour {number}", body="quay") for number in range(6)]
    world.indexed()
    return notes


def test_the_next_page_goes_on_where_the_first_ended(world: World, many: list[dict[str, Any]]):
    first = world.viewer.get("/search", q="quay", limit=3)
    world.note(title="Harbour harbour", body="quay quay quay")
    world.indexed()
    second = world.viewer.get("/search", q="quay", limit=3, offset=3, at=first["at"])
    assert ids(first) | ids(second) == {note["id"] for note in many}
    assert second["total"] == 6
    assert world.viewer.get("/search", q="quay")["total"] == 7


@pytest.mark.parametrize("how", ["draft", "deleted"])
def test_an_older_state_tells_nothing_of_what_was_withdrawn(
    world: World, many: list[dict[str, Any]], how: str
):
    hidden = world.note(title="Zanzibar", body="quay", importance="critical", tags=["secrettag"])
    world.indexed()
    at = world.viewer.get("/search", q="quay", limit=1)["at"]
    assert world.viewer.get("/search", q="zanzibar", at=at)["total"] == 1
    if how == "draft":
        world.manager("PUT", f"/notes/{hidden['id']}", {"status": "draft", "base_revision": 1})
    else:
        world.manager("DELETE", f"/notes/{hidden['id']}")
    for indexed in (False, True):
        if indexed:
            world.indexed()
        answer = world.viewer.get("/search", q="zanzibar", at=at)
        assert answer["total"] == 0
        assert not any(answer["facets"].values())
        assert world.viewer.get("/search", q="quay", limit=1, at=at)["total"] == 6


def test_a_state_nobody_remembers_is_the_newest(world: World, many: list[dict[str, Any]]):
    assert world.viewer.get("/search", q="quay", limit=3, at=987_654)["total"] == 6


def test_words_of_notes_one_may_not_read_are_not_offered(world: World):
    world.note(title="Plan", body="An important organization orders books.")
    world.note(title="Draft", body="They import an organ.", status="draft")
    world.indexed()
    for typed in ("imporrt", "orgna"):
        answer = world.viewer.get("/search", q=typed)
        said = [answer["suggestion"] or "", *answer["expanded"]]
        assert not {"import", "organ"} & set(" ".join(said).split())
        assert {"import", "organ"} & set(" ".join([
            world.manager.get("/search", q=typed)["suggestion"] or "",
            *world.manager.get("/search", q=typed)["expanded"],
        ]).split())  # fmt: skip


def test_a_note_of_one_word_a_hundred_thousand_times_is_found_and_stops_nothing(world: World):
    world.note(title="Long", body="a " * 70_000 + "\n\n" + "的" * 66_000)
    world.note(title="Behind it", body="quay")
    world.indexed()
    assert world.viewer.get("/search", q="quay")["total"] == 1
    assert world.viewer.get("/search", q="in:title long")["total"] == 1


def test_authors_are_found_by_the_names_of_those_one_works_with(world: World, many: list[dict[str, Any]]):
    name = world.manager.get("/me")["name"]
    assert world.viewer.get("/search", q=f'quay author:"{name}"')["total"] == 6
    email = world.manager.get("/me")["email"]
    assert world.viewer.get("/search", q=f"quay author:{email}")["total"] == 6


def test_a_character_no_database_stores_is_no_error_while_typing(world: World, many: list[dict[str, Any]]):
    assert (
        world.viewer.get("/suggest", q="har\0bour")["items"]
        == world.viewer.get("/suggest", q="har bour")["items"]
    )

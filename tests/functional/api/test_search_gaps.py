"""GET /handovers/{id}/search-gaps: what it tells, to whom, and what it never tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from kb.access.identity import Identity
from kb.handovers.queries import identity_of
from kb.ids import is_id
from kb.people.models import User
from tests.support.api import World


def person(world: World, name: str) -> Identity:
    with world.session() as session:
        user = session.scalars(select(User).where(User.email == world.callers[name].email)).one()
        return identity_of(session, user)


def note(
    world: World, name: str, text: str, total: int = 0, handover: str | None = None, **more: Any
) -> None:
    """A search as the handlers note it."""
    log = world.client.app.state["services"].searches
    log.note(person(world, name), text, handover, total, **more)


def gaps(world: World, name: str = "manager", **params: Any) -> Any:
    return world.callers[name].get(f"/handovers/{world.handover}/search-gaps", **params)


def test_what_a_gap_tells(world: World):
    note(world, "successor", "海外仓 退货")
    note(world, "trainer", "退貨 海外倉")
    answer = gaps(world)
    (gap,) = answer["items"]
    assert (answer["total"], answer["next"]) == (1, None)
    assert set(gap) == {"id", "query", "count", "searchers", "last_at"}
    assert is_id(gap["id"])
    assert (gap["query"], gap["count"], gap["searchers"]) == ("退貨 海外倉", 2, 2)
    assert datetime.fromisoformat(gap["last_at"]).tzinfo
    assert gaps(world, "leaver") == answer
    note(world, "viewer", "海外倉 退貨", handover=world.handover)
    assert [one["id"] for one in gaps(world)["items"]] == [gap["id"]]


def test_pages_of_it(world: World):
    for text in ("alpha", "bravo", "charlie"):
        note(world, "successor", text)
    first = gaps(world, limit=2)
    second = gaps(world, limit=2, cursor=first["next"])
    assert (first["total"], second["next"]) == (3, None)
    assert {one["query"] for one in first["items"] + second["items"]} == {"alpha", "bravo", "charlie"}
    assert world.manager("GET", f"/handovers/{world.handover}/search-gaps?cursor=x").status_code == 400
    assert world.manager("GET", f"/handovers/{world.handover}/search-gaps?limit=0").status_code == 422


def test_leaver_and_manager_only_and_strangers_are_not_told_it_is_there(world: World):
    note(world, "successor", "customs")
    path = f"/handovers/{world.handover}/search-gaps"
    seen = {name: caller("GET", path).status_code for name, caller in world.callers.items()}
    assert seen == {
        "leaver": 200, "manager": 200, "successor": 403, "trainer": 403, "viewer": 403,
        "stranger": 404, "admin": 404, "nobody": 401,
    }  # fmt: skip
    absent = "/handovers/000000000000/search-gaps"
    assert world.stranger("GET", path).content == world.stranger("GET", absent).content


def test_what_is_searched_elsewhere_is_not_told_here(world: World):
    note(world, "stranger", "their secret plan")
    note(world, "stranger", "their secret plan", handover=world.foreign)
    note(world, "stranger", "their secret plan", handover=world.handover)
    note(world, "manager", "my own plan")
    assert gaps(world)["items"] == []
    answer = world.stranger.get(f"/handovers/{world.foreign}/search-gaps")
    assert [(one["query"], one["count"]) for one in answer["items"]] == [("their secret plan", 1)]


def test_nobody_is_named(world: World):
    note(world, "successor", "customs")
    text = world.manager("GET", f"/handovers/{world.handover}/search-gaps").text
    someone = person(world, "successor")
    assert "customs" in text
    assert not any(word in text for word in (someone.user_id, someone.email, "successor"))


def test_it_is_gone_once_somebody_finds_it(world: World):
    note(world, "successor", "customs")
    assert gaps(world)["total"] == 1
    note(world, "viewer", "Customs", 2, world.handover)
    assert gaps(world)["items"] == []

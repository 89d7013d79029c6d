"""Register entries are found as notes are: by words, facets and rights, after every change, without an index too."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from kb.handovers.queries import identity_of
from kb.people.models import User
from kb.search import changes, documents
from kb.search.fallback import search_database
from kb.search.interface import Filters
from kb.search.language import parse
from tests.support.api import World, ids

WORDS = {"kind": "domain", "name": "quokkashop.example.com", "location": "Registrar Numbatnames",
         "contact": "wombat desk", "remark": "Renew in bilby week.", "vault_ref": "Vault / potoroo",
         "new_holder": "Quoll Office", "importance": "critical"}  # fmt: skip


def found(world: World, who: str, query: str, **more: Any) -> Any:
    world.indexed()
    return world.callers[who].get("/search", q=query, **more)


def test_found_by_every_field_as_a_register_entry(world: World):
    entry = world.entry(**WORDS)
    for word in ("quokkashop", "numbatnames", "wombat", "bilby", "potoroo", "quoll"):
        hits = found(world, "viewer", word)["hits"]
        assert [(hit["type"], hit["id"]) for hit in hits] == [("register", entry["id"])], word
    hit = hits[0]
    assert (hit["url"].split("?")[0], hit["kind"], hit["title"]) == (
        f"/register/{entry['id']}", "domain", entry["name"],
    )  # fmt: skip
    assert "<mark>Quoll</mark>" in hit["snippet"]
    assert hit["handover"]["id"] == world.handover


def test_narrowed_and_counted(world: World):
    item = world.item(module="Bettongs")
    entry = world.entry(**WORDS, item=item["id"])["id"]
    world.entry(name="quokkashop admin", kind="account")
    world.note(title="About quokkashop")
    answer = found(world, "viewer", "quokkashop", handover=world.handover)
    counts = {one["value"]: one["count"] for one in answer["facets"]["type"]}
    assert counts == {"register": 2, "note": 1}
    for narrow in (
        {"type": "register", "kind": "domain"}, {"module": "Bettongs"}, {"item": item["id"]},
        {"type": "register", "importance": "critical"},
    ):  # fmt: skip
        assert ids(found(world, "viewer", "quokkashop", **narrow)) == {entry}
    assert ids(found(world, "viewer", "quokkashop type:register kind:domain")) == {entry}
    held = found(world, "viewer", "quokkashop", author=world.leaver.email)
    assert {hit["type"] for hit in held["hits"]} == {"register"}


def test_only_by_members(world: World):
    world.entry(**WORDS)
    for who in ("stranger", "admin"):
        answer = found(world, who, "quokkashop")
        assert (answer["total"], answer["facets"]["type"]) == (0, [])
        assert world.callers[who].get("/suggest", q="quokkash")["items"] == []
    offered = world.viewer.get("/suggest", q="quokkash")["items"]
    assert [(one["label"], one["type"]) for one in offered] == [(WORDS["name"], "register")]


def test_found_as_it_is_after_every_change(world: World):
    item = world.item(module="Bandicoots")["id"]
    path = f"/register/{world.entry(**WORDS, item=item)['id']}"
    assert world.manager("PATCH", path, {"name": "kowari.example.com"}).status_code == 200
    assert found(world, "viewer", "kowari")["total"] == 1
    assert world.manager("PATCH", f"/items/{item}", {"module": "Dunnarts"}).status_code == 200
    assert found(world, "viewer", "kowari", module="Dunnarts")["total"] == 1
    assert world.manager("DELETE", f"/items/{item}").status_code == 204
    assert found(world, "viewer", "kowari", module="Dunnarts")["total"] == 0
    assert found(world, "viewer", "kowari")["total"] == 1
    assert world.manager("DELETE", path).status_code == 204
    assert found(world, "viewer", "kowari")["total"] == 0


def test_moving_on_is_in_the_change_log_and_among_what_must_be_indexed(world: World):
    entry = world.entry(**WORDS)["id"]
    with world.session() as session:
        before = changes.newest(session)
    assert world.successor("PATCH", f"/register/{entry}", {"state": "shared"}).status_code == 200
    with world.session() as session:
        logged = [(row.type, row.object_id) for row in changes.after(session, before, 10)]
        assert (changes.REGISTER, entry) in logged
        assert documents.document_id(changes.REGISTER, entry) in dict(documents.all_versions(session))


def test_found_in_the_database_while_there_is_no_index(world: World):
    item = world.item(module="Pademelons")["id"]
    entry = world.entry(**WORDS, item=item)["id"]

    def hits(who: str, query: str, **filters: Any) -> list[str]:
        with world.session() as session:
            user = session.scalars(select(User).where(User.email == world.callers[who].email)).one()
            results = search_database(
                session, identity_of(session, user), parse(query), Filters(**filters), 20, 0
            )
            return [hit.id for hit in results.hits]

    wanted = [f"register:{entry}"]
    for query in ("quokkashop", "numbatnames bilby", "potoroo", "quoll", "in:title quokkashop"):
        assert hits("viewer", query) == wanted, query
    assert hits("stranger", "quokkashop") == []
    assert hits("viewer", "in:title bilby") == []
    for kept in ({"type": "register"}, {"kind": "domain"}, {"module": "Pademelons"}, {"item": item},
                 {"author": world.leaver.email}, {"importance": "critical"}, {"handover": world.handover}):  # fmt: skip
        assert hits("viewer", "quokkashop", **kept) == wanted, kept
    for other in ({"type": "note"}, {"kind": "account"}, {"tag": "x"}, {"importance": "low"}):
        assert hits("viewer", "quokkashop", **other) == [], other

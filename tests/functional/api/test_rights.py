"""Every call of the API by every role, against the table of interface.md (reliability R10)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from tests.support.api import World, make_world
from tests.support.api_rights import ADMIN, BY_ADDRESS, EVERYONE, OPEN, RIGHTS, Row

ABSENT = "000000000000"
BROKEN = {"content": b'{"', "headers": {"content-type": "application/json"}}
FORM = {"data": {"a": "b"}}


def routes(client: TestClient[Litestar]) -> set[str]:
    """Every method and path under /api/v1."""
    found = set()
    for route in client.app.routes:
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/v1"):
            path = re.sub(r":\w+\}", "}", route.path_format).removeprefix("/api/v1")
            found |= {
                f"{method} {path}" for handler in route.route_handlers for method in handler.http_methods
            }
    return {name for name in found if not name.startswith("OPTIONS ")}


def expected(row: Row, who: str) -> int:
    """The status the table says."""
    if who == "nobody":
        return 401
    return row.status if who in row.allowed else 404 if who in row.hidden else 403


def test_every_route_has_its_rights_written_down(world: World):
    assert routes(world.client) == set(RIGHTS) | OPEN | BY_ADDRESS


@pytest.mark.parametrize("name", RIGHTS)
def test_rights(standing: World, name: str):
    row, method = RIGHTS[name], name.partition(" ")[0]
    joining = name.endswith("/join")  # makes the administrator a member, in a world of its own
    world = make_world(standing.client, standing.database) if joining else standing
    seen: dict[str, int] = {}
    for who in [*sorted(EVERYONE - ADMIN), "nobody", *ADMIN]:
        path, body = row.make(world)
        seen[who] = world.callers[who](method, path, body).status_code
    assert seen == {who: expected(row, who) for who in seen}


@pytest.mark.parametrize("name", [name for name in RIGHTS if name.partition(" ")[0] not in ("GET", "DELETE")])
def test_rights_come_before_the_body(standing: World, name: str):
    row, method = RIGHTS[name], name.partition(" ")[0]
    path, _body = row.make(standing)
    for who in sorted((EVERYONE | {"nobody"}) - row.allowed):
        for sent in (BROKEN, FORM):
            answer = standing.callers[who](method, path, **sent)
            assert (who, answer.status_code) == (who, expected(row, who))


@pytest.mark.parametrize("name", [name for name in RIGHTS if "_id}" in name])
def test_foreign_and_absent_look_alike(standing: World, name: str):
    row, method = RIGHTS[name], name.partition(" ")[0]
    path, body = row.make(standing)
    kind, object_id = path.strip("/").split("/")[:2]
    absent = path.replace(object_id, ABSENT)
    for who in sorted(row.hidden):
        foreign = standing.callers[who](method, path, body)
        assert foreign.status_code == 404, kind
        assert same(foreign) == same(standing.callers[who](method, absent, body))
    for strange in ("%00", "x" * 13, "%F0%9F%98%80", "0" * 11 + "%FF", "' OR 1=1 --"):
        assert standing.manager(method, path.replace(object_id, strange), body).status_code in (403, 404)


def same(answer: Any) -> tuple[Any, ...]:
    """Everything an answer gives away but when it was given."""
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    return answer.status_code, answer.content, headers


DRAFT_READERS = {"trainer", "manager"}  # its author and the managers


@pytest.mark.parametrize("name", [name for name in RIGHTS if "note_id}" in name])
def test_a_draft_is_for_its_author_and_the_managers(standing: World, name: str):
    method, path = name.split(" ")
    for who in sorted(EVERYONE):
        note = standing.note(by="trainer", status="draft")
        if "binned" in path:
            standing.trainer("DELETE", f"/notes/{note['id']}")
        body = RIGHTS[name].make(standing)[1]
        target = re.sub(r"\{\w*note_id\}", note["id"], path).replace("{number}", "1")
        answer = standing.callers[who](method, target, body)
        assert (who, answer.status_code) == (who, RIGHTS[name].status if who in DRAFT_READERS else 404)


def test_a_remark_on_a_draft_is_as_private(world: World):
    mark = {"kind": "comment", "body": "?", "target": {"quote": {"exact": "Check"}}}
    note = world.note(by="trainer", status="draft")
    remark = world.manager.post(f"/notes/{note['id']}/annotations", mark)["id"]
    for who in sorted(EVERYONE - DRAFT_READERS):
        caller = world.callers[who]
        assert caller("GET", f"/annotations/{remark}").status_code == 404
        assert caller("PATCH", f"/annotations/{remark}", {"state": "resolved"}).status_code == 404
        assert caller("POST", f"/annotations/{remark}/replies", {"body": "x"}).status_code == 404
    assert world.trainer.get(f"/annotations/{remark}")["id"] == remark


def test_what_one_wrote_oneself(world: World):
    note = world.note(by="trainer")
    path = f"/notes/{note['id']}"
    assert world.trainer("PUT", path, {"title": "Mine", "base_revision": 1}).status_code == 200
    mark = {"kind": "comment", "body": "?", "target": {"quote": {"exact": "Check"}}}
    own = f"/annotations/{world.viewer.post(f'{path}/annotations', mark)['id']}"
    assert world.viewer("PATCH", own, {"state": "resolved", "body": "Answered."}).status_code == 200
    assert world.manager("PATCH", own, {"body": "Not my words"}).status_code == 403
    assert world.trainer("DELETE", path).status_code == 204


def test_one_person_with_several_roles(world: World):
    members = world.manager.get(f"/handovers/{world.handover}")["members"]
    members.append({"email": world.viewer.email, "role": "trainer"})
    assert world.manager("PUT", f"/handovers/{world.handover}/members", members).status_code == 200
    assert world.note(by="viewer")["author"] == world.viewer.email

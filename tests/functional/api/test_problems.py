"""What can go wrong with a call, as a problem document: the status, the fields, the reader's language."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import World

JSON = {"content-type": "application/json"}


def problem(answer: Any, status: int) -> Any:
    """The document of a refusal of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    found = answer.json()
    assert found["status"] == status
    assert {"type", "title", "detail"} <= set(found)
    return found


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"title": "\xff"}', b'{"title": "\xed\xa0\x80"}', b'{"title": "\\ud800"}', b"\xef\xbb\xbf{}", b"NaN",
     b"", b"[" * 100_000, b'{"title": 1e999}', b"{'title': 'x'}", "{}".encode("utf-16")],
)  # fmt: skip
def test_malformed(world: World, content: bytes):
    path = f"/handovers/{world.handover}/notes"
    problem(world.manager("POST", path, content=content, headers=JSON), 400)
    assert world.manager.get(path)["total"] == 0


@pytest.mark.parametrize("content", [b"[]", b"null", b'"text"', b"5"])
def test_json_of_another_form(world: World, content: bytes):
    answer = world.manager("POST", f"/handovers/{world.handover}/notes", content=content, headers=JSON)
    assert [error["field"] for error in problem(answer, 422)["errors"]] == ["body"]


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/xml",
        "json",
    ],
)
def test_forms_are_refused(world: World, kind: str):
    headers = {"content-type": kind}
    path = f"/handovers/{world.handover}/notes"
    problem(world.manager("POST", path, content=b'{"kind": "case"}', headers=headers), 415)
    problem(world.manager("POST", "/me/tokens", content=b"expires_days=1", headers=headers), 415)


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/ld+json", ""]
)
def test_json_is_taken(world: World, kind: str):
    content = b'{"kind": "case", "title": "T", "body": ""}'
    headers = {"content-type": kind} if kind else {}
    path = f"/handovers/{world.handover}/notes"
    assert world.manager("POST", path, content=content, headers=headers).status_code == 201


def test_no_token(world: World):
    answer = world.nobody("GET", f"/notes/{world.note()['id']}")
    problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


def test_visible_but_not_allowed(world: World):
    problem(world.viewer("DELETE", f"/notes/{world.note()['id']}"), 403)


def test_nothing_there(world: World):
    problem(world.viewer("GET", "/notes/000000000000"), 404)
    problem(world.viewer("GET", "/no-such-call"), 404)
    problem(world.nobody("GET", "/no-such-call"), 404)
    problem(world.viewer("DELETE", "/me"), 405)


def test_a_refusal_speaks_of_roles_only_where_roles_decide(world: World):
    refused = problem(world.manager("POST", "/users", {"email": "a@example.com", "name": "A"}), 403)
    assert refused["detail"] == "Only administrators may do that."
    refused = problem(world.viewer("DELETE", f"/notes/{world.note()['id']}"), 403)
    assert refused["detail"].startswith("Your role in this handover does not allow that.")


def test_the_detail_says_each_sentence_once(world: World):
    answer = world.manager("POST", "/handovers", {"title": "", "position": "", "language": "en"})
    sentence = "This must be filled in."
    found = problem(answer, 422)
    assert len([one for one in found["errors"] if one["message"] == sentence]) > 1
    assert found["detail"].count(sentence) == 1


@pytest.mark.parametrize("path", ["/handovers", "/templates", "/handovers/{handover}/notes"])
def test_limits(world: World, path: str):
    path = path.format(handover=world.handover)
    for limit in ("0", "201", "-1", "x", "1.5", "9" * 30):
        assert set(world.manager.errors("GET", f"{path}?limit={limit}", None)) == {"limit"}
    for limit in ("1", "200"):
        assert world.manager("GET", f"{path}?limit={limit}").status_code == 200


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "b2Zm",
        "LTE",
        "bzUw!!!",
        "bzUw%3D",
        "bzA1",
        "%00",
        "%F0%9F%98%80",
        "bzE5OTk5OTk5OTk5OTk",
        "o5",
        "====",
    ],
)
def test_bad_cursors(world: World, cursor: str):
    note = world.note()["id"]
    places = (
        "templates", "handovers", f"handovers/{world.handover}/items", f"handovers/{world.handover}/notes",
        f"handovers/{world.handover}/bin", f"notes/{note}/revisions", f"notes/{note}/annotations",
    )  # fmt: skip
    for path in places:
        problem(world.manager("GET", f"/{path}?cursor={cursor}"), 400)


def test_a_cursor_past_the_end(world: World):
    """A list that has become shorter ends; that is no error of the caller's."""
    for number in range(3):
        world.note(title=f"Note {number}")
    path = f"/handovers/{world.handover}/notes"
    following = world.manager.get(path, limit=2)["next"]
    for note in world.manager.get(path)["items"]:
        world.manager("DELETE", f"/notes/{note['id']}")
    assert world.manager.get(path, limit=2, cursor=following) == {"items": [], "total": 0, "next": None}


def test_the_readers_language(world: World):
    def detail(header: str | None) -> str:
        headers = {"accept-language": header} if header else {}
        return str(problem(world.viewer("GET", "/notes/000000000000", headers=headers), 404)["detail"])

    english = detail(None)
    assert (
        english
        == detail("en-GB,zh;q=0.5")
        == detail("fr")
        == "There is nothing here, or it is not shared with you."
    )
    chinese = detail("zh-CN,zh;q=0.9,en;q=0.8")
    assert chinese == detail("zh-Hans")
    assert chinese.startswith("这里没有内容")
    with world.session() as session:
        from kb.people.queries import user_by_email

        viewer = user_by_email(session, world.viewer.email)
        assert viewer is not None
        viewer.locale = "zh-Hans"
    assert detail(None) == chinese
    assert detail("en") == english


def test_unknown_fields_are_left_alone(world: World):
    note = world.note(colour="blue", id="000000000000", revision=7, author="x")
    assert (note["revision"], note["author"]) == (1, world.manager.email)
    assert "colour" not in note


def test_null_says_not_given_when_creating(world: World):
    note = world.note(purpose=None, tags=None, items=None, status=None, language=None)
    assert (note["purpose"], note["tags"], note["items"], note["status"]) == ("", [], [], "published")


def test_nothing_is_kept_by_caches_or_sniffed(world: World):
    answer = world.viewer("GET", "/me")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"

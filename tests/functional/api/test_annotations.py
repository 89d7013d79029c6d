"""Annotations over the API: on their passage, as first marked, answered and resolved."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import World

BODY = "## 步骤 😀\n\nOpen the order. Then refund it. Open the order again, 退款 and **refund it** twice.\n"


def mark(exact: str, **more: Any) -> dict[str, Any]:
    """A comment on a quote."""
    position = more.pop("position", None)
    target = {"quote": {"exact": exact} | more.pop("quote", {})}
    if position:
        target["position"] = position
    return {"kind": "comment", "body": "Really?", "target": target} | more


def test_a_comment_on_a_quote(world: World):
    note = world.note(body=BODY)
    made = world.viewer.post(f"/notes/{note['id']}/annotations", mark("Then refund it."))
    start = note["text"].index("Then refund it.")
    assert made["anchor"] == {
        "status": "anchored",
        "exact": "Then refund it.",
        "start": start,
        "end": start + len("Then refund it."),
    }
    assert made["quote"]["exact"] == "Then refund it."
    assert (made["kind"], made["body"], made["state"]) == ("comment", "Really?", "open")
    assert (made["author"], made["revision"], made["replies"]) == (world.viewer.email, 1, [])
    listed = world.leaver.get(f"/notes/{note['id']}/annotations")
    assert listed == {"items": [made], "total": 1, "next": None}
    assert world.leaver.get(f"/annotations/{made['id']}") == made


def test_positions_count_code_points(world: World):
    note = world.note(body=BODY)
    made = world.viewer.post(f"/notes/{note['id']}/annotations", mark("退款"))
    start, end = made["anchor"]["start"], made["anchor"]["end"]
    assert note["text"][start:end] == "退款"
    assert note["text"][:start].count("😀") == 1


def test_the_occurrence_nearest_to_the_position(world: World):
    note = world.note(body=BODY)
    path = f"/notes/{note['id']}/annotations"
    first, second = note["text"].index("refund it"), note["text"].rindex("refund it")
    for position, at in ((first + 2, first), (second - 4, second), (10_000, second), (0, first)):
        made = world.viewer.post(path, mark("refund it", position={"start": position, "end": position + 9}))
        assert made["anchor"]["start"] == at


def test_the_occurrence_its_surroundings_fit(world: World):
    note = world.note(body=BODY)
    path = f"/notes/{note['id']}/annotations"
    second = note["text"].rindex("Open the order")
    made = world.viewer.post(path, mark("Open the order", quote={"suffix": " again", "prefix": "it. "}))
    assert made["anchor"]["start"] == second


def test_every_kind(world: World):
    path = f"/notes/{world.note(body=BODY)['id']}/annotations"
    assert world.viewer.post(path, mark("refund", kind="question"))["kind"] == "question"
    assert world.viewer.post(path, mark("refund", kind="highlight", body=""))["body"] == ""
    bare = mark("refund", kind="highlight")
    del bare["body"]
    assert world.viewer.post(path, bare)["kind"] == "highlight"
    fix = world.viewer.post(path, mark("refund", kind="correction", body="", replacement="pay back"))
    assert (fix["replacement"], fix["kind"]) == ("pay back", "correction")
    assert world.viewer.post(path, mark("refund", kind="correction", replacement=""))["replacement"] == ""
    assert (
        world.viewer.post(path, mark("refund", kind="correction", body="Out of date"))["replacement"] is None
    )
    assert world.viewer.get(path)["total"] == 6


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"target": {"quote": {"exact": "is not in the note"}}}, "target"),
        ({"kind": "remark"}, "kind"),
        ({"body": ""}, "body"),
        ({"body": "b" * 20_001}, "body"),
        ({"body": 5}, "body"),
        ({"kind": "correction", "body": ""}, "replacement"),
        ({"target": None}, "target"),
        ({"target": {}}, "target.quote"),
        ({"target": {"quote": {}}}, "target.quote.exact"),
        ({"target": {"quote": {"exact": ""}}}, "target.quote.exact"),
        ({"target": {"quote": {"exact": 5}}}, "target.quote.exact"),
        ({"target": {"quote": "refund"}}, "target.quote"),
        (
            {"target": {"quote": {"exact": "refund"}, "position": {"start": "1", "end": 2}}},
            "target.position.start",
        ),
        (
            {"target": {"quote": {"exact": "refund"}, "position": {"start": -1, "end": 2}}},
            "target.position.start",
        ),
        (
            {"target": {"quote": {"exact": "refund"}, "position": {"start": 9, "end": 2}}},
            "target.position.end",
        ),
        ({"replacement": "pay back"}, "replacement"),
    ],
)
def test_a_broken_field_is_named(world: World, change: dict[str, Any], broken: str):
    path = f"/notes/{world.note(body=BODY)['id']}/annotations"
    assert set(world.viewer.errors("POST", path, mark("refund") | change)) == {broken}
    assert world.viewer.get(path)["total"] == 0


def test_replies_stand_in_their_order(world: World):
    note = world.note(body=BODY)
    made = world.viewer.post(f"/notes/{note['id']}/annotations", mark("refund"))
    path = f"/annotations/{made['id']}/replies"
    for who, text in (("leaver", "Yes: **always**."), ("viewer", "谢谢"), ("leaver", "Ask 李娜 too.")):
        reply = world.callers[who].post(path, {"body": text})
        assert (reply["body"], reply["author"], reply["annotation"]) == (
            text,
            world.callers[who].email,
            made["id"],
        )
    replies = world.viewer.get(f"/notes/{note['id']}/annotations")["items"][0]["replies"]
    assert [one["body"] for one in replies] == ["Yes: **always**.", "谢谢", "Ask 李娜 too."]
    assert set(world.viewer.errors("POST", path, {"body": "  "})) == {"body"}
    assert set(world.viewer.errors("POST", path, {})) == {"body"}


def test_resolved_and_opened_again(world: World):
    made = world.viewer.post(f"/notes/{world.note(body=BODY)['id']}/annotations", mark("refund"))
    path = f"/annotations/{made['id']}"
    resolved = world.leaver("PATCH", path, {"state": "resolved"}).json()
    assert (resolved["state"], resolved["resolved_by"]) == ("resolved", world.leaver.email)
    opened = world.successor("PATCH", path, {"state": "open"}).json()
    assert (opened["state"], opened["resolved_by"], opened["resolved_at"]) == ("open", None, None)
    both = world.viewer("PATCH", path, {"state": "resolved", "body": "Clear now."}).json()
    assert (both["state"], both["body"]) == ("resolved", "Clear now.")
    assert set(world.viewer.errors("PATCH", path, {"state": "done"})) == {"state"}
    assert set(world.viewer.errors("PATCH", path, {"body": ""})) == {"body"}


def test_carried_along_when_the_note_is_saved(world: World):
    note = world.note(body=BODY)
    path = f"/notes/{note['id']}"
    kept = world.viewer.post(f"{path}/annotations", mark("Then refund it."))
    gone = world.viewer.post(f"{path}/annotations", mark("twice"))
    edited = "An introduction.\n\n" + BODY.replace(" twice", "")
    saved = world.leaver("PUT", path, {"body": edited, "base_revision": 1}).json()
    first, second = world.viewer.get(f"{path}/annotations")["items"]
    start = saved["text"].index("Then refund it.")
    assert first["id"] == kept["id"]
    assert first["anchor"] == {
        "status": "anchored",
        "exact": "Then refund it.",
        "start": start,
        "end": start + 15,
    }
    assert second["id"] == gone["id"]
    assert second["anchor"] == {"status": "orphaned", "exact": None, "start": None, "end": None}
    for before, after in ((kept, first), (gone, second)):
        assert (after["quote"], after["revision"]) == (before["quote"], 1)
    back = world.leaver("PUT", path, {"body": BODY, "base_revision": 2})
    assert back.status_code == 200
    assert [one["anchor"] for one in world.viewer.get(f"{path}/annotations")["items"]] == [
        kept["anchor"],
        gone["anchor"],
    ]


def test_paged(world: World):
    path = f"/notes/{world.note(body=BODY)['id']}/annotations"
    ids = [world.viewer.post(path, mark("refund", body=f"Number {n}"))["id"] for n in range(5)]
    seen: list[str] = []
    cursor = None
    while cursor is not None or not seen:
        page = world.viewer.get(path, limit=2, **({"cursor": cursor} if cursor else {}))
        assert page["total"] == 5
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert seen == ids

"""Notes over the API: written, read, thrown away and brought back."""

from __future__ import annotations

import pytest

from tests.support.api import World


def test_created_with_everything(world: World):
    item = world.item()
    sent = {
        "kind": "case",
        "title": "退款卡在审核",
        "body": "## 现象\n\n客户等了**三天**。\n",
        "items": [item["id"]],
        "purpose": "说明为什么慢",
        "importance": "critical",
        "tags": ["退款", "支付"],
        "language": "zh-Hans",
        "status": "draft",
    }
    answer = world.trainer("POST", f"/handovers/{world.handover}/notes", sent)
    assert answer.status_code == 201
    made = answer.json()
    assert {name: made[name] for name in sent} == sent
    assert made["revision"] == 1
    assert made["author"] == made["owner"] == world.trainer.email
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/api/v1/notes/{made['id']}"
    read = world.trainer("GET", f"/notes/{made['id']}")
    assert read.json() == made
    assert read.headers["etag"] == made["etag"] == '"1"'


def test_what_is_not_said(world: World):
    made = world.note()
    assert (made["status"], made["importance"], made["language"]) == ("published", "normal", "en")
    assert (made["items"], made["tags"], made["purpose"]) == ([], [], "")
    path = f"/handovers/{world.handover}/notes"
    assert set(world.manager.errors("POST", path, {})) == {"kind", "title", "body"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "story"),
        ("title", ""),
        ("title", "t" * 10_000),
        ("title", "two\nlines"),
        ("body", "b" * 1_000_001),
        ("body", "a\x00b"),
        ("body", 7),
        ("items", ["zzzzzzzzzzzz"]),
        ("items", "zzzzzzzzzzzz"),
        ("items", [5]),
        ("purpose", "p" * 501),
        ("importance", "urgent"),
        ("tags", ["x" * 51]),
        ("tags", [f"t{n}" for n in range(31)]),
        ("language", "fr"),
        ("status", "secret"),
        ("owner", "somebody-else@example.com"),
        ("base_revision", "one"),
    ],
)
def test_a_broken_field_is_named(world: World, field: str, value: object):
    note = world.note()
    sent = {"base_revision": 1, field: value}
    assert set(world.manager.errors("PUT", f"/notes/{note['id']}", sent)) == {field}
    assert world.manager.get(f"/notes/{note['id']}") == note


def test_an_item_of_another_handover_is_none(world: World):
    foreign = world.stranger.post(f"/handovers/{world.foreign}/items", {"module": "M", "title": "T"})
    path = f"/handovers/{world.handover}/notes"
    body = {"kind": "case", "title": "T", "body": "", "items": [foreign["id"]]}
    absent = body | {"items": ["000000000000"]}
    assert world.manager.errors("POST", path, body) == world.manager.errors("POST", path, absent)


def test_text_and_html(world: World):
    body = (
        "# Title one\n\nA **bold** `code` 😀 end.\n\n- first\n- second\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n![a picture](x.png)\n\n<script>alert(1)</script>\n"
    )
    note = world.note(body=body, title="Not in the text")
    assert note["text"].startswith("Title one\nA bold code 😀 end.\nfirst\nsecond\na\tb\n1\t2\n")
    assert "a picture" in note["text"]
    assert "Not in the text" not in note["text"]
    assert "<script" not in note["html"]
    assert "<strong>bold</strong>" in note["html"]
    assert note["body"] == body


def test_links_lead_to_notes_one_may_read(world: World):
    world.note(by="trainer", title="Secret draft", status="draft")
    target = world.note(title="The other")
    note = world.note(title="Links", body="[[The other]] and [[Secret draft]]")
    seen = world.viewer.get(f"/notes/{note['id']}")["html"]
    assert f'href="/notes/{target["id"]}"' in seen
    drafts = world.manager.get(f"/handovers/{world.handover}/notes")["items"]
    (secret,) = [one["id"] for one in drafts if one["title"] == "Secret draft"]
    assert secret not in seen


def test_the_list_has_no_bodies_and_shows_drafts_to_few(world: World):
    published = world.note()
    draft = world.note(by="successor", title="Draft", status="draft")
    listed = world.successor.get(f"/handovers/{world.handover}/notes")
    assert [one["id"] for one in listed["items"]] == [draft["id"], published["id"]]
    assert listed["total"] == 2
    assert not {"body", "html", "text"} & set(listed["items"][0])
    assert world.manager.get(f"/handovers/{world.handover}/notes")["total"] == 2
    for other in (world.leaver, world.trainer, world.viewer):
        assert [one["id"] for one in other.get(f"/handovers/{world.handover}/notes")["items"]] == [
            published["id"]
        ]
        for path in ("", "/revisions", "/revisions/1", "/annotations"):
            assert other("GET", f"/notes/{draft['id']}{path}").status_code == 404


def test_to_the_bin_and_back(world: World):
    note = world.note()
    path = f"/notes/{note['id']}"
    assert world.leaver("DELETE", path).status_code == 204
    assert world.leaver("GET", path).status_code == 404
    assert world.leaver("PUT", path, {"title": "x", "base_revision": 1}).status_code == 404
    assert world.leaver("DELETE", path).status_code == 404
    assert world.leaver.get(f"/handovers/{world.handover}/notes")["total"] == 0
    binned = world.leaver.get(f"/handovers/{world.handover}/bin")
    assert (binned["total"], binned["items"][0]["id"]) == (1, note["id"])
    assert binned["items"][0]["deleted_at"]
    back = world.leaver("POST", f"{path}/restore")
    assert (back.status_code, back.json()["body"]) == (200, note["body"])
    assert world.leaver.get(path) == note
    assert world.leaver.get(f"/handovers/{world.handover}/bin")["total"] == 0


def test_a_draft_in_the_bin_is_as_private(world: World):
    note = world.note(by="trainer", status="draft")
    assert world.trainer("DELETE", f"/notes/{note['id']}").status_code == 204
    bin_path, restore = f"/handovers/{world.handover}/bin", f"/notes/{note['id']}/restore"
    assert world.leaver.get(bin_path)["total"] == 0
    assert world.leaver("POST", restore).status_code == 404
    assert world.manager.get(bin_path)["total"] == 1
    assert world.trainer("POST", restore).status_code == 200


def test_revisions(world: World):
    note = world.note()
    path = f"/notes/{note['id']}"
    for number in (1, 2):
        saved = world.successor("PUT", path, {"body": f"Text {number}", "base_revision": number})
        assert saved.json()["revision"] == number + 1
    listed = world.viewer.get(f"{path}/revisions")
    assert [one["revision"] for one in listed["items"]] == [3, 2, 1]
    assert (listed["total"], listed["next"]) == (3, None)
    assert [one["author"] for one in listed["items"]] == [world.successor.email] * 2 + [world.manager.email]
    assert [world.viewer.get(f"{path}/revisions/{n}")["body"] for n in (1, 2, 3)] == [
        note["body"],
        "Text 1",
        "Text 2",
    ]
    first = world.viewer.get(f"{path}/revisions/1")
    assert (first["title"], first["status"], first["tags"]) == (note["title"], "published", [])
    for absent in ("0", "4", "-1", "x", "99999999999999999999", "2147483648", "%00"):
        assert world.viewer("GET", f"{path}/revisions/{absent}").status_code == 404
    page = world.viewer.get(f"{path}/revisions", limit=2)
    rest = world.viewer.get(f"{path}/revisions", limit=2, cursor=page["next"])
    assert [one["revision"] for one in page["items"] + rest["items"]] == [3, 2, 1]


def test_a_note_of_a_megabyte(world: World):
    body = "订单退款流程。\n" * 125_000
    note = world.note(body=body[:1_000_000])
    assert world.viewer.get(f"/notes/{note['id']}")["body"] == body[:1_000_000]
    huge = world.manager("POST", f"/handovers/{world.handover}/notes", {"body": "x" * 13_000_000})
    assert huge.status_code == 413

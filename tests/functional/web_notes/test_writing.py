"""The editor: writing, saving, and what comes back when something is refused."""

from __future__ import annotations

import re
from html import unescape

from kb.notes.kinds import starting_body
from kb.notes.models import Kind
from tests.functional.web_notes.conftest import Desk, fields_of
from tests.support.visitor import words


def field(text: str, name: str) -> str:
    """What a text area or input of a page holds."""
    found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n(.*?)</textarea>', text, re.S) or re.search(
        rf'name="{name}"[^>]* value="([^"]*)"', text
    )
    assert found, name
    return unescape(found[1])


def test_the_editor_opens_with_what_the_address_asks_for(desk: Desk):
    page = desk["trainer"].get(
        f"{desk.new}/new", kind="case", item=desk.ids["item"], slot="contacts", title="退款卡住"
    )
    assert page.status_code == 200
    assert field(page.text, "body").startswith("## 现象")
    assert "## 联系人" in field(page.text, "body")
    assert field(page.text, "title") == "退款卡住"
    assert f'name="items" value="{desk.ids["item"]}" checked' in page.text
    assert 'name="kind" value="case" checked' in page.text


def test_what_the_address_asks_for_in_vain_is_left_out(desk: Desk):
    page = desk["leaver"].get(f"{desk.new}/new", kind="x", item="aaaaaaaaaaaa", slot="nothing")
    assert page.status_code == 200
    assert 'name="kind" value="procedure" checked' in page.text


def test_viewers_write_no_notes_and_strangers_find_none(desk: Desk):
    assert desk["viewer"].get(f"{desk.new}/new").status_code == 403
    assert desk["stranger"].get(f"{desk.new}/new").status_code == 404
    assert desk["trainer"].get(f"{desk.note}/edit").status_code == 403
    assert desk["viewer"].get(f"{desk.note}/edit").status_code == 403


def test_a_note_is_written_and_changed(desk: Desk):
    successor = desk["successor"]
    successor.get(f"{desk.new}/new")
    sent = {
        "title": "  夜班交接 ", "kind": "pitfall",
        "body": "## 现象\r\n\r\n没人接电话 😀\r\n", "items": desk.ids["item"],
        "tags": "夜班，紧急、夜班", "status": ["draft", "published"], "importance": "high", "language": "zh-Hans",
        "owner": "leaver@example.com", "purpose": "",
    }  # fmt: skip
    made = successor.send(desk.new, sent)
    assert made.status_code == 303
    note = desk.stored(made.headers["location"].removeprefix("/notes/"))
    assert (note.title, note.kind, note.status) == (
        "夜班交接",
        "pitfall",
        "published",
    )  # the button, not the field
    assert note.body == "## 现象\n\n没人接电话 😀\n"
    assert note.tags == ["夜班", "紧急"]
    assert note.owner and note.owner.email == "leaver@example.com"
    assert [item.id for item in note.items] == [desk.ids["item"]]

    address = made.headers["location"]
    page = successor.get(f"{address}/edit")
    assert field(page.text, "body") == note.body
    saved = successor.send(f"{address}/edit", fields_of(note, body=note.body + "再打一次。\n", items=[]))
    assert saved.headers["location"] == address
    assert (desk.stored(note.id).revision, desk.stored(note.id).items) == (2, [])
    assert re.search(r"Saved \d\d:\d\d:\d\d, revision 2\.", words(successor.get(address)))


def test_saving_what_did_not_change_makes_no_revision(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    assert leaver.send(f"{desk.note}/edit", fields_of(desk.stored())).status_code == 303
    assert desk.stored().revision == 1
    assert "Nothing was changed." in words(leaver.get(desk.note))


def test_a_text_that_begins_with_a_line_break_comes_back_whole(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body="\n\n    code\n"))
    assert field(leaver.get(f"{desk.note}/edit").text, "body") == "\n\n    code\n" == desk.stored().body


def test_another_kind_puts_in_its_headings_unless_something_is_written(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.new}/new")
    plain = {"title": "A", "kind": "case", "language": "zh-Hans", "intent": "kind"}
    untouched = leaver.send(desk.new, {**plain, "body": starting_body(Kind.PROCEDURE, "zh-Hans")})
    assert field(untouched.text, "body") == starting_body(Kind.CASE, "zh-Hans")
    assert field(untouched.text, "title") == "A"
    written = leaver.send(desk.new, {**plain, "body": "## 步骤\n\n先看订单\n"})
    assert field(written.text, "body") == "## 步骤\n\n先看订单\n"


def test_scripts_fetch_the_headings_of_a_kind(desk: Desk):
    answer = desk["leaver"].get(f"{desk.new}/headings", kind="pitfall", language="en", slot="contacts")
    assert answer.text == starting_body(Kind.PITFALL, "en") + "## Contacts\n\n\n"


def test_a_preview_is_safe_and_follows_links_where_the_reader_is_a_member(desk: Desk):
    leaver, stranger = desk["leaver"], desk["stranger"]
    leaver.get(desk.note)
    stranger.get("/")
    sent = {
        "body": "**退款**审核 <img src=x onerror=alert(1)> [[退款审核]]",
        "handover_id": desk.ids["handover"],
    }
    mine = leaver.send_fragment("/markdown/preview", sent)
    assert mine.status_code == 200
    assert "<strong>退款</strong>审核" in mine.text
    assert "<img" not in mine.text
    assert f"/notes/{desk.ids['note']}" in mine.text
    assert "<html" not in mine.text
    assert desk.ids["note"] not in stranger.send_fragment("/markdown/preview", sent).text


def test_without_scripts_a_button_shows_the_preview_and_keeps_the_text(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    page = leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body="**neu**", intent="preview"))
    assert page.status_code == 200
    assert "<strong>neu</strong>" in page.text
    assert field(page.text, "body") == "**neu**"
    assert desk.stored().revision == 1


def test_a_preview_tells_which_slots_the_text_would_fill(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    sent = {"kind": "procedure", "body": "## 步骤\r\n\r\n先登录。\r\n\r\n## 注意事项\r\n"}
    page = leaver.send_fragment("/markdown/preview", sent)
    assert words(page).rstrip().endswith("Fills: Steps")  # nothing stands under the other heading yet
    assert "Fills:" not in leaver.send_fragment("/markdown/preview", {"kind": "x", "body": "先登录。"}).text

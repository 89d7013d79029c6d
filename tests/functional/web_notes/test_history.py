"""What a note was, taking an old text up again, and the bin."""

from __future__ import annotations

import re

from tests.functional.web_notes.conftest import BODY, Desk, fields_of
from tests.support.visitor import words


def _rewritten(desk: Desk) -> None:
    successor = desk["successor"]
    successor.get(f"{desk.note}/edit")
    changed = fields_of(
        desk.stored(), body=BODY.replace("先核对订单", "先看库存"), title="退款审核（新）", tags="退款, 夜班"
    )
    assert successor.send(f"{desk.note}/edit", changed).status_code == 303


def test_history_names_who_saved_what(desk: Desk):
    _rewritten(desk)
    page = desk["viewer"].get(f"{desk.note}/history")
    said = words(page)
    for part in ("2 revisions", "Successor", "Leaver", "text, title, tags", "current"):
        assert part in said


def test_a_revision_shows_its_text_and_what_it_changed(desk: Desk):
    _rewritten(desk)
    page = desk["viewer"].get(f"{desk.note}/history/2?view=source")
    assert "<b>先看库存</b>" in page.text or "<b>看库存</b>" in page.text
    said = words(page)
    assert desk.stored().body_sha256[:12] in said
    assert "退款, 夜班" in said
    first = desk["viewer"].get(f"{desk.note}/history/1")
    assert "先核对订单" in words(first)
    assert "What it changed" not in words(first)


def test_what_it_changed_reads_as_the_note_does(desk: Desk):
    _rewritten(desk)
    page = desk["viewer"].get(f"{desk.note}/history/2")
    assert "<ins>" in page.text
    assert "<del>" in page.text
    assert "**" not in page.text.split("read-diff", 1)[1].split("</section>", 1)[0]  # no Markdown there


def test_any_two_revisions_are_compared(desk: Desk):
    _rewritten(desk)
    successor = desk["successor"]
    successor.send(f"{desk.note}/edit", fields_of(desk.stored(), body="三", base_revision=2))
    page = successor.get(f"{desk.note}/history/3?since=1")
    assert "What changed since revision 1" in words(page)
    assert "What it changed" in words(successor.get(f"{desk.note}/history/3?since=7"))


def test_a_save_says_why_and_that_it_is_minor(desk: Desk):
    successor = desk["successor"]
    successor.get(f"{desk.note}/edit")
    sent = fields_of(desk.stored(), body=BODY + "。", reason="漏了句号", minor="1")
    assert successor.send(f"{desk.note}/edit", sent).status_code == 303
    said = words(desk["viewer"].get(f"{desk.note}/history"))
    assert "漏了句号" in said
    assert "minor" in said
    too_long = fields_of(desk.stored(), body="x", reason="长" * 301)
    assert successor.send(f"{desk.note}/edit", too_long).status_code == 422


def test_each_passage_names_who_wrote_it(desk: Desk):
    successor = desk["successor"]
    successor.get(f"{desk.note}/edit")
    added = BODY.rstrip("\n") + "\n\n夜班先看库存，再核对退款金额。\n"
    successor.send(f"{desk.note}/edit", fields_of(desk.stored(), body=added))
    page = desk["viewer"].get(f"{desk.note}/history/who")
    passages = re.findall(r'blame-name">([^<]+)<.*?<pre[^>]*>(.*?)</pre>', page.text, re.DOTALL)
    assert passages[-1] == ("Successor", "夜班先看库存，再核对退款金额。")
    assert passages[0][0] == "Leaver"
    assert desk["stranger"].get(f"{desk.note}/history/who").status_code == 404
    slip = fields_of(desk.stored(), body=added.replace("再核对退款金额", "再核对一遍退款金额"), minor="1")
    desk["leaver"].get(f"{desk.note}/edit")
    assert desk["leaver"].send(f"{desk.note}/edit", slip).status_code == 303
    page = desk["viewer"].get(f"{desk.note}/history/who")
    passages = re.findall(r'blame-name">([^<]+)<.*?<pre[^>]*>(.*?)</pre>', page.text, re.DOTALL)
    assert passages[-1] == (
        "Successor",
        "夜班先看库存，再核对一遍退款金额。",
    )  # a slip mended, the writer stays


def test_what_a_change_left_alone_is_counted(desk: Desk):
    successor = desk["successor"]
    successor.get(f"{desk.note}/edit")
    successor.send(f"{desk.note}/edit", fields_of(desk.stored(), body="行\n" * 30 + "末\n"))
    successor.send(f"{desk.note}/edit", fields_of(desk.stored(), body="行\n" * 30 + "尾\n"))
    assert "28 unchanged lines" in words(successor.get(f"{desk.note}/history/3?view=source"))


def test_revisions_that_are_not_there_or_not_ours_are_not_found(desk: Desk):
    assert desk["viewer"].get(f"{desk.note}/history/9").status_code == 404
    assert desk["viewer"].get(f"{desk.note}/history/0").status_code == 404
    assert desk["viewer"].get(f"{desk.note}/history/99999999999999999999").status_code == 404
    assert desk["stranger"].get(f"{desk.note}/history/1").status_code == 404
    assert desk["stranger"].get(f"{desk.note}/history").status_code == 404
    assert desk["viewer"].get(f"{desk.note}/history?cursor=nonsense").status_code == 400


def test_an_old_text_is_taken_up_as_a_new_revision(desk: Desk):
    _rewritten(desk)
    successor = desk["successor"]
    page = successor.get(f"{desk.note}/history/1")
    assert "Take this text up again" in words(page)
    answer = successor.send(f"{desk.note}/history/1/restore", {"base_revision": 2})
    assert answer.headers["location"] == desk.note
    note = desk.stored()
    assert (note.body, note.title, note.tags, note.revision) == (BODY, "退款审核", ["退款"], 3)


def test_taking_up_an_old_text_does_not_pass_over_a_newer_save(desk: Desk):
    _rewritten(desk)
    desk["successor"].get(f"{desk.note}/history/1")
    assert desk["successor"].send(f"{desk.note}/history/1/restore", {"base_revision": 1}).status_code == 409
    assert desk.stored().revision == 2
    assert desk["viewer"].send(f"{desk.note}/history/1/restore", {"base_revision": 2}).status_code == 403


def test_a_note_goes_into_the_bin_and_comes_back(desk: Desk):
    leaver = desk["leaver"]
    bin_address = f"/handovers/{desk.ids['handover']}/bin"
    leaver.get(desk.note)
    gone = leaver.send(f"{desk.note}/delete")
    assert gone.headers["location"] == bin_address
    assert leaver.get(desk.note).status_code == 404
    assert "退款审核" in words(leaver.get(bin_address))
    assert "Notes that point here" not in words(leaver.get(f"/notes/{desk.ids['other']}"))
    assert leaver.send(f"{desk.note}/restore").headers["location"] == desk.note
    assert leaver.get(desk.note).status_code == 200
    assert "The bin is empty" in words(leaver.get(bin_address))


def test_who_may_delete_and_restore(desk: Desk):
    for who, status in (("viewer", 403), ("successor", 403), ("trainer", 403), ("stranger", 404)):
        desk[who].get(desk.note)
        assert desk[who].send(f"{desk.note}/delete").status_code == status
    desk["manager"].get(desk.note)
    desk["manager"].send(f"{desk.note}/delete")
    assert desk["stranger"].get(f"/handovers/{desk.ids['handover']}/bin").status_code == 404
    assert desk["viewer"].get(f"/handovers/{desk.ids['handover']}/bin").status_code == 403
    assert "Restore" not in words(desk["trainer"].get(f"/handovers/{desk.ids['handover']}/bin"))
    assert desk["trainer"].send(f"{desk.note}/restore").status_code == 403

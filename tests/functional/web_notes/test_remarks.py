"""Remarks as pieces of the margin and as plain forms."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import select

from kb.annotations.models import Annotation
from tests.functional.web_notes.conftest import BODY, Desk, Writer, fields_of
from tests.support.visitor import words

PLACE = {"kind": "comment", "exact": "处理退款", "prefix": "再", "suffix": "。", "start": "12"}


def marks(text: str) -> list[dict[str, Any]]:
    """What the script that paints the marks is given."""
    found = re.search(r'id="annotations-data">(.*?)</script>', text)
    assert found
    marks: list[dict[str, Any]] = json.loads(found[1])
    return marks


def remarked(desk: Desk, who: Writer, **more: Any) -> str:
    """A remark made as scripts do; returns its id."""
    who.get(desk.note)
    answer = who.send_fragment(f"{desk.note}/annotations", {**PLACE, "body": "为什么？", **more})
    assert answer.status_code == 200, words(answer)
    found = re.search(r'data-changed="(\w+)" data-made', answer.text)
    assert found
    return found[1]


def test_a_remark_appears_in_the_margin_with_its_place_in_code_points(desk: Desk):
    made = remarked(desk, desk["viewer"])
    page = desk["successor"].get(desk.note)
    text = "步骤\n先核对订单 😀，再处理退款。\n"
    start = text.index("处理退款")
    assert marks(page.text) == [
        {"id": made, "start": start, "end": start + 4, "state": "open", "kind": "comment"}
    ]
    assert "为什么？" in words(page)
    assert "1 open remark" in words(page)


def test_scripts_get_the_margin_alone(desk: Desk):
    viewer = desk["viewer"]
    viewer.get(desk.note)
    answer = viewer.send_fragment(f"{desk.note}/annotations", {**PLACE, "body": "嗯"})
    assert answer.text.lstrip().startswith('<aside class="remarks" id="remarks"')
    assert "<html" not in answer.text


def test_without_scripts_the_form_leads_back_to_the_remark(desk: Desk):
    viewer = desk["viewer"]
    viewer.get(desk.note)
    answer = viewer.send(
        f"{desk.note}/annotations", {"kind": "question", "exact": "不要借账号", "body": "为什么？"}
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{desk.note}#a-")


def test_words_pasted_with_other_spaces_are_found(desk: Desk):
    viewer = desk["viewer"]
    viewer.get(desk.note)
    sent = {"kind": "comment", "exact": " 订单  😀，再处理退款。\r\n\r\n不要借账号", "body": "两段"}
    assert viewer.send(f"{desk.note}/annotations", sent).status_code == 303
    with desk.database.transaction(read_only=True) as session:
        assert session.scalars(select(Annotation.quote)).one() == "订单 😀，再处理退款。\n不要借账号"


REFUSED = [
    ({"exact": "没有这句话"}, "does not stand in the note"),
    ({"exact": ""}, "must be filled in"),
    ({"body": ""}, "must be filled in"),
    ({"body": "a\0b"}, "NUL"),
    ({"kind": "poem"}, "one of"),
    ({"start": "-1"}, "whole number"),
    ({"body": "字" * 20_001}, "too long"),
]


def test_a_remark_that_is_refused_keeps_what_was_typed(desk: Desk):
    viewer = desk["viewer"]
    viewer.get(desk.note)
    for changed, sentence in REFUSED:
        sent = {**PLACE, "body": "这是我写的", **changed}
        page = viewer.send(f"{desk.note}/annotations", sent)
        assert (page.status_code, sentence in words(page)) == (422, True), sentence
        assert f'aria-describedby="f-exact-hint">{sent["exact"]}</textarea>' in page.text
        assert f"{sent['body']}</textarea>" in page.text
        piece = viewer.send_fragment(f"{desk.note}/annotations", sent)
        assert (piece.status_code, sentence in words(piece)) == (422, True), sentence
        assert "data-made" not in piece.text  # the form stays open with its words


def test_replying_resolving_and_opening_again(desk: Desk):
    made = remarked(desk, desk["viewer"], kind="question")
    leaver = desk["leaver"]
    leaver.get(desk.note)
    replied = leaver.send_fragment(f"/annotations/{made}/replies", {"body": "怕出事\n真的"})
    assert "怕出事\n真的" in replied.text
    resolved = leaver.send_fragment(f"/annotations/{made}/state", {"state": "resolved"})
    assert marks(resolved.text) == []
    assert re.search(r"resolved=only#remarks.*?>Resolved <span class=\"num\">1<", resolved.text)
    everything = leaver.get(desk.note, resolved="1")
    assert "Resolved by Leaver" in words(everything)
    assert marks(everything.text)[0]["state"] == "resolved"
    again = leaver.send(f"/annotations/{made}/state?resolved=1", {"state": "open"})
    assert again.headers["location"] == f"{desk.note}#a-{made}"


def test_only_its_author_changes_a_remark(desk: Desk):
    made = remarked(desk, desk["viewer"])
    assert "/edit" in desk["viewer"].get(desk.note).text
    changed = desk["viewer"].send_fragment(f"/annotations/{made}/edit", {"body": "换个说法"})
    assert "换个说法" in words(changed)
    desk["manager"].get(desk.note)
    assert desk["manager"].send(f"/annotations/{made}/edit", {"body": "x"}).status_code == 403
    desk["stranger"].get("/")
    for verb in ("edit", "replies", "state"):
        assert desk["stranger"].send(f"/annotations/{made}/{verb}", {"body": "x"}).status_code == 404
    assert desk["stranger"].get(f"/annotations/{made}").status_code == 404


def test_viewers_do_not_resolve_what_others_said(desk: Desk):
    made = remarked(desk, desk["successor"])
    page = desk["viewer"].get(desk.note)
    assert f"/annotations/{made}/state" not in page.text
    assert desk["viewer"].send(f"/annotations/{made}/state", {"state": "resolved"}).status_code == 403


def test_a_reply_that_is_refused_comes_back(desk: Desk):
    made = remarked(desk, desk["viewer"])
    leaver = desk["leaver"]
    leaver.get(desk.note)
    page = leaver.send(f"/annotations/{made}/replies", {"body": "字\0字"})
    assert (page.status_code, "字\0字" in page.text) == (422, True)
    assert f'action="/annotations/{made}/replies"' in page.text
    piece = leaver.send_fragment(f"/annotations/{made}/replies", {"body": "字\0字"})
    assert (piece.status_code, "字\0字" in piece.text) == (422, True)


def test_a_save_carries_remarks_and_an_orphan_keeps_its_quote(desk: Desk):
    made = remarked(desk, desk["viewer"])
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body="## 前言\n\n先说一句 𠀀。\n\n" + BODY))
    (mark,) = marks(leaver.get(desk.note).text)
    assert mark["start"] == "前言\n先说一句 𠀀。\n步骤\n先核对订单 😀，再处理退款。".index("处理退款")
    leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body="全都变了\n"))
    page = leaver.get(desk.note)
    assert marks(page.text) == [{"id": made, "start": None, "end": None, "state": "open", "kind": "comment"}]
    said = words(page)
    assert "处理退款" in said
    assert "no longer in the note" in said


def test_a_correction_shows_what_should_stand_there(desk: Desk):
    remarked(desk, desk["viewer"], kind="correction", replacement="先看库存", body="")
    page = desk["leaver"].get(desk.note)
    assert "<del>处理退款</del>" in page.text
    assert "<ins>先看库存</ins>" in page.text
    assert "1 open correction" in words(page)


def test_markup_in_a_remark_stays_text(desk: Desk):
    remarked(desk, desk["viewer"], body="</script><script>alert(1)</script>", exact="处理退款")
    text = desk["leaver"].get(desk.note).text
    assert "<script>alert" not in text
    assert "&lt;/script&gt;&lt;script&gt;" in text


def test_many_remarks_come_a_page_at_a_time(desk: Desk):
    first = remarked(desk, desk["viewer"])
    with desk.database.transaction() as session:
        one = session.scalars(select(Annotation)).one()
        kept = (
            "note_id",
            "kind",
            "author_id",
            "revision",
            "quote",
            "anchor_status",
            "created_at",
            "updated_at",
        )
        for number in range(230):
            place = {"anchor_start": 20 + number, "anchor_end": 21 + number, "body": f"第{number}条"}
            session.add(Annotation(**{name: getattr(one, name) for name in kept}, **place))
    page = desk["viewer"].get(desk.note)
    assert len(marks(page.text)) == 100
    assert "231 open remarks" in words(page)
    assert "page 1 of 3" in words(page)
    last = marks(desk["viewer"].get(desk.note, remarks="3").text)
    assert len(last) == 31
    assert desk["viewer"].get(f"/annotations/{last[-1]['id']}").headers["location"] == (
        f"{desk.note}?remarks=3#a-{last[-1]['id']}"
    )
    assert desk["viewer"].get(f"/annotations/{first}").headers["location"] == f"{desk.note}#a-{first}"
    assert desk["viewer"].get(desk.note, remarks="x").status_code == 200


def test_forms_without_the_right_token_are_refused(desk: Desk):
    viewer = desk["viewer"]
    viewer.get(desk.note)
    viewer.token = "wrong"
    assert viewer.send(f"{desk.note}/annotations", PLACE).status_code == 403


def test_words_go_only_when_that_is_said(desk: Desk):
    viewer = desk["viewer"]
    viewer.get(desk.note)
    correction = {**PLACE, "kind": "correction", "body": "不对", "replacement": ""}
    for more in ({}, {"take_away": "1"}):
        assert viewer.send(f"{desk.note}/annotations", correction | more).status_code == 303
    with desk.database.transaction(read_only=True) as session:
        made = session.scalars(select(Annotation.replacement).order_by(Annotation.created_at)).all()
    assert made == [None, ""]


def test_a_passage_that_went_while_it_was_read_keeps_what_was_typed(desk: Desk):
    viewer = desk["viewer"]
    page = viewer.get(desk.note)
    assert 'name="revision" value="1"' in page.text
    desk["successor"].send(f"{desk.note}/edit", fields_of(desk.stored(), body="另一件事。\n"))
    answer = viewer.send(f"{desk.note}/annotations", {**PLACE, "body": "想了很久的话", "revision": "1"})
    assert answer.status_code == 409
    assert "想了很久的话" in answer.text
    assert "The note was saved meanwhile" in words(answer)
    assert 'name="revision" value="2"' in answer.text

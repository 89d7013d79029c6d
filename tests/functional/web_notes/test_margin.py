"""The margin's filters and groups, and where a link to a remark leads."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import update

from kb.annotations.models import Annotation
from tests.functional.web_notes.conftest import Desk
from tests.functional.web_notes.test_remarks import marks, remarked
from tests.support.visitor import words


def _said(desk: Desk, **query: Any) -> list[str]:
    """What stands on the cards for the leaver, who wrote the note."""
    text = desk["leaver"].get(desk.note, **query).text
    return re.findall(r'class="remark-said"[^>]*>([^<]*)<', text)


def _stored(desk: Desk, annotation_id: str, **changes: Any) -> None:
    with desk.database.transaction() as session:
        session.execute(update(Annotation).where(Annotation.id == annotation_id).values(**changes))


def test_filters_by_kind_state_anchor_and_person(desk: Desk):
    asked = remarked(desk, desk["viewer"], kind="question", body="问")
    remarked(desk, desk["leaver"], body="自己说的", exact="不要借账号")
    gone = remarked(desk, desk["successor"], body="没了")
    done = remarked(desk, desk["successor"], body="完了")
    desk["leaver"].get(desk.note)
    desk["leaver"].send(f"/annotations/{done}/state", {"state": "resolved"})
    _stored(desk, gone, anchor_status="orphaned", anchor_start=None, anchor_end=None, anchor_exact=None)
    assert _said(desk) == ["问", "自己说的", "没了"]
    assert _said(desk, resolved="only") == ["完了"]
    assert sorted(_said(desk, resolved="1")) == sorted(["问", "自己说的", "没了", "完了"])
    assert _said(desk, kind="question") == ["问"]
    assert _said(desk, look="1") == ["没了"]
    assert _said(desk, whose="mine") == ["自己说的"]
    assert _said(desk, whose="to-me") == ["问", "没了"]
    assert _said(desk, whose="to-me", kind="question", resolved="only") == []
    assert _said(desk, kind="poem", whose="x", resolved="y", look="2") == ["问", "自己说的", "没了"]
    for person in ("viewer", "successor"):  # nothing is asked of them; an answer is
        assert "whose=to-me" not in desk[person].get(desk.note).text
    desk["leaver"].send(f"/annotations/{asked}/replies", {"body": "因为"})
    assert "whose=to-me" in desk["viewer"].get(desk.note).text


def test_a_changed_passage_needs_a_look_until_somebody_confirms_it(desk: Desk):
    made = remarked(desk, desk["viewer"], body="变了")
    assert _said(desk, look="1") == []
    _stored(desk, made, anchor_status="changed", anchor_exact="受理退款")
    assert _said(desk, look="1") == ["变了"]
    _stored(desk, made, confirmed_exact="受理退款")
    assert _said(desk, look="1") == []
    _stored(desk, made, anchor_exact="又变了")
    assert _said(desk, look="1") == ["变了"]


def test_numbers_stand_beside_the_filters(desk: Desk):
    remarked(desk, desk["viewer"], kind="question")
    remarked(desk, desk["viewer"])
    text = desk["leaver"].get(desk.note, kind="question").text
    choices = re.findall(r'class="chip" href="([^"]*)#remarks".*?<span class="num">(\d+)</span>', text)
    for query, number in (("", "2"), ("?kind=comment", "1"), ("?kind=question&amp;whose=to-me", "1")):
        assert (desk.note + query, number) in choices


def test_who_marked_a_passage_is_told_once(desk: Desk):
    plain = {"kind": "highlight", "body": "", "exact": "处理退款"}
    ids = [remarked(desk, desk[name], **plain) for name in ("viewer", "trainer", "successor")]
    assert ids[1:] == [ids[0], ids[0]]  # the card of the first stands for all
    page = desk["viewer"].get(desk.note)
    assert words(page).count("3 people marked this passage") == 1
    assert [mark["id"] for mark in marks(page.text)] == [ids[0]]
    each = desk["viewer"].get(desk.note, each="1")
    every = [mark["id"] for mark in marks(each.text)]
    assert len(every) == 3
    for one in every:
        where = "" if one == ids[0] else "?each=1"
        assert desk["viewer"].get(f"/annotations/{one}").headers["location"] == f"{desk.note}{where}#a-{one}"
    taken = re.search(r'action="(/annotations/\w+/state)[^"]*".{0,600}?Take my mark away', page.text, re.S)
    assert taken
    desk["viewer"].send(taken[1], {"state": "resolved"})
    assert "2 people marked this passage" in words(desk["viewer"].get(desk.note))


def test_remarks_on_one_passage_stand_together(desk: Desk):
    remarked(desk, desk["viewer"], body="一")
    remarked(desk, desk["viewer"], body="二", exact="不要借账号")
    remarked(desk, desk["trainer"], body="三")
    assert _said(desk) == ["一", "三", "二"]
    assert "2 remarks on this passage" in words(desk["leaver"].get(desk.note))


def test_a_new_remark_is_shown_whatever_the_filter_was(desk: Desk):
    viewer = desk["viewer"]
    viewer.get(desk.note)
    sent = {"kind": "comment", "exact": "处理退款", "body": "新的"}
    answer = viewer.send_fragment(f"{desk.note}/annotations?kind=question&resolved=only", sent)
    assert "新的" in words(answer)
    assert 'data-view=""' in answer.text


def test_the_margin_alone_is_for_scripts_of_those_who_may_read(desk: Desk):
    remarked(desk, desk["viewer"], kind="question")
    address = f"{desk.note}/remarks"
    plain = desk["viewer"].get(address, kind="question")
    assert (plain.status_code, plain.headers["location"]) == (303, f"{desk.note}?kind=question#remarks")
    piece = desk["viewer"].get(address, fragment=True)
    assert piece.text.lstrip().startswith('<aside class="remarks"')
    assert desk["stranger"].get(address).status_code == 404

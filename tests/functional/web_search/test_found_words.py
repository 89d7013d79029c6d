"""The words of a search in a note: where they stand, for those who may read it."""

from __future__ import annotations

import re

import pytest

from tests.functional.web_search.conftest import Found

PLACES = re.compile(r'data-places="([\d ]*)"')


def places(text: str) -> list[int]:
    found = PLACES.search(text)
    assert found
    return [int(number) for number in found[1].split()]


def test_places_are_positions_in_the_text_of_the_note(library: Found):
    note = library.ids["published"]
    bearer = library["viewer"]
    answer = bearer.get(f"/notes/{note}/found", q="退款申請")
    text = "什么时候做\n每天两次。\n步骤\n先核对订单，再处理退款申请，<b>不要</b>跳过。\n"
    start, end = places(answer.text)
    assert text[start:end] == "退款申请"
    assert "1 place marked" in answer.text


def test_other_words_are_placed_too(library: Found):
    answer = library["viewer"].get(f"/notes/{library.ids['published']}/found?q=zzqx&also=订单&also=步骤")
    assert len(places(answer.text)) == 4


def test_nothing_typed_is_no_place(library: Found):
    for query in ("", "?q=", "?q=zzqx", '?q="', "?also=", "?q=%00"):
        assert places(library["viewer"].get(f"/notes/{library.ids['published']}/found{query}").text) == []


@pytest.mark.parametrize(
    ("who", "note"), [("viewer", "draft"), ("viewer", "foreign"), ("stranger", "published")]
)
def test_who_may_not_read_the_note_learns_nothing(library: Found, who: str, note: str):
    answer = library[who].get(f"/notes/{library.ids[note]}/found", q="退款")
    assert answer.status_code == 404
    assert "data-places" not in answer.text

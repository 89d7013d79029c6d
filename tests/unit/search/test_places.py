"""Where the words of a search stand in a whole note."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.search.places import MOST_PLACES, MOST_READ, STRETCH, places, wording


def said(text: str, typed: str, *also: str) -> list[str]:
    return [text[start:end] for start, end in places(text, wording(typed, also))]


def test_places_follow_the_rules_of_the_search():
    assert said("Refunds are refunded. A fund is not.", "refund") == ["Refunds", "refunded"]
    assert said("先核对订单，再批准退款申请。", "退款申請") == ["退款申请"]
    assert said("ＥＲＰ 单号 AB-100", "erp") == ["ＥＲＰ"]
    assert said("nothing of it", "退款") == []


def test_what_was_searched_beside_counts_too_and_what_was_excluded_does_not():
    assert said("退款 or a refund, never a chargeback", "退款 -chargeback", "refund") == ["退款", "refund"]


def test_words_that_overlap_are_one_place():
    assert said("退款申请", "退款 款申") == ["退款申"]


def test_a_long_note_is_marked_to_its_end():
    text = "\n".join(["refund"] + ["nothing"] * (STRETCH // 2) + ["the last refund"])
    assert STRETCH * 3 < len(text) < MOST_READ
    found = places(text, wording("refund"))
    assert [text[start:end] for start, end in found] == ["refund", "refund"]
    assert found[-1][1] == len(text)


def test_there_is_an_end_to_it():
    assert len(places("refund " * 10 * MOST_PLACES, wording("refund"))) == MOST_PLACES


@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_places_are_in_the_text_in_order_and_apart(text: str, typed: str, also: list[str]):
    found = places(text, wording(typed, also))
    ends = [0, *(end for _, end in found)]
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(start > before for before, (start, _) in zip(ends[1:], found[1:], strict=False))

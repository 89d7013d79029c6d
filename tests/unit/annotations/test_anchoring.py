from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.annotations.anchoring import Span, locate, occurrences, relocate, surroundings

TEXT = "退款要审批。\n大额退款要两级审批。\n退款要审批。\n"


def test_the_occurrence_nearest_to_the_position_counts() -> None:
    places = occurrences(TEXT, "退款要审批")
    assert len(places) == 2
    for place in places:
        near = locate(TEXT, "退款要审批", position=place + 1, prefix="", suffix="")
        assert near == Span(place, place + 5)


def test_without_a_position_the_surroundings_decide() -> None:
    found = locate(TEXT, "退款要", position=None, prefix="两级审批。\n", suffix="审批。\n")
    assert found == Span(TEXT.rindex("退款要"), TEXT.rindex("退款要") + 3)


def test_what_is_not_there_is_not_found() -> None:
    assert locate(TEXT, "退货", position=0, prefix="", suffix="") is None
    assert locate(TEXT, "", position=0, prefix="", suffix="") is None
    assert relocate(TEXT, "", expected=0, prefix="", suffix="") is None


def test_positions_count_code_points() -> None:
    text = "😀𠮷 退款"
    assert locate(text, "退款", position=None, prefix="", suffix="") == Span(3, 5)


@given(st.text(alphabet="退款审批ab \n", min_size=1, max_size=60), st.data())
def test_text_added_in_front_never_moves_a_mark_to_another_passage(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    added = data.draw(st.text(alphabet="xyz\n", max_size=20))
    prefix, suffix = surroundings(text, Span(start, end))
    found = relocate(added + text, text[start:end], expected=start + len(added), prefix=prefix, suffix=suffix)
    assert found is not None
    assert (added + text)[found.start : found.end] == text[start:end]
    if text.count(text[start:end]) == 1:
        assert found.start == start + len(added)

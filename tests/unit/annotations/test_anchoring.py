from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.annotations.anchoring import MOST_PLACES, Passages, Span, as_it_stands, locate, relocate, surroundings

TEXT = "退款要审批。\n大额退款要两级审批。\n退款要审批。\n"


def test_the_occurrence_nearest_to_the_position_counts() -> None:
    places = Passages(TEXT).first("退款要审批")
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
    assert relocate(Passages(TEXT), "", expected=0, prefix="", suffix="") is None


def test_positions_count_code_points() -> None:
    text = "😀𠮷 退款"
    assert locate(text, "退款", position=None, prefix="", suffix="") == Span(3, 5)


@given(st.text(alphabet="退款审批ab \n", min_size=1, max_size=60), st.data())
def test_text_added_in_front_never_moves_a_mark_to_another_passage(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    added = data.draw(st.text(alphabet="xyz\n", max_size=20))
    prefix, suffix = surroundings(text, Span(start, end))
    new = Passages(added + text)
    found = relocate(new, text[start:end], expected=start + len(added), prefix=prefix, suffix=suffix)
    assert found is not None
    assert (added + text)[found.start : found.end] == text[start:end]
    if text.count(text[start:end]) == 1:
        assert found.start == start + len(added)


def _places(text: str, quote: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(quote, at)]


@given(st.text("ab", min_size=1, max_size=40), st.text("ab", min_size=1, max_size=4), st.integers(0, 50))
def test_a_position_finds_the_nearest_place_overlapping_or_not(text: str, quote: str, position: int) -> None:
    places = _places(text, quote)
    found = locate(text, quote, position=position, prefix="", suffix="")
    if not places:
        assert found is None
    else:
        assert found and found.start in places
        assert abs(found.start - position) == min(abs(at - position) for at in places)


@given(
    st.text("ab", max_size=40), st.text("ab", min_size=1, max_size=3), st.text("ab", max_size=4),
    st.text("ab", max_size=4), st.integers(0, 50),
)  # fmt: skip
def test_surroundings_decide_and_then_nearness(
    text: str, quote: str, prefix: str, suffix: str, place: int
) -> None:
    passages = Passages(text)
    found = relocate(passages, quote, expected=place, prefix=prefix, suffix=suffix)
    ranks = {at: (passages.fit(at, quote, prefix, suffix), -abs(at - place)) for at in _places(text, quote)}
    assert (found is None) == (not ranks)
    if found:
        assert ranks[found.start] == max(ranks.values())


def test_a_position_counts_however_often_the_words_stand_there() -> None:
    text = "退款。" * (3 * MOST_PLACES)
    last = 3 * (3 * MOST_PLACES - 1)
    assert locate(text, "退款", position=last, prefix="", suffix="") == Span(last, last + 2)
    found = relocate(Passages(text), "退款", expected=last - 3, prefix="还没有", suffix="才对")
    assert found == Span(last - 3, last - 1)


def test_pasted_words_are_found_whatever_white_space_parts_them() -> None:
    assert as_it_stands("one  two\nthree four", "wo\tfo") is None
    assert as_it_stands("one  two\nthree four", " wo\tthree  fo ") == "wo\nthree fo"
    assert as_it_stands("one", " ") is None


def test_hostile_words_are_looked_for_in_linear_time() -> None:
    assert as_it_stands("a " * 500_000, "a " * 8_000 + "b") is None
    text = "a" * 1_000_000
    assert locate(text, "a" + "b" + "a" * 19_000, position=900_000, prefix="", suffix="") is None

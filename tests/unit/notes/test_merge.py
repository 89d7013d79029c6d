from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.notes.merge import Merge, merge

texts = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "退款\n", "\n"]), max_size=8).map("".join)


def test_edits_in_different_places_merge() -> None:
    base = "one\n\ntwo\n\nthree\n"
    result = merge(base, base.replace("one", "ONE"), base.replace("three", "THREE"))
    assert (result.body, result.conflicts) == ("ONE\n\ntwo\n\nTHREE\n", 0)


def test_edits_of_one_line_conflict_and_lose_neither() -> None:
    result = merge("退款两天\n", "退款三天\n", "退款四天\n")
    assert result.conflicts == 1
    assert "退款三天" in result.body and "退款四天" in result.body


def test_a_conflict_in_an_unclosed_last_line_keeps_its_marks_on_lines_of_their_own() -> None:
    result = merge("a", "b", "c")
    assert result.body.splitlines() == ["<<<<<<<", "b", "=======", "c", ">>>>>>>"]


@given(texts, texts)
def test_one_side_alone_wins(base: str, edited: str) -> None:
    assert merge(base, base, edited) == merge(base, edited, base)
    assert merge(base, edited, base).body == edited
    assert merge(base, edited, edited).conflicts == 0


@given(texts, texts, texts)
def test_the_sides_are_alike(base: str, theirs: str, yours: str) -> None:
    assert merge(base, theirs, yours).conflicts == merge(base, yours, theirs).conflicts


def test_long_texts_of_equal_lines_are_merged_without_comparing_each_with_each():
    merged = merge("a\n" * 100_000, "a\nb\n" * 100_000, "x\n" + "a\n" * 100_000)
    assert merged == Merge("x\n" + "a\nb\n" * 100_000, 0)
    both = merge("a\n" * 100_000, "a\nb\n" * 100_000, "a\nc\n" * 100_000)
    assert both.conflicts == 1

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.notes.merge import Agreed, Choice, Conflict, Merge, beside, merge, resolve
from kb.notes.words import tokens

texts = st.lists(
    st.sampled_from(
        ["a\n", "b\n", "c\n", "退款\n", "\n", "先核对订单 12 再退款。", "- 甲\n", "- 乙丙\n", " word two"]
    ),
    max_size=8,
).map("".join)


def test_edits_in_different_places_merge() -> None:
    base = "one\n\ntwo\n\nthree\n"
    result = merge(base, base.replace("one", "ONE"), base.replace("three", "THREE"))
    assert (result.body, result.conflicts) == ("ONE\n\ntwo\n\nTHREE\n", 0)


def test_edits_of_the_same_words_conflict_and_lose_neither() -> None:
    result = merge("退款两天\n", "退款三天\n", "退款四天\n")
    assert result.parts == (Conflict("退款两天\n", "退款三天\n", "退款四天\n"),)
    assert result.body == "<<<<<<<\n退款三天\n=======\n退款四天\n>>>>>>>\n"


@pytest.mark.parametrize(
    ("base", "theirs", "yours", "merged"),
    [
        ("每周五下午前上报库存，由主管审批。", "每周四下午前上报库存，由主管审批。",
         "每周五下午前上报库存，由店长审批。", "每周四下午前上报库存，由店长审批。"),
        ("Refunds over 500 need the manager to agree.", "Refunds over 800 need the manager to agree.",
         "Refunds over 500 need the owner to agree.", "Refunds over 800 need the owner to agree."),
        ("- 甲：核对\n- 乙：登记\n", "- 甲：先核对\n- 乙：登记\n", "- 甲：核对\n- 乙：登记两次\n",
         "- 甲：先核对\n- 乙：登记两次\n"),
        ("一二三四五六七。\n第二行\n", "一二三四五六七。\n", "零二三四五六七。\n第二行\n", "零二三四五六七。\n"),
        ("| 甲 | 10 | 早班 |", "| 甲 | 12 | 早班 |", "| 甲 | 10 | 早班 | 新 |", "| 甲 | 12 | 早班 | 新 |"),
    ],
)  # fmt: skip
def test_one_line_changed_on_both_sides_is_merged_by_words(base: str, theirs: str, yours: str, merged: str):
    assert merge(base, theirs, yours) == Merge(merged, 0, (Agreed(merged),))
    assert merge(base, yours, theirs).body == merged


@pytest.mark.parametrize(
    ("base", "theirs", "yours"),
    [
        ("3月5日前交", "4月5日前交", "3月6日前交"),
        ("on 3 May 2026", "on 4 May 2026", "on 3 May 2027"),
        ("先核对", "先仔细核对", "先快速核对"),
        ("退款要等主管同意。", "", "退款要等店长同意。"),
        ("先问主管，再退款给客户。", "有事找值班经理处理。", "先问店长，再退款给客户。"),
    ],
)
def test_changes_that_touch_are_a_conflict(base: str, theirs: str, yours: str):
    assert merge(base, theirs, yours).parts == (Conflict(base, theirs, yours),)


def test_a_conflict_is_no_larger_than_its_lines():
    base = "第一行的文字\n第二行的数字是 5 个\n第三行的文字\n"
    theirs = base.replace("第一行", "头一行").replace("5", "6")
    yours = base.replace("5", "7").replace("第三行的", "末一行的")
    assert merge(base, theirs, yours).parts == (
        Agreed("头一行的文字\n"),
        Conflict("第二行的数字是 5 个\n", "第二行的数字是 6 个\n", "第二行的数字是 7 个\n"),
        Agreed("末一行的文字\n"),
    )


@pytest.mark.parametrize("end", ["", "\n", "\n\n## 之后\n"])
def test_items_both_added_to_one_list_stay_theirs_first_and_once(end: str):
    base = "# 清单\n\n- 甲\n- 乙"
    result = merge(base + end, base + "\n- 丙\n- 丁\n  细节" + end, base + "\n- 戊\n- 丙" + end)
    assert (result.body, result.conflicts) == (base + "\n- 丙\n- 丁\n  细节\n- 戊" + end, 0)


def test_a_list_changed_and_added_to_by_both():
    result = merge("- 甲\n- 乙\n", "- 甲\n- 乙的事\n- 丙\n", "- 甲\n- 乙\n- 丁\n")
    assert (result.body, result.conflicts) == ("- 甲\n- 乙的事\n- 丙\n- 丁\n", 0)


@pytest.mark.parametrize(
    ("base", "theirs", "yours"),
    [
        ("1. 甲\n", "1. 甲\n2. 乙\n", "1. 甲\n2. 丙\n"),  # steps: which comes first?
        ("# 步骤\n", "# 步骤\n- 甲\n- 乙\n", "# 步骤\n- 子\n- 丑\n"),  # two lists, not one
        ("- 甲\n", "- 甲\n说明一\n", "- 甲\n- 乙\n"),
        ("文字。\n", "文字。\n\n又一段。\n", "文字。\n\n另一段。\n"),
    ],
)
def test_other_additions_at_one_place_are_a_conflict(base: str, theirs: str, yours: str):
    assert merge(base, theirs, yours).conflicts == 1


def test_what_both_added_alike_stays_once():
    assert merge("甲\n", "甲\n新\n子\n", "甲\n新\n丑\n").parts == (
        Agreed("甲\n新\n"),
        Conflict("", "子\n", "丑\n"),
    )


def test_without_a_base_every_difference_is_a_conflict():
    assert beside("甲\n乙\n", "乙\n丙").parts == (
        Conflict("", "甲\n", ""),
        Agreed("乙\n"),
        Conflict("", "", "丙"),
    )


def test_a_conflict_in_an_unclosed_last_line_keeps_its_marks_on_lines_of_their_own() -> None:
    result = merge("a", "b", "c")
    assert result.body.splitlines() == ["<<<<<<<", "b", "=======", "c", ">>>>>>>"]


def test_choices_are_applied_in_order():
    parts = (Conflict("x\n", "a\n", "b"), Agreed("乙\n"), Conflict("", "c", "d\n"))
    assert resolve(parts, ["theirs", "both"]) == "a\n乙\nc\nd\n"
    assert resolve(parts, [Choice.YOURS, Choice.BASE]) == "b乙\n"
    for wrong in (["theirs"], ["theirs", "yours", "base"], ["theirs", "mine"]):
        with pytest.raises(ValueError):
            resolve(parts, wrong)


@given(texts, texts)
def test_one_side_alone_wins(base: str, edited: str) -> None:
    for theirs, yours in ((base, edited), (edited, base), (edited, edited)):
        result = merge(base, theirs, yours)
        assert (result.body, result.conflicts) == (edited, 0)


@given(texts, texts, texts)
def test_one_side_alone_wins_beside_a_change_elsewhere(base: str, edited: str, far: str):
    rest = "\n\n一段没人动的文字\n\n"
    result = merge(base + rest, edited + rest, base + rest + far)
    assert (result.body, result.conflicts) == (edited + rest + far, 0)


@given(texts, texts, texts)
def test_the_sides_are_alike(base: str, theirs: str, yours: str) -> None:
    one, two = merge(base, theirs, yours), merge(base, yours, theirs)
    assert one.conflicts == two.conflicts
    turned = [Conflict(p.base, p.yours, p.theirs) for p in two.parts if isinstance(p, Conflict)]
    assert [p for p in one.parts if isinstance(p, Conflict)] == turned
    assert beside(theirs, yours).conflicts == beside(yours, theirs).conflicts


@given(texts, texts, texts)
def test_nothing_that_either_side_added_is_lost(base: str, theirs: str, yours: str):
    result = merge(base, theirs, yours)
    texts = [
        text for p in result.parts for text in ([p.text] if isinstance(p, Agreed) else [p.theirs, p.yours])
    ]
    there = {word for text in texts for word in tokens(text)}
    for side in (theirs, yours):
        assert set(tokens(side)) - set(tokens(base)) - {"\n"} <= there
    if result.conflicts == 0:
        assert result.body == "".join(texts)


@given(texts, texts)
def test_each_side_can_be_chosen_whole_where_no_base_is_known(theirs: str, yours: str):
    parts = beside(theirs, yours).parts
    number = sum(isinstance(part, Conflict) for part in parts)
    assert resolve(parts, ["theirs"] * number).rstrip("\n") == theirs.rstrip("\n")
    assert resolve(parts, ["yours"] * number).rstrip("\n") == yours.rstrip("\n")


def test_long_texts_of_equal_lines_are_merged_without_comparing_each_with_each():
    merged = merge("a\n" * 100_000, "a\nb\n" * 100_000, "x\n" + "a\n" * 100_000)
    assert (merged.body, merged.conflicts) == ("x\n" + "a\nb\n" * 100_000, 0)
    both = merge("a\n" * 100_000, "a\nb\n" * 100_000, "a\nc\n" * 100_000)
    assert both.conflicts == 1


def test_one_endless_line_changed_by_both_is_merged_or_shown_but_not_lost():
    base = "先核对订单，再退款。" * 30_000
    near = merge(base, "甲" + base, base + "乙")
    assert near.body == "甲" + base + "乙"
    far = merge("ab " * 300_000, "ba " * 290_000, "b a " * 200_000)
    assert far.parts == (Conflict("ab " * 300_000, "ba " * 290_000, "b a " * 200_000),)

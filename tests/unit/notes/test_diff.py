"""Differences of two texts, for people to read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.notes.diff import MOST_SHOWN, Diff, line_diff

LINES = st.lists(st.sampled_from(["", "甲", "乙", "先核对订单", "先核对退款", "b c d"]), max_size=12)


def told(diff: Diff) -> list[tuple[int, list[str]]]:
    """Each hunk as (skipped, signed lines)."""
    return [
        (hunk.skipped, [line.sign + "".join(words for _changed, words in line.pieces) for line in hunk.lines])
        for hunk in diff.hunks
    ]


def test_equal_texts_have_no_hunks():
    assert line_diff("甲\n乙", "甲\n乙") == Diff(())


def test_changes_come_with_two_lines_around_them_and_gaps_are_counted():
    old = [str(number) for number in range(20)]
    new = [*old[:5], "five", *old[6:]]
    assert told(line_diff("\n".join(old), "\n".join(new))) == [(3, [" 3", " 4", "-5", "+five", " 6", " 7"])]


def test_changes_far_apart_are_hunks_of_their_own():
    old = [str(number) for number in range(30)]
    new = [*old[:2], *old[3:25], "neu", *old[25:]]
    assert [skipped for skipped, _lines in told(line_diff("\n".join(old), "\n".join(new)))] == [0, 18]


def test_within_a_line_the_words_that_changed_are_told_apart():
    (hunk,) = line_diff("退款要等主管同意", "退款不用等主管同意").hunks
    assert [line.pieces for line in hunk.lines] == [
        ((False, "退款"), (True, "要"), (False, "等主管同意")),
        ((False, "退款"), (True, "不用"), (False, "等主管同意")),
    ]


def test_lines_of_one_block_are_paired_by_likeness():
    old = "- 周一核对退款\n- 周二盘点库存"
    new = "- 先看公告\n- 周一核对退款与换货\n- 周三盘点库存"
    (hunk,) = line_diff(old, new).hunks
    assert [(line.sign, "".join(w for c, w in line.pieces if c)) for line in hunk.lines] == [
        ("+", ""), ("-", ""), ("+", "与换货"), ("-", "二"), ("+", "三"),
    ]  # fmt: skip


def test_a_long_line_is_told_by_its_words():
    sentence = "退款前先核对订单，再问主管。"
    old = sentence * 1400
    new = sentence * 600 + "新的一句。" + sentence * 700 + "店长先问。" + sentence * 100
    (hunk,) = line_diff(old, new).hunks
    assert [words for line in hunk.lines for changed, words in line.pieces if changed] == [
        "新的一句。",
        "店长先问。",
    ]


def test_long_lines_that_have_little_in_common_stop_being_compared_at_some_point():
    old = "\n".join(f"{n} " + "甲乙丙丁戊" * 3000 for n in range(40))
    new = "\n".join(f"{n} " + "戊己丙庚甲" * 3000 for n in range(40))
    diff = line_diff(old, new)
    assert sum(len(hunk.lines) for hunk in diff.hunks) == 80


def test_a_rewritten_line_is_not_cut_into_pieces():
    (hunk,) = line_diff("完全不同的话", "something else").hunks
    assert [line.pieces for line in hunk.lines] == [((False, "完全不同的话"),), ((False, "something else"),)]


@given(LINES, LINES)
def test_removed_and_added_lines_make_one_text_of_the_other(old: list[str], new: list[str]):
    before, after = "\n".join(old), "\n".join(new)
    rest, made = before.split("\n"), []
    at = 0
    for skipped, lines in told(line_diff(before, after)):
        made += rest[at : at + skipped]
        at += skipped
        for line in lines:
            assert line[0] == "+" or line[1:] == rest[at]
            made += [line[1:]] if line[0] != "-" else []
            at += line[0] != "+"
    assert "\n".join(made + rest[at:]) == after


def test_hostile_texts_are_shown_as_replaced_and_cut():
    diff = line_diff("x\n" * 400_000, "y\n" * 400_000)
    assert sum(len(hunk.lines) for hunk in diff.hunks) == MOST_SHOWN
    assert diff.unshown == 800_000 - MOST_SHOWN + 1

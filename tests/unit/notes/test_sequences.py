"""What is the same in two sequences."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from kb.notes.readable import line_changes, word_changes
from kb.notes.sequences import Opcode, opcodes
from kb.notes.words import tokens

ITEMS = st.lists(st.sampled_from(["\n", "甲", "乙", "。", " ", "word", ""]), max_size=14)


def holds(codes: Sequence[Opcode], a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether the codes run through both without gaps, and what they call equal is."""
    i = k = 0
    for tag, start, end, there, until in codes:
        assert (start, there) == (i, k)
        assert end >= start and until >= there and (end > start or until > there)
        assert tag == {(1, 1): "replace", (1, 0): "delete", (0, 1): "insert"}.get(
            (end > start, until > there), ""
        ) or (tag == "equal" and a[start:end] == b[there:until])
        i, k = end, until
    return (i, k) == (len(a), len(b))


@given(ITEMS, ITEMS)
def test_codes_lead_from_one_to_the_other(a: list[str], b: list[str]):
    for found in (opcodes(a, b), opcodes(a, b, anchored=True), line_changes(a, b), word_changes(a, b)):
        assert holds(found, a, b)


@given(ITEMS, ITEMS)
def test_as_much_is_kept_as_can_be(a: list[str], b: list[str]):
    lengths = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, one in enumerate(a):
        for k, two in enumerate(b):
            longest = max(lengths[i][k + 1], lengths[i + 1][k])
            lengths[i + 1][k + 1] = lengths[i][k] + 1 if one == two else longest
    kept = sum(j - i for tag, i, j, _k, _m in opcodes(a, b) if tag == "equal")
    assert kept == lengths[len(a)][len(b)]


def test_a_line_that_stands_once_is_lined_up_before_the_many_that_are_alike():
    a = ["", "}", "", "one", "", "}"]
    b = ["one", "", "}", "", "", "}", ""]
    equal = [a[i:j] for tag, i, j, _k, _m in opcodes(a, b, anchored=True) if tag == "equal"]
    assert "one" in [item for run in equal for item in run]


def test_what_is_too_large_to_compare_is_cut_at_what_is_rare():
    a = [str(number) for number in Random(7).choices(range(977), k=60_000)]
    b = [*a[:20_000], "new", *a[20_000:40_000], *a[40_010:], "end"]
    a[5] = "x"
    found = opcodes(a, b)
    assert holds(found, a, b)
    assert sum(j - i for tag, i, j, _k, _m in found if tag != "equal") < 100
    hostile = opcodes(["a", "b"] * 50_000, ["b", "b", "a"] * 40_000)
    assert holds(hostile, ["a", "b"] * 50_000, ["b", "b", "a"] * 40_000)


def told(old: str, new: str) -> str:
    """The change as [-removed-]{+added+}."""
    a, b = tokens(old), tokens(new)
    parts = []
    for tag, i, j, k, m in word_changes(a, b):
        gone, come = "".join(a[i:j]), "".join(b[k:m])
        parts.append(
            gone if tag == "equal" else (f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else "")
        )
    return "".join(parts)


def test_small_islands_are_joined_into_the_change():
    assert (
        told("请在周五下午前上报库存", "请在周一中午前上报销量")
        == "请在周[-五下-]{+一中+}午前上报[-库存-]{+销量+}"
    )
    assert told("ask the shop first", "call our shop first") == "[-ask the-]{+call our+} shop first"
    assert told("甲一乙二丙三", "子一丑二寅三") == "[-甲一乙二丙-]{+子一丑二寅+}三"


def test_numbers_change_as_a_whole():
    assert told("限额 12.50 元，10:30 前", "限额 12.80 元，11:30 前") == (
        "限额 [-12.50-]{+12.80+} 元，[-10:30-]{+11:30+} 前"
    )


def test_an_added_sentence_begins_where_a_sentence_begins():
    assert told("先核对。再退款。", "先核对。先登记。再退款。") == "先核对。{+先登记。+}再退款。"


@given(st.text())
def test_tokens_are_the_text(text: str):
    assert "".join(tokens(text)) == text

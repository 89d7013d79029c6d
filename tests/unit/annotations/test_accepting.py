"""A correction finds its place in the Markdown, or none: what is read is what was wanted, and nothing else moved."""

from __future__ import annotations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from kb.annotations.accepting import take_up, wanted_texts
from kb.markdown import render

TABLE = "| a | b |\n|---|---|\n| 1 | 1 |\n| 1 | 2 |\n"


def taken(source: str, words: str, replacement: str, occurrence: int = 0) -> str | None:
    """The Markdown with the words replaced, the n-th place of them."""
    text = render(source).text
    at = -1
    for _time in range(occurrence + 1):
        at = text.index(words, at + 1)
    found = take_up(source, at, at + len(words), replacement)
    return found.body if found else None


@pytest.mark.parametrize(
    ("source", "words", "replacement", "wanted"),
    [
        ("Check **the order** first.\n", "the order", "the invoice", "Check **the invoice** first.\n"),
        (
            "Check **the order** first.\n",
            "the order first",
            "the invoice last",
            "Check **the invoice** last.\n",
        ),
        ("再**处理退款**。退款\n", "款", "货", "再**处理退货**。退款\n"),
        ("再**处理退款**。\n", "处理", "先处理", "再**先处理退款**。\n"),
        ("再**处理退款**。\n", "退款", "退款吧", "再**处理退款吧**。\n"),
        ("中文\n换行\n", "文换", "字接", "中字接行\n"),
        ("- one\n- two\n- three\n", "one\ntwo", "eins\nzwei", "- eins\n- zwei\n- three\n"),
        ("- [ ] do it\n- [x] done\n", "do it", "leave it", "- [ ] leave it\n- [x] done\n"),
        ("> quoted *line*\n> second\n", "line second", "row third", "> quoted *row*\n> third\n"),
        ("# A *b* c\n\ntext\n", "A b c", "D e f", "# D *e* f\n\ntext\n"),
        (TABLE, "1\t2", "9\t8", TABLE.replace("| 1 | 2 |", "| 9 | 8 |")),
        ("Use `a|b` now\n", "a|b", "c*d*", "Use `c*d*` now\n"),
        ("```\nx = 1\ny = *2*\n```\n", "*2*", "**3**", "```\nx = 1\ny = **3**\n```\n"),
        ("A &copy; B\n", "©", "(c)", "A (c) B\n"),
        ("A \\* B\n", "*", "x", "A x B\n"),
        ("2 or 3\n", "2 or 3", "2*3*4", "2\\*3\\*4\n"),
        ("x\n", "x", "# not a heading", "\\# not a heading\n"),
        ("see [refund](refund) now\n", "refund", "return", "see [return](refund) now\n"),
        ("at https://a.cn/x now\n", "https://a.cn/x", "https://b.cn/y", "at https://b.cn/y now\n"),
        ("see [[Refunds]] now\n", "Refunds", "Returns", "see [[Refunds|Returns]] now\n"),
        ("foo[^1] bar\n\n[^1]: note text\n", "note", "remark", "foo[^1] bar\n\n[^1]: remark text\n"),
        ("foo^[note text] bar\n", "note", "remark", "foo^[remark text] bar\n"),
    ],
)  # fmt: skip
def test_words_are_replaced_where_they_stand(source: str, words: str, replacement: str, wanted: str):
    assert taken(source, words, replacement) == wanted


def test_one_of_several_equal_cells_is_changed_and_a_bar_is_escaped():
    assert taken(TABLE, "1", "9|8", 2) == TABLE.replace("| 1 | 2 |", "| 9\\|8 | 2 |")
    assert taken(TABLE, "1", "9", 1) == TABLE.replace("| 1 | 1 |", "| 1 | 9 |")


@pytest.mark.parametrize(
    ("source", "words", "wanted"),
    [
        ("Check **the order** first.\n", "the order", "Check first.\n"),
        ("a b c\n", "b", "a c\n"),
        ("- one\n- two\n- three\n", "two", "- one\n- three\n"),
        ("one\n\ntwo\n\nthree\n", "two", "one\n\nthree\n"),
    ],
)
def test_an_empty_replacement_takes_the_passage_away(source: str, words: str, wanted: str):
    assert taken(source, words, "") == wanted


def test_nothing_is_guessed():
    assert taken(TABLE, "b\n1", "one cell of two rows") is None
    assert take_up("abc\n", 2, 9, "x") is None
    assert take_up("abc\n", 1, 1, "x") is None


@pytest.mark.parametrize(
    ("source", "words", "replacement"),
    [
        ("Then `refund --all` and go.\n", "Then refund --all and", "Now and"),
        ("Use `kb` here\n", "Use kb here", "Go there"),
        ("# Sending parcels\n\ntext\n", "Sending parcels", "Sending\nparcels"),
    ],
)
def test_what_would_lose_its_code_or_split_its_block_is_left_to_the_editor(
    source: str, words: str, replacement: str
):
    assert taken(source, words, replacement) is None


SPANS = ["{}", "**{}**", "*{}*", "`{}`", "[{}](https://example.com/a)", "~~{}~~"]
WORDS = ["退款", "order", "a", "核对", "1,200", "the stock", "😀", "x*y", "A&B", "订单"]
REPLACEMENTS = ["", "退货", "b", "**b**", "a|b", "# x", "1. y", "two words", "<b>", "`c`", "两 行", "_"]


@st.composite
def inlines(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(st.sampled_from(SPANS), st.sampled_from(WORDS)), min_size=1, max_size=5))
    return draw(st.sampled_from([" ", "", "，"])).join(span.format(word) for span, word in parts)


@st.composite
def blocks(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["p", "p", "h", "ul", "ol", "task", "quote", "table", "code"]))
    lines = draw(st.lists(inlines(), min_size=1, max_size=3))
    if kind == "p":
        return "\n".join(lines)
    if kind == "h":
        return "## " + lines[0]
    if kind == "table":
        cells = ["| {} | {} |".format(line.replace("|", "\\|"), "1") for line in lines]
        return "\n".join([cells[0], "|---|---|", *cells[1:]])
    if kind == "code":
        return "\n".join(["```", *lines, "```"])
    ahead = {"ul": "- ", "ol": "1. ", "task": "- [ ] ", "quote": "> "}[kind]
    return "\n".join(ahead + line for line in lines)


@settings(max_examples=150)
@given(
    st.lists(blocks(), min_size=1, max_size=4),
    st.integers(0, 10_000),
    st.integers(1, 25),
    st.sampled_from(REPLACEMENTS),
)
def test_it_reads_as_wanted_or_nothing_is_done(parts: list[str], at: int, length: int, replacement: str):
    source = "\n\n".join(parts) + "\n"
    text = render(source).text
    start = at % len(text)
    end = min(len(text), start + length)
    found = take_up(source, start, end, replacement)
    event("taken up" if found else "refused")
    if found is None:
        return
    passage = text[start:end]
    left, right = len(passage) - len(passage.lstrip()), len(passage) - len(passage.rstrip())
    start, end = start + left, end - right
    shall = replacement.strip() if left or right else replacement
    assert found.text == render(found.body).text
    assert found.text in [wanted for wanted, _low, _high in wanted_texts(text, start, end, shall)]
    assert found.text[found.start : found.end] in (shall, " ".join(shall.split()))
    before, after = render(source).outline, render(found.body).outline
    outside = [one for one in before if one.start + len(one.text) < start or one.start > end]
    assert {(one.level, one.text) for one in outside} <= {(one.level, one.text) for one in after}


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=8),
    st.integers(0, 7),
    st.sampled_from(["b", "退货"]),
)
def test_a_whole_word_of_plain_text_always_finds_its_place(words: list[str], number: int, replacement: str):
    source = " ".join(word.replace("*", "\\*") for word in words) + "\n"
    number %= len(words)
    start = sum(len(word) + 1 for word in words[:number])
    found = take_up(source, start, start + len(words[number]), replacement)
    assert found is not None
    assert found.text == " ".join([*words[:number], replacement, *words[number + 1 :]]) + "\n"

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown import render
from kb.search.language import parse
from kb.search.snippets import COLUMNS, Snippet, mark, snippet

FILLER = "这里说的是别的事情，没有什么关系。" * 20
NOTE = render(
    f"# 退款\n\n开头。{FILLER}\n\n## 审核流程\n\n"
    "客户申請退款之後，先查订单号 **TB20261103-0092** 再审批；超过５００元找主管。"
    "We approved refunds & filed <b>reports.\n\n### 例外\n\n- 生鲜不退\n"
)


def of_note(text: str) -> Snippet:
    return snippet(NOTE.text, NOTE.outline, parse(text))


def marks(text: str) -> list[str]:
    return re.findall("<mark>(.*?)</mark>", of_note(text).html)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("退款之后", ["退款之後"]),
        ("审批 申请", ["申請", "审批"]),
        ("500", ["５００"]),
        ("approving refund", ["approved", "refunds"]),
        ("file*", ["filed"]),
        ("TB20261103-0092", ["TB20261103", "0092"]),
        ("20261103", ["20261103"]),
        ("生鲜", ["生鲜"]),
        ("怎样申请退款的呢", ["申請退款"]),
        ("生鲜 -审批", ["生鲜"]),
    ],
)
def test_the_words_are_marked_as_they_are_written(text: str, marked: list[str]) -> None:
    assert marks(text) == marked


@pytest.mark.parametrize(
    ("text", "path"),
    [("审批", ("退款", "审核流程")), ("生鲜", ("退款", "审核流程", "例外")), ("开头", ("退款",))],
)
def test_the_headings_above_are_named_and_the_last_is_linked(text: str, path: tuple[str, ...]) -> None:
    found = of_note(text)
    assert found.path == path
    assert found.heading == path[-1]
    assert found.anchor == next(heading.anchor for heading in NOTE.outline if heading.text == path[-1])


def test_without_a_mark_the_beginning_is_shown() -> None:
    found = of_note("absent")
    assert found.html.startswith("退款 开头。")
    assert found.html.endswith("…")
    assert (found.heading, found.anchor) == (None, None)


def test_the_stretch_with_most_of_the_query_is_chosen() -> None:
    text = "退款。" + FILLER * 3 + "退款要先审核再打款。" + FILLER * 3 + "审核。"
    assert snippet(text, (), parse("退款 审核")).html.count("<mark>") == 2


def test_a_snippet_begins_and_ends_between_words() -> None:
    text = (
        "alpha bravo charlie delta echo foxtrot golf hotel " * 20
        + "refund "
        + "india juliett kilo lima mike " * 20
    )
    words = re.sub("</?mark>|…", "", snippet(text, (), parse("refund")).html).split()
    assert set(words) <= set(text.split())


def test_everything_but_the_marks_is_escaped() -> None:
    assert "filed</mark> &lt;b&gt;reports" in of_note("filed").html
    assert mark('<script>"退款"&', parse("退款 script")) == (
        "&lt;<mark>script</mark>&gt;&quot;<mark>退款</mark>&quot;&amp;"
    )


def test_controls_that_would_turn_the_page_around_are_dropped() -> None:
    assert mark("a\u202e退\u200e款\x00b", parse("退款")) == "a<mark>退款</mark>b"


def test_the_far_end_of_a_long_note_is_reached() -> None:
    text = "lorem ipsum dolor " * 50_000 + "退款审核在最后"
    assert "<mark>退款审核</mark>" in snippet(text, (), parse("退款审核")).html


@pytest.mark.parametrize("typed", ["refund", "aGVsbG8*", "absent", "aGVsbG8gd29ybGQ"])
def test_an_endless_word_is_cut(typed: str) -> None:
    text = "refund " + "aGVsbG8gd29ybGQ" * 400
    html = snippet(text, (), parse(typed)).html
    assert len(re.sub("</?mark>", "", html)) <= 2 * COLUMNS + 2
    assert html.endswith("…")


def test_a_lone_digit_or_letter_is_marked_beside_another_word_only() -> None:
    text = "Step 1: see page 7. error 1 at line 7, plan B; b is 7."
    found = re.findall("<mark>(.*?)</mark>", mark(text, parse('error 1 at line 7 "b"')))
    assert found == ["error", "1", "line", "7"]
    assert re.findall("<mark>(.*?)</mark>", mark(text, parse("7"))) == ["7", "7", "7"]


@given(st.text(max_size=400), st.text(max_size=40))
def test_a_marked_text_reads_as_it_was_written(text: str, typed: str) -> None:
    plain = mark(text, parse(""))
    assert re.sub("</?mark>", "", mark(text, parse(typed))).replace("  ", " ") == plain.replace("  ", " ")
    assert re.fullmatch(r"(?:[^<>]|<mark>[^<>]+</mark>)*", snippet(text, (), parse(typed)).html)

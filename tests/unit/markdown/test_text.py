from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given

from kb.markdown import render
from tests.unit.markdown.samples import PROCEDURE, SAMPLES
from tests.unit.markdown.test_sanitise import MARKDOWN


class Words(HTMLParser):
    """All characters that are shown, in order, as another parser finds them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found = ""
        self.skipping = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "img":
            self.found += attributes.get("alt") or ""
        elif attributes.get("class") == "footnote-backref":
            self.skipping = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.skipping = False

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.found += data


def packed(text: str) -> str:
    return re.sub(r"[ \t\n\f\r]", "", text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a *b* **c**", "a b c\n"),
        ("# H\n\npara\npara", "H\npara para\n"),
        ("- a\n- b\n  - c\n- d", "a\nb\nc\nd\n"),
        ("- a\n\n- b", "a\nb\n"),
        ("1. a\n\n   b", "a\nb\n"),
        ("> a\n>\n> b", "a\nb\n"),
        ("|a|b|\n|-|-|\n|1||\n||2|\n|||", "a\tb\n1\t\n\t2\n\t\n"),
        ("a  \nb", "a\nb\n"),
        ("```\na  b\n\n```\nc", "a  b\n\nc\n"),
        ("```\n```", ""),
        ("x `a  b` y", "x a b y\n"),
        ("![流程 *图*](/attachments/a.png) 后", "流程 图 后\n"),
        ("![图](https://x.example.com/a.png)", "图\n"),
        ("- [x] done", "done\n"),
        ("a[^1]\n\n[^1]: b", "a[1]\nb\n"),
        ("a\n\n***\n\nb", "a\nb\n"),
        ("a\u00a0b\u3000c", "a\u00a0b\u3000c\n"),
        ("<b>x</b>", "<b>x</b>\n"),
        ("", ""),
    ],
)
def test_the_rule(source: str, text: str) -> None:
    assert render(source).text == text


@given(MARKDOWN)
def test_the_text_is_what_is_shown_and_nothing_else(source: str) -> None:
    rendered = render(source)
    assert packed(rendered.text) == packed(Words(rendered.html).found)


@pytest.mark.parametrize("source", SAMPLES.values(), ids=SAMPLES)
def test_the_text_of_the_samples_is_what_is_shown(source: str) -> None:
    rendered = render(source)
    assert packed(rendered.text) == packed(Words(rendered.html).found)
    assert rendered.text == "" or rendered.text.endswith("\n")


@given(MARKDOWN)
def test_lines_outside_code_have_no_spaces_at_their_ends(source: str) -> None:
    rendered = render(source)
    if "<pre" not in rendered.html:
        assert not re.search(r"(?m)^ | $|  |^\n", rendered.text)


def test_positions_count_code_points() -> None:
    text = render("😀 𠮷 x").text
    assert text.index("x") == 4


def test_a_note_reads_as_it_looks() -> None:
    text = render(PROCEDURE, lambda target: None).text
    assert (
        "重要：测试环境与正式环境的账号不同，“先查单”再退款。第二行接着写 https://example.com/a，谢谢。"
        in text
    )
    assert "未发货\t直接退\t2 小时\n" in text
    assert "金额 > 500 元的，找主管\n微信：😀 主管\n电话：分机 8001\n晚上打手机\n" in text
    assert "注意： 大促期间 预案 优先。\n" in text or "注意：大促期间 预案 优先。\n" in text

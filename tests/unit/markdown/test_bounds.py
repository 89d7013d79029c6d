from __future__ import annotations

import pytest

from kb.markdown import render, wiki_links
from kb.markdown.bounds import MAX_SOURCE, MAX_WORK, Budget, TooComplex

SIZE = 1_000_000
HOSTILE = {
    "stars": "*a " * (SIZE // 3),
    "brackets": "[" * 50_000,
    "pictures in pictures": "![a" * 30_000 + "](b)" * 30_000,
    "footnotes in footnotes": "^[a" * 30_000,
    "labels": "[a]: b\n\n" + "[a" * 20_000 + "]" * 20_000,
    "wide table": "|" + "a|" * 3_000 + "\n|" + "-|" * 3_000 + "\n" + "|a\n" * 1_000,
    "lazy quotes": ">" * 40 + "a\n" + "b\n" * (SIZE // 2),
    "definitions": "[a]: b\n" * (SIZE // 7),
    "repeated address": "[a]: http://x/" + "y" * (SIZE // 2) + "\n\n" + "[a] " * 100_000,
    "deep quotes": "> " * 500 + "deep",
    "deep lists": "- " * 500 + "deep",
    "deep emphasis": "**a " * 500 + "a** " * 500,
    "long": "a" * (MAX_SOURCE + 1),
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_past_the_limits_the_source_is_shown_as_typed(source: str) -> None:
    rendered = render(source + "<b>\r\nend")
    assert rendered.truncated
    assert rendered.text == source + "<b>\nend\n"
    assert rendered.html.startswith('<pre class="source"><code>')
    assert rendered.html.endswith("&lt;b&gt;\nend</code></pre>\n")
    assert rendered.outline == ()


QUADRATIC_ELSEWHERE = {
    "ampersands": "&" * 100_000,
    "bangs": "!" * 100_000,
    "star run": "*" * 100_000,
    "tasks": "- [ ] a\n" * 5_000,
    "footnote marks": "[^1]: a\n\n" + "[^1]" * 5_000,
    "addresses": "https://a.example.com " * 5_000,
    "mail": "a@" * 50_000,
    "unclosed code": "".join("`" * n + "a" for n in range(1, 400)),
}


@pytest.mark.parametrize("source", QUADRATIC_ELSEWHERE.values(), ids=QUADRATIC_ELSEWHERE)
def test_hostile_but_cheap_is_rendered(source: str) -> None:
    assert not render(source).truncated


def test_a_megabyte_of_ordinary_notes_is_rendered() -> None:
    section = (
        "## 退款\n\n先在 **ERP** 里查 `订单`，再看 [手册](/notes/1)。\n\n1. 打开页面\n2. 点击“审核”\n\n"
        + "说明文字，" * 60
    )
    rendered = render((section + "\n\n") * (SIZE // len(section)))
    assert not rendered.truncated
    assert len(rendered.outline) == SIZE // len(section)


@pytest.mark.parametrize("depth", range(1, 130, 3))
def test_no_depth_loses_text(depth: int) -> None:
    nested = "".join("  " * n + "- a\n" for n in range(depth)) + "  " * depth + "deep"
    for source in (
        "> " * depth + "deep",
        "- " * depth + "deep",
        nested,
        "[" * depth + "deep" + "](b)" * depth,
    ):
        assert "deep" in render(source).text


def test_the_same_source_always_comes_out_the_same() -> None:
    source = "*a " * 60_000
    assert render(source) == render(source)


def test_wiki_links_of_what_cannot_be_rendered_are_none() -> None:
    assert wiki_links("[[A]] " + HOSTILE["brackets"]) == ()


def test_a_budget_ends() -> None:
    budget = Budget()
    budget.spend(MAX_WORK)
    with pytest.raises(TooComplex):
        budget.spend(1)

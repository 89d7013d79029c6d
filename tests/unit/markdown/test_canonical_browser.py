"""static/js/canonical-text.js over the DOM in Chromium, against kb.markdown.text over the HTML."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from kb.markdown import render
from tests.unit.markdown.samples import PROCEDURE, SAMPLES

MODULE = Path(__file__).parents[3] / "static/js/canonical-text.js"
PIECES = [
    *(
        "*",
        "**",
        "_",
        "~~",
        "`",
        "``",
        "[",
        "]",
        "(",
        ")",
        "![a]",
        "[[A]]",
        "[^1]",
        "^[in]",
        "- ",
        "1. ",
        "> ",
        "# ",
    ),
    *(
        "(/attachments/x.png)",
        "(https://x.example.com/y)",
        "www.example.com",
        "|a|b|",
        "\n|-|-|\n",
        "|",
        "```",
        "---",
    ),
    *(
        "退款",
        "，",
        "😀",
        "𠮷",
        "a",
        "word",
        "e\u0301",
        "<b>",
        "<",
        ">",
        "\\",
        "&amp;",
        "&#13;",
        "&#9;",
        "&nbsp;",
        "===",
    ),
    *(
        "\n",
        "\n\n",
        "  \n",
        "    ",
        "\t",
        " ",
        "\n[^1]: note\n",
        "\u3000",
        "\u200b",
        "\u202e",
        "\x0c",
        "\x01",
    ),
]
CHECK = """
window.canonicalText = canonicalText;
window.check = (html, spans) => {
  const root = document.querySelector("main");
  root.innerHTML = html;
  const found = canonicalText(root);
  const marked = spans.map(([start, end]) => {
    const from = found.locate(start);
    const to = found.locate(end, true);
    const range = document.createRange();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    return [range.toString(), found.offsetOf(from.node, from.offset), found.offsetOf(to.node, to.offset)];
  });
  return { text: found.text, marked };
};
"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def dom(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    page.set_content("<!doctype html><main></main>")
    script = MODULE.read_text(encoding="utf-8").replace("export const", "const")
    page.evaluate("() => {" + script + CHECK + "}")
    yield page
    page.close()


def check(dom: Page, html: str, spans: list[tuple[int, int]]) -> Any:
    return dom.evaluate("([html, spans]) => check(html, spans)", [html, spans])


def random_markdown(count: int) -> list[str]:
    chance = random.Random(7)
    return ["".join(chance.choices(PIECES, k=chance.randrange(1, 40))) for _ in range(count)]


@pytest.mark.parametrize("source", SAMPLES.values(), ids=SAMPLES)
def test_both_read_the_same_text(dom: Page, source: str) -> None:
    rendered = render(source, lambda target: "/notes/1" if target == "A" else None)
    assert check(dom, rendered.html, [])["text"] == rendered.text


def test_both_read_the_same_text_in_whatever_people_type(dom: Page) -> None:
    rendered = [render(source) for source in random_markdown(600)]
    texts = dom.evaluate("(all) => all.map((html) => check(html, []).text)", [r.html for r in rendered])
    assert texts == [r.text for r in rendered]


@pytest.mark.parametrize(
    "name", ["procedure", "emoji and astral Han", "nested lists", "table", "code", "footnotes"]
)
def test_positions_lead_into_the_page_and_back(dom: Page, name: str) -> None:
    rendered = render(SAMPLES[name])
    words = [match.span() for match in re.finditer(r"[^ \t\n]+(?:[ \t\n]+[^ \t\n]+)?", rendered.text)]
    result = check(dom, rendered.html, words)
    for (start, end), (shown, from_position, to_position) in zip(words, result["marked"], strict=True):
        assert re.sub(r"\s|↩\ufe0e", "", shown) == re.sub(r"\s", "", rendered.text[start:end])
        assert from_position == start
        assert rendered.text[end:to_position].strip() == ""


def test_places_between_elements_have_positions(dom: Page) -> None:
    rendered = render("# 😀 a\n\nb **c** d\n\n- e\n")
    positions = dom.evaluate(
        """(html) => {
          const root = document.querySelector("main");
          root.innerHTML = html;
          const found = canonicalText(root);
          const p = root.querySelector("p");
          const ends = [[p, p.childNodes.length], [root, root.childNodes.length]];
          const places = [[root, 0], [p, 0], [p, 1], [p, 2], ...ends];
          return places.map(([node, offset]) => found.offsetOf(node, offset));
        }""",
        rendered.html,
    )
    text = rendered.text
    after_paragraph = text.index("e")
    assert positions == [0, text.index("b"), text.index("c"), text.index("c") + 1, after_paragraph, len(text)]


def test_what_a_page_adds_to_a_note_is_not_in_its_text(dom: Page) -> None:
    rendered = render(PROCEDURE)
    added = rendered.html.replace("</h1>", '<button data-not-text="">Copy link</button></h1>')
    assert check(dom, added, [])["text"] == rendered.text

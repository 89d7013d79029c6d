from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.markdown import render
from kb.markdown.sanitise import ATTRIBUTES, CLASSES, TAGS, sanitise
from tests.unit.markdown.samples import SAMPLES

PIECES = st.sampled_from(
    [
        *(
            "<script>",
            "</script>",
            "<style>x{}</style>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=x>",
            "<!--",
            "-->",
        ),
        *(
            "[a](",
            "![a](",
            "javascript:",
            "data:text/html,",
            "https://x",
            ")",
            "<",
            ">",
            '"',
            "'",
            " onclick=",
            "style=",
        ),
        *(
            "`",
            "```",
            "\n",
            "\n\n",
            "    ",
            "*",
            "**",
            "_",
            "[",
            "]",
            "[[",
            "]]",
            "|",
            "|-|\n",
            "- ",
            "> ",
            "# ",
            "^[",
        ),
        *(
            "[^1]",
            "[^1]: ",
            "&lt;",
            "&#60;",
            "&",
            "\\",
            "\x0b",
            "\x0c",
            "\u2028",
            "中",
            "😀",
            "id=",
            "hx-get=/x",
            "</p>",
        ),
    ]
)
MARKDOWN = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=30).map("".join)


class Elements(HTMLParser):
    """Lists elements and attributes as another parser than nh3's finds them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def check_harmless(html: str) -> None:
    for tag, attributes in Elements(html).found:
        assert tag in TAGS
        headings = {"id"} if tag in ("h1", "h2", "h3", "h4", "h5", "h6") else set()
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | headings
        for name in (attributes.get("class") or "").split():
            assert name in CLASSES or (tag == "code" and name.startswith("language-"))
        href = attributes.get("href")
        if href is not None and ":" in href.split("/")[0].split("?")[0].split("#")[0]:
            assert href.split(":")[0].lower() in ("http", "https", "mailto", "tel", "ftp")
        assert (attributes.get("src") or "/attachments/").startswith("/attachments/")


@given(MARKDOWN)
@example("[a](java\nscript:alert(1))")
@example("```\"onclick='x'\nx\n```")
def test_nothing_that_acts_comes_through(source: str) -> None:
    check_harmless(render(source, lambda target: f"/notes/{target}").html)


@pytest.mark.parametrize("source", SAMPLES.values(), ids=SAMPLES)
def test_nothing_that_acts_comes_through_the_samples(source: str) -> None:
    check_harmless(render(source).html)


@given(st.text(max_size=60), st.sampled_from(["<p {}>x</p>", "<a {}>x</a>", "<img {}>", "<{}>", "<code {}>"]))
@example('onclick="alert(1)" style="color:red" data-x="1" hx-get="/x" id="x"', "<a {}>x</a>")
@example('src="https://far.example.com/x.png"', "<img {}>")
@example("iframe src=/x", "<{}>")
def test_the_wall_stands_without_the_renderer(inside: str, shape: str) -> None:
    check_harmless(sanitise(shape.format(inside)))


def test_unknown_classes_and_ids_are_dropped_and_known_ones_kept() -> None:
    shown = sanitise(
        '<span class="wikilink-missing toolbar">a</span><li id="header">b</li><li id="fn1">c</li>'
    )
    assert shown == '<span class="wikilink-missing">a</span><li>b</li><li id="fn1">c</li>'


@pytest.mark.parametrize(
    "src", ["/attachments/../../sign-out", "/attachments/a/../../x", "/attachments/", "/sign-out"]
)
def test_a_picture_comes_from_the_attachments_and_nowhere_else(src: str) -> None:
    assert "src" not in sanitise(f'<img src="{src}" alt="x">')
    assert 'src="/attachments/a1/b.png"' in sanitise('<img src="/attachments/a1/b.png" alt="x">')

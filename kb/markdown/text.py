"""The canonical text of a rendered note, to which positions of annotations and search refer.

The rule, the same in static/js/canonical-text.js, and changed in both or in neither:
- An element of BLOCKS begins and ends a line: where the text so far does not end in a newline (and is not
  empty), one newline is added. So blocks end in exactly one newline, and empty ones leave nothing.
- Between two cells of a table row stands a tab.
- Outside <pre>, a run of white space (space, tab, newline, form feed, carriage return) is one space, and none
  at the beginning or end of a line or cell. Inside <pre> every character counts.
- <br> is a newline, <img> its alt text, treated like text. <input> and a footnote's way back are nothing.
Positions count Unicode code points.
"""

from __future__ import annotations

import re
from html import unescape

from kb.markdown.outline import FoundHeading

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | {
    *("p", "ul", "ol", "li", "blockquote", "pre", "section", "hr", "div"),
    *("table", "thead", "tbody", "tr"),
}
# Only for what nh3 wrote: text never holds a bare <, attributes are always in double quotes.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^">]|"[^"]*")*)>')
_ALT = re.compile(r'\salt="([^"]*)"')
_SPACE = re.compile(r"[ \t\n\f\r]+")


class _Writer:
    """Gathers text and counts it; `last` is its last character: '' for none, 'x' for an ordinary one."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.last = ""
        self.space = False

    def put(self, piece: str, last: str) -> None:
        self.parts.append(piece)
        self.length += len(piece)
        self.last = last
        self.space = False

    def flow(self, text: str) -> None:
        text = _SPACE.sub(" ", text)
        if text[:1] == " ":
            self.space = self.last == "x"
            text = text[1:]
        if text:
            trailing = text[-1] == " "
            self.put((" " if self.space else "") + (text[:-1] if trailing else text), "x")
            self.space = trailing

    def verbatim(self, text: str) -> None:
        self.put(text, "\n" if text.endswith("\n") else "x")

    def line(self) -> None:
        self.space = False
        if self.last in ("x", "\t"):
            self.put("\n", "\n")


class _Reader:
    """Walks the tags of sanitised HTML and writes its text."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.out = _Writer()
        self.headings: list[FoundHeading] = []
        self.body_end: int | None = None
        self.preformatted = False
        self.skipping = False
        self.first_cell = True
        self.heading_at = (0, 0)

    def read(self) -> None:
        done = 0
        for tag in _TAG.finditer(self.html):
            if tag.start() > done:
                self.text(self.html[done : tag.start()])
            done = tag.end()
            closing, name, attributes = tag.groups()
            if self.skipping:
                self.skipping = name != "a"
            elif name in BLOCKS:
                self.block(name, bool(closing), tag)
            elif name in ("td", "th"):
                self.cell(bool(closing))
            elif name == "br":
                self.out.put("\n", "\n")
            elif name == "img" and (alt := _ALT.search(attributes)):
                self.flow(unescape(alt.group(1)))
            elif name == "a":
                self.skipping = 'class="footnote-backref"' in attributes
        self.text(self.html[done:])
        self.out.line()

    def text(self, escaped: str) -> None:
        if not self.skipping and escaped:
            self.flow(unescape(escaped) if "&" in escaped else escaped)

    def flow(self, text: str) -> None:
        if self.preformatted:
            self.out.verbatim(text)
        else:
            self.out.flow(text)

    def block(self, name: str, closing: bool, tag: re.Match[str]) -> None:
        if name in HEADINGS:
            self.heading(int(name[1]), closing, tag)
        self.out.line()
        if name == "pre":
            self.preformatted = not closing
        elif name == "tr":
            self.first_cell = True
        elif name == "section" and not closing and self.body_end is None:
            self.body_end = self.out.length

    def heading(self, level: int, closing: bool, tag: re.Match[str]) -> None:
        if closing:
            start, tag_end = self.heading_at
            self.headings.append(FoundHeading(level, tag_end, start, self.out.length))
        else:
            self.out.line()
            self.heading_at = (self.out.length, tag.end() - 1)

    def cell(self, closing: bool) -> None:
        if not closing and not self.first_cell:
            self.out.put("\t", "\t")
        self.out.space = False
        self.first_cell = False


def canonical_text(html: str) -> tuple[str, list[FoundHeading], int]:
    """The text of HTML as nh3 writes it, its headings, and where the body ends and the footnotes begin."""
    reader = _Reader(html)
    reader.read()
    text = "".join(reader.out.parts)
    return text, reader.headings, len(text) if reader.body_end is None else reader.body_end

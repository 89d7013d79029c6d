"""A rendered note in the blocks a reader sees, each with its line of the canonical text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kb.markdown import Rendered
from kb.markdown.text import BLOCKS, canonical_text

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^">]|"[^"]*")*)>')
_START = re.compile(r'\bstart="(\d{1,9})"')
_HEADING = re.compile(r"h[1-6]\Z")


class BlockKind(StrEnum):
    """How a block is set."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    CODE = "code"
    ROW = "row"


@dataclass(frozen=True)
class Block:
    """One line as it is read; level: of a heading (1–6), how deep an item or quotation lies (from 1), else 0.

    marker stands before the first line of an item: "•" or its number. html is what it was set from, without the tags
    of blocks: it differs where only the marking or a link does.
    """

    kind: BlockKind
    level: int
    text: str
    html: str = ""
    marker: str = ""


def blocks_of(made: Rendered | str) -> list[Block]:
    """The blocks of a rendered note, or of a canonical text; joined by newlines their texts are the canonical text."""
    if isinstance(made, str):
        return [_of_text(line) for line in made.removesuffix("\n").split("\n")] if made else []
    return [block for inside, html, marker in _leaves(made.html) for block in _lines(inside, html, marker)]


def _of_text(line: str) -> Block:
    return Block(BlockKind.ROW if "\t" in line else BlockKind.PARAGRAPH, 0, line)


def _leaves(html: str) -> Iterator[tuple[list[str], str, str]]:
    """What stands between the tags of blocks, with the names of the blocks around it, and an item's marker."""
    inside: list[str] = []
    lists = _Lists()
    done = 0
    for tag in _TAG.finditer(html):
        closing, name, attributes = tag.groups()
        if name not in BLOCKS:
            continue
        if tag.start() > done:
            yield inside, html[done : tag.start()], lists.taken(html[done : tag.start()])
        done = tag.end()
        lists.pass_by(bool(closing), name, attributes)
        if not closing and name != "hr":
            inside = [*inside, name]
        elif closing and name in inside:
            inside = inside[: len(inside) - 1 - inside[::-1].index(name)]
    if html[done:].strip():
        yield inside, html[done:], ""


class _Lists:
    """Counts the items of the lists that are open."""

    def __init__(self) -> None:
        self._numbers: list[int | None] = []  # of the next item; None where it is not numbered
        self._marker = ""

    def pass_by(self, closing: bool, name: str, attributes: str) -> None:
        if name in ("ol", "ul"):
            if closing:
                del self._numbers[-1:]
            else:
                start = _START.search(attributes)
                self._numbers.append(int(start[1]) if start else 1 if name == "ol" else None)
        elif name == "li" and not closing and self._numbers:
            number = self._numbers[-1]
            self._marker = "•" if number is None else f"{number}."
            self._numbers[-1] = None if number is None else number + 1

    def taken(self, html: str) -> str:
        """The marker of the item whose first words these are; asked for once."""
        marker, self._marker = (self._marker, "") if html.strip() else ("", self._marker)
        return marker


def _lines(inside: list[str], html: str, marker: str) -> Iterator[Block]:
    code = "pre" in inside
    text, _headings, _end = canonical_text(f"<pre>{html}</pre>" if code else html)
    if not text:
        return
    kind, level = _kind(inside)
    lines = text.removesuffix("\n").split("\n")
    for number, line in enumerate(lines):
        yield Block(kind, level, line, html if len(lines) == 1 else "", "" if number else marker)


def _kind(inside: list[str]) -> tuple[BlockKind, int]:
    for name in reversed(inside):
        if _HEADING.match(name):
            return BlockKind.HEADING, int(name[1])
        if name == "li":
            return BlockKind.ITEM, inside.count("li")
        if name in ("pre", "tr"):
            return BlockKind.CODE if name == "pre" else BlockKind.ROW, 0
        if name == "blockquote":
            return BlockKind.QUOTE, inside.count("blockquote")
    return BlockKind.PARAGRAPH, 0

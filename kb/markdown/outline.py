"""The headings of a rendered note: where they stand in its text and the anchors they get."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NOT_WORD = re.compile(r"[\W_]+")
_LONGEST_SLUG = 60


@dataclass(frozen=True)
class Heading:
    """A heading; `start` and `end` (of its whole section) are code points in the canonical text."""

    level: int
    text: str
    anchor: str
    start: int
    end: int


@dataclass(frozen=True)
class FoundHeading:
    """A heading as met in the HTML, its opening tag's `>` at `tag_end`; else as Heading."""

    level: int
    tag_end: int
    start: int
    end: int


def outline(found: list[FoundHeading], text: str, body_end: int, prefix: str) -> tuple[Heading, ...]:
    """Headings with anchors unique on the page; a section ends at the next heading of its level or above."""
    ends = [body_end] * len(found)
    open_sections: list[int] = []
    for index, heading in enumerate(found):
        while open_sections and found[open_sections[-1]].level >= heading.level:
            ends[open_sections.pop()] = heading.start
        open_sections.append(index)
    taken: set[str] = set()
    counts: dict[str, int] = {}
    headings = []
    for heading, end in zip(found, ends, strict=True):
        words = text[heading.start : heading.end]
        anchor = _anchor(words, prefix, taken, counts)
        headings.append(Heading(heading.level, words, anchor, heading.start, max(end, heading.end)))
    return tuple(headings)


def base_anchor(words: str, prefix: str = "") -> str:
    """The anchor of a heading that is the first of its name."""
    return f"s-{prefix}{_NOT_WORD.sub('-', words.lower()).strip('-')[:_LONGEST_SLUG].strip('-')}".rstrip("-")


def _anchor(words: str, prefix: str, taken: set[str], counts: dict[str, int]) -> str:
    anchor = base = base_anchor(words, prefix)
    while anchor in taken:
        counts[base] = counts.get(base, 1) + 1
        anchor = f"{base}-{counts[base]}"
    taken.add(anchor)
    return anchor


def with_anchors(html: str, found: list[FoundHeading], headings: tuple[Heading, ...]) -> str:
    """The HTML with each heading's anchor as its id."""
    pieces, done = [], 0
    for place, heading in zip(found, headings, strict=True):
        pieces += [html[done : place.tag_end], f' id="{heading.anchor}"']
        done = place.tag_end
    return "".join([*pieces, html[done:]])

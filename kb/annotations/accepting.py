"""Puts a correction into the Markdown of a note, or refuses. Pure.

A mark stands on the rendered text; what is written is its source. Places in the source are proposed (source_map) and
tried, the smallest change first: a place counts only if the note rendered again reads as it read with the passage
replaced, and the HTML before and after the passage is what it was. Where no place stands that, nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from kb.annotations.places import CLOSING, Change, places
from kb.annotations.source_map import SourceMap
from kb.markdown import Rendered, render
from kb.markdown.text import canonical_text

MOST_TRIED = 60  # changes rendered for one correction
MOST_RENDERED = 1_500_000  # characters of all of them together
_SPACE = re.compile(r"[ \t\n\f\r]+")
# What stands before the words and follows from them: the name of a heading's anchor, of a task's box.
_DERIVED = re.compile(r'(<h[1-6]) id="[^"]*"|(<input[^>]*?) aria-label="[^"]*"')
_BUILD = re.compile(r"</?(?:p|h[1-6]|[uo]l|li|blockquote|pre|code|table|t[hrd]|hr|d[ltd]|br)\b")
_WIKILINK = re.compile(r'<a class="wikilink" href="[^"]*"')


@dataclass(frozen=True)
class TakenUp:
    """The note's new Markdown, and where the replacement stands in its canonical text."""

    body: str
    text: str
    start: int
    end: int


def take_up(
    source: str, start: int, end: int, replacement: str, made: Rendered | None = None
) -> TakenUp | None:
    """The Markdown in which the passage [start, end) of the canonical text reads as the replacement.

    None: no safe place was found. made: the rendering of the source, where it is known, its [[links]] placeholders.
    """
    before = made or _render(source)
    if not 0 <= start < end <= len(before.text) or "\r" in source:
        return None
    start, end, replacement = _trimmed(before.text, start, end, replacement)
    if start == end:
        return None
    if before.truncated:  # shown as typed: the text is the source
        return _tried(before, start, end, replacement, source[:start] + replacement + source[end:])
    left = MOST_RENDERED
    seen: set[str] = set()
    change = Change(source, before.text, start, end, replacement)
    for body in _bounded(places(change, SourceMap(source, before.text))):
        if body in seen or body == source:
            continue
        seen.add(body)
        left -= len(body)
        if left < 0 and len(seen) > 2:
            return None
        found = _tried(before, start, end, replacement, body)
        if found:
            return found
    return None


def _trimmed(text: str, start: int, end: int, replacement: str) -> tuple[int, int, str]:
    """The passage without the white space at its ends, which goes with it where there is some."""
    passage = text[start:end]
    left = len(passage) - len(passage.lstrip())
    right = len(passage) - len(passage.rstrip()) if passage.strip() else 0
    return start + left, end - right, replacement.strip() if left or right else replacement


def _bounded(bodies: Iterator[str]) -> Iterator[str]:
    for _number, body in zip(range(MOST_TRIED), bodies, strict=False):
        yield body


def _tried(before: Rendered, start: int, end: int, replacement: str, body: str) -> TakenUp | None:
    after = _render(body)
    if after.truncated != before.truncated or not _same_build(
        before.html, after.html, bool(replacement.strip())
    ):
        return None
    for wanted, low, high in wanted_texts(before.text, start, end, replacement):
        if after.text == wanted and _nothing_else_moved(before, after, start, end):
            return TakenUp(body, after.text, low, high)
    return None


def _same_build(old: str, new: str, replaced: bool) -> bool:
    """Whether the blocks are those there were and no code lost its marking; what is taken away may take its own."""
    stood, stands = _BUILD.findall(old), _BUILD.findall(new)
    if replaced:
        return stood == stands
    rest = iter(stood)
    return all(tag in rest for tag in stands)


def wanted_texts(text: str, start: int, end: int, replacement: str) -> list[tuple[str, int, int]]:
    """How the canonical text may read afterwards, and where the replacement stands in it.

    With the replacement as it was typed; and as text is set, where a run of white space is one space, and what
    parted a passage that goes from its neighbours goes with it.
    """
    before, after = text[:start], text[end:]
    found = [(before + replacement + after, start, start + len(replacement))]
    words = _SPACE.sub(" ", replacement).strip(" ")
    if words:
        found.append((before + words + after, start, start + len(words)))
        return found
    if after[:1] == "\n" and (before[-1:] in ("", "\n")):
        after = after[1:]
    elif before[-1:] == " " and (not after or after[0] in CLOSING):
        before = before[:-1]
    elif before[-1:] in ("", "\n", "\t", " ") and after[:1] == " ":
        after = after[1:]
    found.append((before + after, len(before), len(before)))
    return found


def _nothing_else_moved(before: Rendered, after: Rendered, start: int, end: int) -> bool:
    """Whether the HTML before and after the passage is the same, and no link to a note leads to another now."""
    old, new = _plain(before.html), _plain(after.html)
    head, tail = _common(old, new), _common(old[::-1], new[::-1])
    ahead = _squeezed(canonical_text(_without_half_tag(old[:head]))[0])
    behind = _squeezed(canonical_text(_from_tag(old[len(old) - tail :]))[0])
    if not ahead.startswith(_squeezed(before.text[:start])):
        return False
    if not behind.endswith(_squeezed(before.text[end:])):
        return False
    return set(_WIKILINK.findall(new)) <= set(_WIKILINK.findall(old))


def _plain(html: str) -> str:
    return _DERIVED.sub(lambda tag: tag[1] or tag[2], html)


def _without_half_tag(html: str) -> str:
    opened = html.rfind("<")
    return html[:opened] if opened > html.rfind(">") else html


def _from_tag(html: str) -> str:
    """The end of a page from its first whole tag or word."""
    closed = html.find(">")
    opened = html.find("<")
    return html[closed + 1 :] if closed >= 0 and (opened < 0 or closed < opened) else html


def _common(one: str, two: str) -> int:
    """How many characters both begin with, found by halving."""
    low, high = 0, min(len(one), len(two))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == two[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _render(source: str) -> Rendered:
    return render(source, lambda target: "/wiki/" + quote(target, safe=""))

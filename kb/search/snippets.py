"""The passage that shows why something was found, and the heading it stands under."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.search.marking import Span, mark, marked, spans
from kb.search.query import Query

if TYPE_CHECKING:
    from kb.markdown import Heading

__all__ = ["Snippet", "mark", "snippet"]

COLUMNS = 168  # about two lines; Han characters take two columns each
MOST_JOINED = 20  # accents on one letter
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\U00020000-\U000323af]")
_SENTENCE = re.compile(r"[。！？；\n]\s*|[.!?;:]\s+")
_BREAK = re.compile(r"[\s，、：。！？；,.!?;:)）】》」]")
_JOINED = re.compile("[\u0300-\u036f\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


@dataclass(frozen=True)
class Snippet:
    """`html` holds text and <mark> only; `path` names the headings above it, `anchor` leads to the last."""

    html: str
    heading: str | None = None
    anchor: str | None = None
    path: tuple[str, ...] = ()


def snippet(text: str, outline: Sequence[Heading], query: Query) -> Snippet:
    """The best passage of a plain text for the query, or its beginning if nothing of the query is in it."""
    places = spans(text, query)
    if not places:
        end = _end(text, 0, _width(text, 0))
        return Snippet(marked(text, [], 0, end).strip() + _dots(end < len(text.rstrip())))
    width = _width(text, places[0].start)
    first, last = _best(places, width)
    above = _above(outline, first.start)
    begin, stop = _section(text, outline, above, first, last)
    start = max(begin, _start(text, first.start, last.end, width))
    # A word may go on for pages, as encoded pictures do.
    end = min(stop, max(last.end, _end(text, start, width)), start + 2 * width)
    html = marked(text, [place for place in places if place.end > start and place.start < end], start, end)
    return Snippet(
        _dots(start > begin) + html.strip() + _dots(bool(text[end:stop].strip())),
        above[-1].text if above else None,
        above[-1].anchor if above else None,
        tuple(heading.text for heading in above),
    )


def _section(
    text: str, outline: Sequence[Heading], above: list[Heading], first: Span, last: Span
) -> tuple[int, int]:
    """The stretch to stay within: up to the next heading, and behind one's own unless the mark is in it."""
    stop = min((heading.start for heading in outline if heading.start >= last.end), default=len(text))
    if not above:
        return 0, stop
    behind = above[-1].start + len(above[-1].text)
    return (above[-1].start if first.start < behind else behind), stop


def _width(text: str, at: int) -> int:
    """How many characters make two lines here."""
    sample = text[max(0, at - 60) : at + 100]
    wide = len(_WIDE.findall(sample)) / max(1, len(sample))
    return round(COLUMNS / (1 + wide))


def _best(places: list[Span], width: int) -> tuple[Span, Span]:
    """The first and the last place of the stretch that shows most parts of the query, longest parts first."""
    best, chosen = 0.0, (places[0], places[0])
    for i, first in enumerate(places):
        parts: set[str] = set()
        count, last = 0, first
        for place in places[i : i + 40]:
            if place.end > first.start + width - 10:
                break
            parts.add(place.part)
            count, last = count + 1, place
        worth = sum(2 + len(part) for part in parts) + 0.01 * count
        if worth > best:
            best, chosen = worth, (first, last)
    return chosen


def _start(text: str, first: int, last: int, width: int) -> int:
    """Where to begin: at a sentence if one begins near, else at a word, some way ahead of the first mark."""
    earliest = max(0, first - max(0, min(width // 2, width - (last - first) - width // 6)))
    if earliest == 0:
        return 0
    sentences = [match.end() for match in _SENTENCE.finditer(text, earliest, first) if match.end() <= first]
    if sentences:
        return sentences[0]
    words = [match.end() for match in _BREAK.finditer(text, earliest, first)]
    return words[0] if words else _whole(text, earliest, first)


def _end(text: str, start: int, width: int) -> int:
    """Where to stop: behind a sentence or a word near the end of the second line."""
    latest = start + width
    if latest >= len(text):
        return len(text)
    tail = start + width * 2 // 3
    for pattern in (_SENTENCE, _BREAK):
        stops = [match.start() + 1 for match in pattern.finditer(text, tail, latest)]
        if stops:
            return stops[-1]
    return _whole(text, latest, len(text))


def _whole(text: str, at: int, most: int) -> int:
    """The next place that does not part a character from what is joined to it."""
    most = min(most, at + MOST_JOINED)
    while at < most and _JOINED.match(text, at):
        at += 1
    return at


def _above(outline: Sequence[Heading], at: int) -> list[Heading]:
    """The headings whose sections hold the position, outermost first."""
    return [heading for heading in outline if heading.start <= at < heading.end]


def _dots(cut: bool) -> str:
    return "…" if cut else ""

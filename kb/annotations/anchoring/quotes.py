"""Where a quote stands in a text: W3C text quote and text position selectors, in code points.

This finds unchanged quotes in one text; carrier.py follows a passage from a text to the next.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

CONTEXT = 64  # characters kept on each side of a quote
MOST_PLACES = 500  # of one quote that are compared with each other


@dataclass(frozen=True)
class Span:
    """Positions of a passage in the canonical text, end exclusive."""

    start: int
    end: int


class Passages:
    """Finds quotes in one text. Its work is bounded, and what several marks on the text share is done once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._first: dict[str, list[int]] = {}

    @cached_property
    def _backwards(self) -> str:
        # str.rfind may take length times length; str.find on the reversed text does not.
        return self.text[::-1]

    def first(self, quote: str) -> list[int]:
        """Where the quote begins, overlapping places too; one more than MOST_PLACES tells that there are others."""
        if quote not in self._first:
            self._first[quote] = list(islice(self._after(quote, 0), MOST_PLACES + 1)) if quote else []
        return self._first[quote]

    def near(self, quote: str, position: int | None) -> list[int]:
        """Every place of the quote, or where there are too many those around the position."""
        places = self.first(quote)
        if len(places) <= MOST_PLACES:
            return places
        if position is None:
            return places[:MOST_PLACES]
        before = list(islice(self._before(quote, position), MOST_PLACES // 2))
        return before[::-1] + list(islice(self._after(quote, position + 1), MOST_PLACES // 2))

    def nearest(self, quote: str, position: int) -> list[int]:
        """The last place at or before the position and the first after it, where there are such."""
        return [*islice(self._before(quote, position), 1), *islice(self._after(quote, position + 1), 1)]

    def _after(self, quote: str, start: int) -> Iterator[int]:
        at = self.text.find(quote, max(0, start))
        while at >= 0:
            yield at
            at = self.text.find(quote, at + 1)

    def _before(self, quote: str, start: int) -> Iterator[int]:
        back, turned, size = quote[::-1], self._backwards, len(self.text)
        at = turned.find(back, max(0, size - start - len(quote)))
        while at >= 0:
            yield size - at - len(quote)
            at = turned.find(back, at + 1)

    def fit(self, at: int, quote: str, prefix: str, suffix: str) -> int:
        """How many characters around a place are those that once stood around the quote."""
        before = self.text[max(0, at - len(prefix)) : at][::-1]
        end = at + len(quote)
        return common(before, prefix[::-1]) + common(self.text[end : end + len(suffix)], suffix)


def common(one: str, two: str) -> int:
    """How many characters both begin with."""
    length = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        length += 1
    return length


def locate(text: str, quote: str, *, position: int | None, prefix: str, suffix: str) -> Span | None:
    """The occurrence nearest to the position where there is one, else that whose surroundings fit best.

    Where the quote does not stand at the position and all its surroundings stand around one occurrence, that is it.
    A quote that stands nowhere as it is may differ in its white space.
    """
    if position is None:
        found = relocate(Passages(text), quote, expected=None, prefix=prefix, suffix=suffix)
        return found or next(_loosely(text, quote), None)
    passages = Passages(text)
    places = passages.nearest(quote, position) if quote else []
    if not places:
        loose = islice(_loosely(text, quote), MOST_PLACES)
        return min(loose, key=lambda span: abs(span.start - position), default=None)
    whole = passages.first(prefix + quote + suffix) if prefix or suffix else []
    if position not in places and len(whole) == 1:
        return Span(whole[0] + len(prefix), whole[0] + len(prefix) + len(quote))
    best = min(places, key=lambda at: (abs(at - position), -passages.fit(at, quote, prefix, suffix)))
    return Span(best, best + len(quote))


def relocate(
    passages: Passages, quote: str, *, expected: int | None, prefix: str, suffix: str
) -> Span | None:
    """The occurrence in an edited text: surroundings decide, then nearness to where it is expected."""
    if not passages.first(quote):
        return None
    # Nothing fits better than all of the surroundings.
    whole, before = prefix + quote + suffix, len(prefix)
    places = [at + before for at in passages.nearest(whole, (expected or 0) - before)]
    places = places or passages.near(quote, expected)

    def rank(at: int) -> tuple[int, int, int]:
        away = abs(at - expected) if expected is not None else 0
        return passages.fit(at, quote, prefix, suffix), -away, -at

    best = max(places, key=rank)
    return Span(best, best + len(quote))


_WORD = re.compile(r"\S+")


def as_it_stands(text: str, pasted: str) -> str | None:
    """The first passage of the text that reads like the pasted words, whatever white space is between them."""
    found = next(_loosely(text, pasted), None)
    return text[found.start : found.end] if found else None


def _loosely(text: str, quote: str) -> Iterator[Span]:
    wanted = " ".join(quote.split())
    if not wanted:
        return
    words = list(_WORD.finditer(text))
    joined = " ".join(match[0] for match in words)
    starts, length = [], 0  # of the words, in the joined text
    for match in words:
        starts.append(length)
        length += match.end() - match.start() + 1

    def back(place: int) -> int:
        number = bisect_right(starts, place) - 1
        return words[number].start() + place - starts[number]

    at = joined.find(wanted)
    while at >= 0:
        yield Span(back(at), back(at + len(wanted) - 1) + 1)
        at = joined.find(wanted, at + 1)


def surroundings(text: str, span: Span) -> tuple[str, str]:
    """What stands before and after a passage, `CONTEXT` characters each."""
    return text[max(0, span.start - CONTEXT) : span.start], text[span.end : span.end + CONTEXT]

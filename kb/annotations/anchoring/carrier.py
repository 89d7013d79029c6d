"""Carries marks from one saved text to the next.

The rule, first to last; a mark in the wrong place is worse than one without a place.
1. The passage's sentences are followed by the difference of the texts (alignment, succession), the part of a
   sentence by the difference of its words (inside). Untouched words in the place so found: `anchored`.
2. Other words there: `changed`, if they are alike enough both to the words first marked and to those that stood
   there last (a chain of small edits must not lead away from what was meant); a word or two exchanged for
   others within a sentence that is else known are followed too.
3. The words first marked, elsewhere in what this save brought, told apart by what stood around them: `anchored`.
   Words that stand once in both texts come before 2: they were moved.
4. Else `orphaned`. Each later save tries 3 again, with what stood around the words when they were first marked,
   and then words very much alike; only among what that save brought: what stood there before was not the mark's.
Why: where a sentence stands is known better from all the sentences that did not change than from its own words, so
the texts are aligned first and likeness only decides whether what stands there now still is it. A sentence succeeds
at most one other, so no twin is taken for one deleted. The least likeness lies between what two sentences share by
chance (below 0.45, in English as in Chinese) and what one keeps when it is edited (above 0.6).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain

from kb.annotations.anchoring.inside import Inside
from kb.annotations.anchoring.likeness import likeness, telling
from kb.annotations.anchoring.marks import ORPHAN, Mark, Placed, Status
from kb.annotations.anchoring.moving import TELLING
from kb.annotations.anchoring.quotes import Passages
from kb.annotations.anchoring.returning import REMEMBERED, Returns
from kb.annotations.anchoring.succession import Passage, Succession, overlap
from kb.annotations.anchoring.units import frame

MEANT = 0.5  # likeness of a passage to the words first marked
APART = 200  # characters that may have come between two sentences of one mark
MANY = 100  # sentences of one mark that are followed


class Carrier:
    """What all marks on one pair of texts share; its work is bounded whatever the texts."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self._head, tail = frame(old, new)
        self._old_tail, self._new_tail = len(old) - tail, len(new) - tail
        self._sentences = Succession(old, new, self._head, tail)
        self._starts = [unit.start for unit in self._sentences.old]
        self._ends = [unit.end for unit in self._sentences.old]
        self._inside: dict[Passage, Inside] = {}
        self._passages = Passages(new)
        self._returns = Returns(Passages(old), self._passages, self._sentences.fresh)

    def place(self, mark: Mark) -> Placed:
        """Where a mark of the old text stands in the new one."""
        if mark.start is None or mark.end is None:
            return self._returns.again(mark) or self._returns.alike(mark) or ORPHAN
        for apart in (max(APART, mark.end - mark.start), 1):
            found = self._followed(mark.start, mark.end, apart)
            placed = found and self._judged(mark, *found)
            if placed:
                return placed
        return self._returns.again(self._lost(mark)) or self._returns.again(mark) or ORPHAN

    def returned(self, ways: Sequence[Mark]) -> Placed:
        """Where an orphan stands again, by the first of its words and surroundings that leads to a place."""
        found = filter(None, map(self._returns.again, ways))
        quotes = {way.quote: way for way in ways}.values()
        return next(found, None) or next(filter(None, map(self._returns.alike, quotes)), ORPHAN)

    def _lost(self, mark: Mark) -> Mark:
        """A mark without a place, and what stood around it before this save: that may have moved with it."""
        start, end = mark.start or 0, mark.end or 0
        return Mark(
            mark.quote,
            self.old[max(0, start - REMEMBERED) : start],
            self.old[end : end + REMEMBERED],
            None,
            None,
        )

    def _followed(self, start: int, end: int, apart: int) -> tuple[int, int, bool] | None:
        """The passage that became of another; whether its sentence vouches for it whatever its words."""
        moved = self._new_tail - self._old_tail
        if end <= self._head:
            return start, end, True
        if start >= self._old_tail:
            return start + moved, end + moved, True
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        numbers: Iterable[int] = range(first, last)
        if last - first > MANY:
            numbers = chain(range(first, first + MANY // 2), range(last - MANY // 2, last))
        pieces, sure = [(start, self._head)] if start < self._head else [], False
        for piece in filter(None, (self._piece(number, start, end) for number in numbers)):
            pieces.append(piece[:2])
            sure = piece[2] and last - first == 1
        if end > self._old_tail:
            pieces.append((self._new_tail, end + moved))
        if first >= last and not pieces:
            return self._blank(first, start, end)
        run = _together(pieces, apart) if pieces else None
        if run is None:
            return None
        return *self._with_space(start, end, *run), sure

    def _with_space(self, start: int, end: int, low: int, high: int) -> tuple[int, int]:
        """White space at the ends of a mark belongs to no sentence; it is kept where it still stands."""
        stood, now = self.old[start:end], self.new[low:high]
        before = stood[: len(stood) - len(stood.lstrip())]
        after = stood[len(stood.rstrip()) :]
        if not now[:1].isspace() and self.new[max(0, low - len(before)) : low] == before:
            low -= len(before)
        if not now[-1:].isspace() and self.new[high : high + len(after)] == after:
            high += len(after)
        return low, high

    def _blank(self, number: int, start: int, end: int) -> tuple[int, int, bool] | None:
        """White space between sentences goes with the one before it, else with the one after."""
        for beside in (number - 1, number):
            passage = self._sentences.successor(beside) if 0 <= beside < len(self._ends) else None
            if passage is None:
                continue
            after = beside < number
            moved = passage.end - passage.old_end if after else passage.start - passage.old_start
            low, high = start + moved, end + moved
            if low >= 0 and self.new[low:high] == self.old[start:end]:
                return low, high, True
        return None

    def _piece(self, number: int, start: int, end: int) -> tuple[int, int, bool] | None:
        unit, passage = self._sentences.old[number], self._sentences.successor(number)
        low, high = max(start, unit.start), min(end, unit.end)
        whole = (low, high) == (unit.start, unit.end)
        if passage is None:
            found = None if whole else self._sentences.nearby(number, self.old[low:high])
            return found and (found.start, found.end, False)
        stood = self.old[passage.old_start : passage.old_end]
        if start <= passage.old_start and passage.old_end <= end:
            return passage.start, passage.end, False
        low, high = low - passage.old_start, high - passage.old_start
        if stood == self.new[passage.start : passage.end]:
            return passage.start + low, passage.start + high, True
        part = self._difference(passage, stood).part(low, high)
        return part and (passage.start + part.start, passage.start + part.end, part.sure)

    def _difference(self, passage: Passage, stood: str) -> Inside:
        if passage not in self._inside:
            self._inside[passage] = Inside(stood, self.new[passage.start : passage.end], passage.score)
        return self._inside[passage]

    def _judged(self, mark: Mark, start: int, end: int, sure: bool) -> Placed | None:
        """A mark on the passage that became of its own, unless that reads too differently."""
        quote, exact = mark.quote, self.new[start:end]
        if exact == quote:
            return self._at("anchored", start, end)
        known = telling(quote) >= TELLING
        places = [at for at in self._passages.nearest(quote, start) if self._back(quote, at, start, end)]
        if places or (known and self._returns.moved_alone(quote)):
            at = max(
                places or self._passages.first(quote), key=lambda at: self._returns.fit(at, self._lost(mark))
            )
            return self._at("anchored", at, at + len(quote))
        if exact.split() == quote.split():
            return self._at("anchored", start, end)
        stood = self.old[mark.start : mark.end]
        if exact == stood or (sure and not known and telling(exact) <= 3 * TELLING):
            return self._at("changed", start, end)
        if likeness(quote, exact) >= MEANT and likeness(stood, exact) >= MEANT:
            return self._at("changed", start, end)
        return None

    def _back(self, quote: str, at: int, start: int, end: int) -> bool:
        """Whether the words first marked stand in the place found, if not exactly there."""
        last = at + len(quote)
        if telling(quote) >= TELLING:
            return overlap(at, last, start, end)
        around = at <= start and end <= last
        return around or (start <= at and last <= end and 2 * len(quote) >= end - start)

    def _at(self, status: Status, start: int, end: int) -> Placed:
        return Placed(status, start, end, self.new[start:end])


def carry(old: str, new: str, marks: Sequence[Mark]) -> list[Placed]:
    """Where the marks of a text stand in its next version."""
    carrier = Carrier(old, new)
    return [carrier.place(mark) for mark in marks]


def _together(pieces: list[tuple[int, int]], apart: int) -> tuple[int, int] | None:
    """The passage around the longest run of pieces that follow each other closely."""
    runs: list[list[tuple[int, int]]] = []
    for piece in pieces:
        if runs and 0 <= piece[0] - runs[-1][-1][1] <= apart:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    best = max(runs, key=lambda run: sum(end - start for start, end in run))
    return best[0][0], best[-1][1]

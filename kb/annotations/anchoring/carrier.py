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
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kb.annotations.anchoring.inside import Inside
from kb.annotations.anchoring.likeness import likeness, telling
from kb.annotations.anchoring.quotes import CONTEXT, MOST_PLACES, Passages, common
from kb.annotations.anchoring.succession import MARGIN, TELLING, Passage, Succession, overlap

Status = Literal["anchored", "changed", "orphaned"]

MEANT = 0.5  # likeness of a passage to the words first marked
RETURNED = 0.75  # likeness of a passage by which an orphan comes back
FITTING = 16  # characters around a short quote that must be those that stood there
REMEMBERED = 200  # characters on each side of a mark's place before the save
BOUND = "\n"  # the beginning or end of a text, among characters without white space
MANY = 100  # sentences of one mark that are followed


@dataclass(frozen=True)
class Mark:
    """A mark on the old text: the words first marked, what stood around them, where it stands (None: orphaned)."""

    quote: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Placed:
    """Where a mark stands in the new text, in code points, and what stands there; nothing of an orphan."""

    status: Status
    start: int | None
    end: int | None
    exact: str | None


ORPHAN = Placed("orphaned", None, None, None)


class Carrier:
    """What all marks on one pair of texts share; its work is bounded whatever the texts."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self._sentences = Succession(old, new)
        self._starts = [unit.start for unit in self._sentences.old]
        self._ends = [unit.end for unit in self._sentences.old]
        self._inside: dict[Passage, Inside] = {}
        self._passages, self._before = Passages(new), Passages(old)

    def place(self, mark: Mark) -> Placed:
        """Where a mark of the old text stands in the new one."""
        if mark.start is None or mark.end is None:
            return self._returned(mark) or ORPHAN
        found = self._followed(mark.start, mark.end)
        placed = found and self._judged(mark, *found)
        if placed:
            return placed
        return self._again(self._lost(mark)) or self._again(mark) or ORPHAN

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

    def _only_moved(self, quote: str) -> bool:
        """Whether words stand once in both texts."""
        return len(self._passages.first(quote)) == 1 and len(self._before.first(quote)) == 1

    def _followed(self, start: int, end: int) -> tuple[int, int, bool] | None:
        """The passage that became of another; whether its sentence vouches for it whatever its words."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        if first >= last:
            return self._blank(first, start, end)
        if last - first > MANY:
            numbers = [*range(first, first + MANY // 2), *range(last - MANY // 2, last)]
        else:
            numbers = list(range(first, last))
        pieces, sure = [], False
        for number in numbers:
            piece = self._piece(number, start, end)
            if piece:
                pieces.append(piece[:2])
                sure = piece[2] and len(numbers) == 1
        run = _together(pieces, max(200, end - start)) if pieces else None
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
        places = [
            at
            for at in self._passages.nearest(quote, start)
            if overlap(at, at + len(quote), start, end)
            and (known or (at <= start and end <= at + len(quote)))
        ]
        if places or (known and self._only_moved(quote)):
            at = max(places or self._passages.first(quote), key=lambda at: self._fit(at, self._lost(mark)))
            return self._at("anchored", at, at + len(quote))
        if exact.split() == quote.split():
            return self._at("anchored", start, end)
        stood = self.old[mark.start : mark.end]
        if exact == stood or (sure and not known and telling(exact) <= 3 * TELLING):
            return self._at("changed", start, end)
        if likeness(quote, exact) >= MEANT and likeness(stood, exact) >= MEANT:
            return self._at("changed", start, end)
        return None

    def _returned(self, mark: Mark) -> Placed | None:
        """An orphan in what the new text brought: its words, else words very much like them."""
        placed = self._again(mark)
        if placed or telling(mark.quote) < TELLING:
            return placed
        ranked = sorted(
            ((likeness(mark.quote, unit.key), unit.start, unit.end) for unit in self._sentences.fresh[:1000]),
            reverse=True,
        )
        if (
            not ranked
            or ranked[0][0] < RETURNED
            or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN)
        ):
            return None
        return self._at("changed", ranked[0][1], ranked[0][2])

    def _again(self, mark: Mark) -> Placed | None:
        quote = mark.quote
        places = [
            at for at in self._passages.first(quote)[:MOST_PLACES] if self._is_fresh(at, at + len(quote))
        ]
        if not places:
            return None
        fits = sorted(((self._fit(at, mark), at) for at in places), reverse=True)
        best, at = fits[0]
        if len(fits) > 1 and fits[1][0] == best:
            return None
        wanted = min(len(_squeezed(mark.prefix)) + len(_squeezed(mark.suffix)), FITTING)
        alone = len(fits) == 1 and (
            telling(quote) >= TELLING or (telling(quote) > 1 and self._only_moved(quote))
        )
        if best[0] < wanted and not alone:
            return None
        return self._at("anchored", at, at + len(quote))

    def _fit(self, at: int, mark: Mark) -> tuple[int, int]:
        """How many characters around a place are those that stood around the mark, white space left out and not.

        Less around the mark than is kept of any says that the text began or ended there.
        """
        end = at + len(mark.quote)
        before = self.new[max(0, at - 2 * REMEMBERED) : at]
        after = self.new[end : end + 2 * REMEMBERED]
        began, ended = len(mark.prefix) < CONTEXT, len(mark.suffix) < CONTEXT
        return (
            common(_squeezed(before)[::-1] + BOUND, _squeezed(mark.prefix)[::-1] + BOUND * began)
            + common(_squeezed(after) + BOUND, _squeezed(mark.suffix) + BOUND * ended),
            self._passages.fit(at, mark.quote, mark.prefix, mark.suffix),
        )

    def _is_fresh(self, start: int, end: int) -> bool:
        fresh = self._sentences.fresh
        at = bisect_right(fresh, start, key=lambda unit: unit.end)
        return at < len(fresh) and fresh[at].start < end

    def _at(self, status: Status, start: int, end: int) -> Placed:
        return Placed(status, start, end, self.new[start:end])


def carry(old: str, new: str, marks: Sequence[Mark]) -> list[Placed]:
    """Where the marks of a text stand in its next version."""
    carrier = Carrier(old, new)
    return [carrier.place(mark) for mark in marks]


def _squeezed(text: str) -> str:
    return "".join(text.split())


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

"""What became of each sentence: its passage in the new text, or nothing.

One sentence succeeds at most one other, so the twin of a deleted sentence is never taken for it. After the
aligned ones come those that moved: the same words, then words alike that are each other's best by a margin.
A sentence without any is looked for where it would have stood, as part of a longer one or as several.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz.fuzz import partial_ratio_alignment

from kb.annotations.anchoring.alignment import LEAST, align
from kb.annotations.anchoring.likeness import likeness, telling
from kb.annotations.anchoring.moving import MOVED, TELLING, Moves
from kb.annotations.anchoring.units import TOKEN, Unit, units

NEARBY = 40  # sentences looked at where one would have stood
LOOKS = 20_000  # passages looked at near all sentences that would have stood there
RUN = 4  # sentences one may have become


class Passage(NamedTuple):
    """A passage of the new text, how alike it is (1: the same words) to the passage of the old one it succeeds."""

    start: int
    end: int
    score: float
    old_start: int
    old_end: int


class Succession:
    """Pairs the sentences of two texts once; asked sentence by sentence.

    Lines that both texts share at the beginning and the end are left out, as `frame` says.
    """

    def __init__(self, old: str, new: str, head: int = 0, tail: int = 0) -> None:
        self.new_text = new
        self.old, self.new = units(old, head, len(old) - tail), units(new, head, len(new) - tail)
        self._looked = 0
        self._old_keys = [unit.key for unit in self.old]
        self._new_keys = [unit.key for unit in self.new]
        pairs = align(self.old, self.new)
        self._in_order = [pair.old for pair in pairs]
        self._moves = Moves(self._old_keys, self._new_keys, pairs)
        self._moves.find(old, new)
        self._image, self._taken = self._moves.image, self._moves.taken
        self._kept: dict[int, Passage | None] = {}

    def successor(self, number: int) -> Passage | None:
        """What became of an old sentence, by its number."""
        if number not in self._kept:
            self._kept[number] = self._successor(number)
        return self._kept[number]

    @cached_property
    def fresh(self) -> list[Unit]:
        """Sentences of the new text that stood nowhere in the old one, or not as often."""
        same = {new for new, score in self._image.values() if score == 1}
        return [unit for number, unit in enumerate(self.new) if number not in same]

    def _successor(self, number: int) -> Passage | None:
        found = self._image.get(number) or self._moves.edited.get(number)
        if found is None:
            return self._joined(number) or self.nearby(number, self._old_keys[number])
        new, score = found
        if score < 1:
            return self._grown(number, new, score)
        old, unit = self.old[number], self.new[new]
        return Passage(unit.start, unit.end, score, old.start, old.end)

    def _joined(self, number: int) -> Passage | None:
        """What became of a sentence and of one beside it together."""
        at = bisect_left(self._in_order, number)
        for beside in self._in_order[max(0, at - 1) : at + 1]:
            if abs(beside - number) < RUN and self._image[beside][1] < 1:
                passage = self.successor(beside)
                if passage and passage.old_start <= self.old[number].start < passage.old_end:
                    return passage
        return None

    def _grown(self, number: int, new: int, score: float) -> Passage:
        """A sentence that became several, or several that became one: what makes both more alike is added."""
        free = {at for at in range(new - RUN, new + RUN) if 0 <= at < len(self.new) and at not in self._taken}
        key = self._old_keys[number]
        low, high, better = _stretched(new, free, score, lambda *run: likeness(key, self._new_run(*run)))
        old_low = old_high = number
        if low == high:
            free = {
                at
                for at in range(number - RUN, number + RUN)
                if 0 <= at < len(self.old) and self._is_left(at)
            }
            old_low, old_high, better = _stretched(
                number, free, score, lambda *run: likeness(self._old_run(*run), self._new_keys[new])
            )
        start, end = self.new[low].start, self.new[high].end
        old_start, old_end = self.old[old_low].start, self.old[old_high].end
        if end - start > 2.5 * (old_end - old_start):
            part = self._part(key, start, end)
            if part and part[2] > better:
                return Passage(*part, old_start, old_end)
        return Passage(start, end, better, old_start, old_end)

    def _is_left(self, old: int) -> bool:
        return old not in self._image and old not in self._moves.edited

    def _old_run(self, low: int, high: int) -> str:
        return " ".join(self._old_keys[low : high + 1])

    def _new_run(self, low: int, high: int) -> str:
        return " ".join(self._new_keys[low : high + 1])

    def nearby(self, number: int, key: str) -> Passage | None:
        """Several sentences, or part of one, that read like words of a sentence, where it would have stood."""
        if telling(key) < TELLING or self._looked > LOOKS:
            return None
        best: tuple[int, int, float] | None = None
        for one, two in self._runs(*self._room(number)):
            start, end = self.new[one].start, self.new[two].end
            self._looked += 1
            found = start, end, likeness(key, self.new_text[start:end])
            if end - start > len(key) and found[2] < 0.9:
                found = max(found, self._part(key, start, end) or found, key=itemgetter(2))
            if found[2] >= LEAST and (best is None or found[2] > best[2]):
                best = found
        return Passage(*best, self.old[number].start, self.old[number].end) if best else None

    def _runs(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        for one in range(low, high):
            for two in range(one, min(one + RUN, high)):
                yield one, two

    def _room(self, number: int) -> tuple[int, int]:
        """New sentences between what became of the neighbours; these too unless they are unchanged."""
        at = bisect_left(self._in_order, number)
        low, high = 0, len(self.new)
        if at > 0:
            new, score = self._image[self._in_order[at - 1]]
            low = new + 1 if score == 1 else new
        if at < len(self._in_order):
            new, score = self._image[self._in_order[at]]
            high = new if score == 1 else new + 1
        if high - low > NEARBY:
            return low, low  # far too much is new here
        return low, high

    def _part(self, key: str, start: int, end: int) -> tuple[int, int, float] | None:
        """The part of a passage that reads most like a sentence, whole words."""
        text = self.new_text[start:end]
        found = partial_ratio_alignment(key, text)
        if found is None or found.dest_end <= found.dest_start:
            return None
        inside = [
            match.span()
            for match in TOKEN.finditer(text)
            if overlap(*match.span(), found.dest_start, found.dest_end)
        ]
        if not inside:
            return None
        low, high = inside[0][0], inside[-1][1]
        score = likeness(key, text[low:high])
        # Cut to measure, strangers look alike too.
        return (start + low, start + high, score) if score >= MOVED else None


def overlap(start: int, end: int, other_start: int, other_end: int) -> bool:
    """Whether two passages share a character."""
    return start < other_end and other_start < end


def _stretched(
    at: int, free: set[int], score: float, alike_with: Callable[[int, int], float]
) -> tuple[int, int, float]:
    """A sentence and those beside it that are free, as long as each makes the run more alike."""
    low = high = at
    for one in (*range(at + 1, at + RUN), *range(at - 1, at - RUN, -1)):
        run = (low, one) if one > high else (one, high)
        if one not in free or run[1] - run[0] != high - low + 1:
            continue
        better = alike_with(*run)
        if better > score + 0.03:
            (low, high), score = run, better
    return low, high, score

"""What became of each sentence: its passage in the new text, or nothing.

One sentence succeeds at most one other, so the twin of a deleted sentence is never taken for it. After the
aligned ones come those that moved: the same words, then words alike that are each other's best by a margin.
A sentence without any is looked for where it would have stood, as part of a longer one or as several.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz.fuzz import partial_ratio_alignment

from kb.annotations.anchoring.alignment import LEAST, align, within_bounds
from kb.annotations.anchoring.likeness import alike, likeness, telling
from kb.annotations.anchoring.units import TOKEN, Unit, units

MOVED = 0.7  # likeness of a sentence to one elsewhere
MARGIN = 0.1  # by which it must beat every other
TELLING = 5  # words from which on a sentence is known again without its surroundings
NEARBY = 40  # sentences looked at where one would have stood
RUN = 4  # sentences one may have become


class Passage(NamedTuple):
    """A passage of the new text, how alike it is (1: the same words) to the passage of the old one it succeeds."""

    start: int
    end: int
    score: float
    old_start: int
    old_end: int


class Succession:
    """Pairs the sentences of two texts once; asked sentence by sentence."""

    def __init__(self, old: str, new: str) -> None:
        self.new_text = new
        self.old, self.new = units(old), units(new)
        self._old_keys = [unit.key for unit in self.old]
        self._new_keys = [unit.key for unit in self.new]
        pairs = align(self.old, self.new)
        self._in_order = [pair.old for pair in pairs]
        self._image = {pair.old: (pair.new, pair.score) for pair in pairs}
        self._taken = {pair.new for pair in pairs}
        self._kept: dict[int, Passage | None] = {}
        self._find_moved()

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

    def _pair(self, old: int, new: int, score: float) -> None:
        self._image[old] = new, score
        self._taken.add(new)

    def _find_moved(self) -> None:
        ours, theirs = self._left()
        all_ours, all_theirs = Counter(self._old_keys), Counter(self._new_keys)
        for key, places in ours.items():
            # Two words will do where they stand nowhere else at all.
            enough = 2 if all_ours[key] == all_theirs[key] == 1 else TELLING
            if len(places) == len(theirs.get(key, ())) == 1 and telling(key) >= enough:
                self._pair(places[0], theirs[key][0], 1.0)
        # What is short or repeated moves with its neighbour.
        for step in (1, -1):
            numbers = range(len(self.old)) if step == 1 else range(len(self.old) - 1, -1, -1)
            for number in numbers:
                beside = self._image.get(number - step)
                if number in self._image or beside is None or beside[1] < 1:
                    continue
                place = beside[0] + step
                if (
                    0 <= place < len(self.new)
                    and place not in self._taken
                    and self._new_keys[place] == self._old_keys[number]
                ):
                    self._pair(number, place, 1.0)

    def _left(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        ours, theirs = defaultdict(list), defaultdict(list)
        for number, key in enumerate(self._old_keys):
            if number not in self._image:
                ours[key].append(number)
        for number, key in enumerate(self._new_keys):
            if number not in self._taken:
                theirs[key].append(number)
        return ours, theirs

    def _successor(self, number: int) -> Passage | None:
        found = self._image.get(number) or self._moved_and_edited.get(number)
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

    @cached_property
    def _moved_and_edited(self) -> dict[int, tuple[int, float]]:
        ours = [number for number in range(len(self.old)) if number not in self._image]
        theirs = [number for number in range(len(self.new)) if number not in self._taken]
        ones, twos = [self._old_keys[at] for at in ours], [self._new_keys[at] for at in theirs]
        if not ones or not twos or not within_bounds(ones, twos):
            return {}
        by_one: dict[int, list[tuple[float, int]]] = defaultdict(list)
        by_two: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for one, two, score in alike(ones, twos, MOVED - MARGIN):
            by_one[one].append((score, two))
            by_two[two].append((score, one))
        found = {}
        for one, scores in by_one.items():
            best = clear(scores)
            if best is None or best[0] < MOVED or telling(ones[one]) < TELLING:
                continue
            if clear(by_two[best[1]]) == (best[0], one):
                found[ours[one]] = theirs[best[1]], best[0]
        return found

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
        return old not in self._image and old not in self._moved_and_edited

    def _old_run(self, low: int, high: int) -> str:
        return " ".join(self._old_keys[low : high + 1])

    def _new_run(self, low: int, high: int) -> str:
        return " ".join(self._new_keys[low : high + 1])

    def nearby(self, number: int, key: str) -> Passage | None:
        """Several sentences, or part of one, that read like words of a sentence, where it would have stood."""
        if telling(key) < TELLING:
            return None
        best: tuple[int, int, float] | None = None
        for one, two in self._runs(*self._room(number)):
            start, end = self.new[one].start, self.new[two].end
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


def clear(scores: list[tuple[float, int]]) -> tuple[float, int] | None:
    """The best of some candidates, if it beats every other by the margin."""
    ranked = sorted(scores, reverse=True)
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN:
        return None
    return ranked[0]

"""Sentences that stand elsewhere in the new text: moved, and perhaps edited on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from kb.annotations.anchoring.alignment import Budget, Pair
from kb.annotations.anchoring.likeness import alike, telling

MOVED = 0.7  # likeness of a sentence to one elsewhere
MARGIN = 0.1  # by which it must beat every other
TELLING = 5  # words from which on a sentence is known again without its surroundings
COUNTS = 500  # short sentences that are counted in the whole texts


class Moves:
    """Adds to sentences paired in order (`image`: of an old one, `taken`: new ones) those that moved."""

    def __init__(self, old: Sequence[str], new: Sequence[str], pairs: Iterable[Pair]) -> None:
        self._old, self._new = old, new
        self.image = {pair.old: (pair.new, pair.score) for pair in pairs}
        self.taken = {new for new, _ in self.image.values()}

    def find(self, old_text: str, new_text: str) -> None:
        """Pair what reads the same elsewhere."""
        ours = _places(self._old, self.image)
        theirs = _places(self._new, self.taken)
        counts = 0
        for key, places in ours.items():
            known = telling(key)
            if len(places) != 1 or len(theirs.get(key, ())) != 1 or known < 2:
                continue
            if known < TELLING:
                # Two words will do where they stand nowhere else at all.
                counts += 1
                if counts > COUNTS or not old_text.count(key) == new_text.count(key) == 1:
                    continue
            self._pair(places[0], theirs[key][0])
        self._follow(range(len(self._old)), 1)
        self._follow(range(len(self._old) - 1, -1, -1), -1)

    def _follow(self, numbers: Iterable[int], step: int) -> None:
        """What is short or repeated moves with its neighbour."""
        for number in numbers:
            beside = self.image.get(number - step)
            if number in self.image or beside is None or beside[1] < 1:
                continue
            place = beside[0] + step
            if not 0 <= place < len(self._new) or place in self.taken:
                continue
            if self._new[place] == self._old[number]:
                self._pair(number, place)

    def _pair(self, old: int, new: int) -> None:
        self.image[old] = new, 1.0
        self.taken.add(new)

    @cached_property
    def edited(self) -> dict[int, tuple[int, float]]:
        """Of old sentences still without a place: the new one it is most like, each the other's clear best."""
        ours = [number for number in range(len(self._old)) if number not in self.image]
        theirs = [number for number in range(len(self._new)) if number not in self.taken]
        ones, twos = [self._old[at] for at in ours], [self._new[at] for at in theirs]
        pairs = alike(ones, twos, MOVED - MARGIN) if Budget().allows(ones, twos) else None
        if pairs is None:
            return {}
        by_one: dict[int, list[tuple[float, int]]] = defaultdict(list)
        by_two: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for one, two, score in pairs:
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


def _places(keys: Sequence[str], known: Iterable[int]) -> dict[str, list[int]]:
    """Where sentences stand that are not known yet."""
    left = set(range(len(keys))).difference(known)
    places: dict[str, list[int]] = defaultdict(list)
    for number in sorted(left):
        places[keys[number]].append(number)
    return places


def clear(scores: list[tuple[float, int]]) -> tuple[float, int] | None:
    """The best of some candidates, if it beats every other by the margin."""
    ranked = sorted(scores, reverse=True)
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN:
        return None
    return ranked[0]

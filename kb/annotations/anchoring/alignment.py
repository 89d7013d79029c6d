"""Which sentence of an old text became which of a new one, each at most once and in the same order.

Lines that begin and end both texts alike are paired first, then lines that stand once in each and keep their
order, then sentences that do so between those. Within what is left, the heaviest chain of pairs: alike, long, and
next to pairs that are alike too, so that among repeats the surroundings decide. The work is bounded: where more is
left than `PAIRS` allow, only equal sentences are paired, those that stand there equally often.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from kb.annotations.anchoring.likeness import alike, folded, kept_letters, telling
from kb.annotations.anchoring.units import Unit

LEAST = 0.53  # likeness of a sentence and what became of it, in its place
PAIRS = 1_500_000  # compared of one pair of texts
CHARACTERS = 10_000_000_000  # of one side times those of the other, likewise
HINTS = 0.3  # what alike neighbours, or letters kept, weigh beside likeness itself


class Pair(NamedTuple):
    """Numbers of an old and a new sentence, and how alike they are (1: the same words)."""

    old: int
    new: int
    score: float


def align(old: Sequence[Unit], new: Sequence[Unit]) -> list[Pair]:
    """Pairs of sentences, rising on both sides; undoing an edit pairs the same ones."""
    ours, theirs = _Side(old), _Side(new)
    if (len(theirs.keys), theirs.keys) < (len(ours.keys), ours.keys):
        return [Pair(two, one, score) for one, two, score in _align(theirs, ours)]
    return _align(ours, theirs)


class _Side:
    """The sentences of a text, its lines (their sentences), and where each line begins among the sentences."""

    def __init__(self, found: Sequence[Unit]) -> None:
        self.keys = [unit.key for unit in found]
        self.lines: list[tuple[str, ...]] = []
        self.begins: list[int] = []
        self.line_of: list[int] = []
        for number, (_, group) in enumerate(groupby(found, key=lambda unit: unit.line)):
            self.begins.append(len(self.line_of))
            self.lines.append(tuple(unit.key for unit in group))
            self.line_of += [number] * len(self.lines[-1])
        self.begins.append(len(found))

    def line(self, number: int) -> tuple[str, ...]:
        """The whole line of a sentence."""
        return self.lines[self.line_of[number]]


def _align(old: _Side, new: _Side) -> list[Pair]:
    head = _common(old.lines, new.lines)
    tail = _common(old.lines[head:][::-1], new.lines[head:][::-1])
    ends = len(old.lines) - tail, len(new.lines) - tail
    budget = Budget()
    pairs: list[Pair] = []
    start = (0, 0)
    same = [(at, at) for at in range(head)]
    same += _once(old.lines, new.lines, (head, head), ends)
    same += [(ends[0] + at, ends[1] + at) for at in range(tail)]
    for one, two in same:
        begin = old.begins[one], new.begins[two]
        size = old.begins[one + 1] - begin[0]
        pairs += _between(old, new, start, begin, budget)
        pairs += [Pair(begin[0] + at, begin[1] + at, 1.0) for at in range(size)]
        start = begin[0] + size, begin[1] + size
    return pairs + _between(old, new, start, (len(old.keys), len(new.keys)), budget)


def _between(
    old: _Side, new: _Side, start: tuple[int, int], end: tuple[int, int], budget: Budget
) -> list[Pair]:
    if start[0] == end[0] or start[1] == end[1]:
        return []
    pairs: list[Pair] = []
    for one, two in _once(old.keys, new.keys, start, end):
        pairs += [*_gap(old, new, start, (one, two), budget), Pair(one, two, 1.0)]
        start = (one + 1, two + 1)
    return pairs + _gap(old, new, start, end, budget)


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    size = 0
    for one, two in zip(old, new, strict=False):
        if one != two:
            break
        size += 1
    return size


def _once(
    old: Sequence[Hashable],
    new: Sequence[Hashable],
    start: tuple[int, int],
    end: tuple[int, int],
    *,
    repeats: bool = False,
) -> list[tuple[int, int]]:
    """What stands once in each (with `repeats`: equally often), as much as keeps its order."""
    ours, theirs = _places(old, start[0], end[0]), _places(new, start[1], end[1])
    pairs = [
        (one, two, float(len(str(key))))
        for key, at in ours.items()
        if len(at) == len(theirs.get(key, ())) and (repeats or len(at) == 1)
        for one, two in zip(at, theirs[key], strict=True)
    ]
    return [(one, two) for one, two, _ in chain(pairs)]


def _places(keys: Sequence[Hashable], start: int, end: int) -> dict[Hashable, list[int]]:
    places: dict[Hashable, list[int]] = defaultdict(list)
    for at in range(start, end):
        places[keys[at]].append(at)
    return places


def _gap(old: _Side, new: _Side, start: tuple[int, int], end: tuple[int, int], budget: Budget) -> list[Pair]:
    ones, twos = old.keys[start[0] : end[0]], new.keys[start[1] : end[1]]
    if not ones or not twos:
        return []
    alikes = alike(ones, twos, LEAST) if budget.allows(ones, twos) else None
    if alikes is None:
        return [Pair(one, two, 1.0) for one, two in _once(old.keys, new.keys, start, end, repeats=True)]
    scores = {(one, two): score for one, two, score in alikes}
    whole = {(one, two) for one, two in scores if old.line(start[0] + one) == new.line(start[1] + two)}
    return [
        Pair(start[0] + one, start[1] + two, score)
        for one, two, score in _heaviest(ones, twos, scores, whole)
    ]


class Budget:
    """How much may still be compared of one pair of texts."""

    def __init__(self) -> None:
        self._pairs, self._characters = PAIRS, CHARACTERS

    def allows(self, ones: Sequence[str], twos: Sequence[str]) -> bool:
        """Whether every sentence of one side may be compared with every one of the other; then it counts."""
        pairs = len(ones) * len(twos)
        characters = sum(map(len, ones)) * sum(map(len, twos))
        if pairs > self._pairs or characters > self._characters or not pairs:
            return False
        self._pairs -= pairs
        self._characters -= characters
        return True


def _heaviest(
    ones: Sequence[str],
    twos: Sequence[str],
    scores: dict[tuple[int, int], float],
    whole: set[tuple[int, int]],
) -> list[tuple[int, int, float]]:
    """The heaviest chain; `whole`: pairs on lines that are equal as a whole."""
    shares = kept_letters(ones, twos)
    edges = {(-1, -1), (len(ones), len(twos))}

    def near(one: int, two: int) -> float:
        return 1.0 if (one, two) in edges else scores.get((one, two), 0.0)

    weighed = []
    for (one, two), score in scores.items():
        size = 4 + min(len(folded(ones[one])), 200)
        beside = (near(one - 1, two - 1) + near(one + 1, two + 1)) / 2
        beside = max(beside, 1.0 * ((one, two) in whole))
        weighed.append((one, two, size * (score**3 + HINTS * (beside + shares.get((one, two), 0.0)))))
    kept = [(one, two, scores[one, two]) for one, two, _ in chain(weighed)]
    return _confirmed(ones, twos, kept, whole)


def _confirmed(
    ones: Sequence[str], twos: Sequence[str], kept: list[tuple[int, int, float]], whole: set[tuple[int, int]]
) -> list[tuple[int, int, float]]:
    """Pairs without those of a word or sign that might as well be another, unless its surroundings vouch."""
    known = [(-1, -1), *((one, two) for one, two, _ in kept), (len(ones), len(twos))]
    found = []
    for at, (one, two, score) in enumerate(kept):
        (low, other_low), (high, other_high) = known[at], known[at + 2]
        if (
            telling(ones[one]) > 1
            or (one, two) in whole
            or (low, other_low) == (one - 1, two - 1)
            or (high, other_high) == (one + 1, two + 1)
            or ones[low + 1 : high].count(ones[one]) + twos[other_low + 1 : other_high].count(twos[two]) == 2
        ):
            found.append((one, two, score))
    return found


def chain(pairs: Iterable[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """The heaviest of the lists of pairs that rise strictly on both sides."""
    ordered = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    columns = sorted({pair[1] for pair in ordered})
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(columns) + 1)  # a Fenwick tree of running maxima
    before: list[int] = []
    top = (0.0, -1)
    for number, (_, column, weight) in enumerate(ordered):
        place = bisect_left(columns, column)
        found = (0.0, -1)
        at = place
        while at > 0:
            found = max(found, best[at], key=lambda held: held[0])
            at -= at & -at
        before.append(found[1])
        now = (found[0] + weight, number)
        at = place + 1
        while at <= len(columns):
            if now[0] > best[at][0]:
                best[at] = now
            at += at & -at
        top = max(top, now, key=lambda held: held[0])
    kept = []
    number = top[1]
    while number >= 0:
        kept.append(ordered[number])
        number = before[number]
    return kept[::-1]

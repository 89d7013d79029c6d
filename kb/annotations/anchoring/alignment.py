"""Which sentence of an old text became which of a new one, each at most once and in the same order.

What begins and ends both texts alike is paired first, then sentences that stand once in each and keep their
order; within what is left between those, the heaviest chain of pairs: alike, long, and next to pairs that are
alike too, so that among repeats the surroundings decide. The work is bounded: where more is left than `PAIRS`
allow, only equal sentences are paired, those that stand there equally often.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kb.annotations.anchoring.likeness import alike, folded

LEAST = 0.53  # likeness of a sentence and what became of it, in its place
PAIRS = 1_500_000  # compared in one gap
CHARACTERS = 10_000_000_000  # of one side times those of the other, compared in one gap
NEIGHBOURS = 0.3  # what alike neighbours weigh, beside likeness itself


class Pair(NamedTuple):
    """Numbers of an old and a new sentence, and how alike they are (1: the same words)."""

    old: int
    new: int
    score: float


def align(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Pairs of sentences, rising on both sides; undoing an edit pairs the same ones."""
    if (len(new), new) < (len(old), old):
        return [Pair(two, one, score) for one, two, score in _align(new, old)]
    return _align(old, new)


def _align(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    pairs = [Pair(at, at, 1.0) for at in range(head)]
    last = (len(old) - tail, len(new) - tail)
    start = (head, head)
    for old_at, new_at in [*_anchors(old, new, start, last), last]:
        pairs += _gap(old, new, start, (old_at, new_at))
        if (old_at, new_at) != last:
            pairs.append(Pair(old_at, new_at, 1.0))
        start = (old_at + 1, new_at + 1)
    pairs += [Pair(len(old) - back, len(new) - back, 1.0) for back in range(tail, 0, -1)]
    return pairs


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    size = 0
    for one, two in zip(old, new, strict=False):
        if one != two:
            break
        size += 1
    return size


def _anchors(
    old: Sequence[str],
    new: Sequence[str],
    start: tuple[int, int],
    end: tuple[int, int],
    *,
    repeats: bool = False,
) -> list[tuple[int, int]]:
    """Sentences that stand once in each (with `repeats`: equally often), as many characters as keep order."""
    ours, theirs = _places(old, start[0], end[0]), _places(new, start[1], end[1])
    pairs = [
        (one, two, float(len(key)))
        for key, at in ours.items()
        if len(at) == len(theirs.get(key, ())) and (repeats or len(at) == 1)
        for one, two in zip(at, theirs[key], strict=True)
    ]
    return [(one, two) for one, two, _ in chain(pairs)]


def _places(keys: Sequence[str], start: int, end: int) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for at in range(start, end):
        places[keys[at]].append(at)
    return places


def _gap(old: Sequence[str], new: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> list[Pair]:
    ones, twos = old[start[0] : end[0]], new[start[1] : end[1]]
    if not ones or not twos:
        return []
    if within_bounds(ones, twos):
        return [Pair(start[0] + one, start[1] + two, score) for one, two, score in _heaviest(ones, twos)]
    return [Pair(one, two, 1.0) for one, two in _anchors(old, new, start, end, repeats=True)]


def within_bounds(ones: Sequence[str], twos: Sequence[str]) -> bool:
    """Whether every sentence of one side may be compared with every one of the other."""
    return (
        len(ones) * len(twos) <= PAIRS
        and sum(map(len, ones)) * sum(map(len, twos)) <= CHARACTERS
        # Equal sentences again and again: every pair would be a candidate.
        and sum((Counter(ones) & Counter(twos)).values()) ** 2 <= PAIRS
    )


def _heaviest(ones: Sequence[str], twos: Sequence[str]) -> list[tuple[int, int, float]]:
    scores = {(one, two): score for one, two, score in alike(ones, twos, LEAST)}
    edges = {(-1, -1), (len(ones), len(twos))}

    def near(one: int, two: int) -> float:
        return 1.0 if (one, two) in edges else scores.get((one, two), 0.0)

    weighed = []
    for (one, two), score in scores.items():
        size = 4 + min(len(folded(ones[one])), 200)
        beside = (near(one - 1, two - 1) + near(one + 1, two + 1)) / 2
        weighed.append((one, two, size * (score**3 + NEIGHBOURS * beside)))
    return [(one, two, scores[one, two]) for one, two, _ in chain(weighed)]


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

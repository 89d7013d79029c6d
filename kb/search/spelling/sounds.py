"""Pairs of Han that sound like another, or that many people do not tell apart from it."""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from kb.search.pinyin import pair_key, pair_keys, syllables
from kb.search.spelling.scope import Scope

MOST_PAIRS = 128  # of one pronunciation
SAME_CHARACTER = 2.0  # what it is worth that one of the two characters was right
UNUSUAL = 1.0  # what it costs that a character is usually read otherwise
NOT_QUITE = 3.0  # what it costs that the sounds are only alike
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"))
_ENDS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def homophones(pair: str, scope: Scope, most: int) -> list[str]:
    """Pairs in scope that sound like this one, or nearly so with one character in common; best first."""
    found: dict[str, float] = {}
    for other, weight in _same(pair, scope):
        found.setdefault(other, weight)
    if not found:
        found = dict(_alike(pair, scope))
    return sorted(found, key=lambda other: (-found[other], other))[:most]


def _same(pair: str, scope: Scope) -> Iterator[tuple[str, float]]:
    for rank, key in enumerate(pair_keys(pair)):
        yield from _weighed(pair, key, scope, UNUSUAL if rank else 0.0)


def _alike(pair: str, scope: Scope) -> Iterator[tuple[str, float]]:
    """Sounds that many speakers do not tell apart: zh and z, n and l, ing and in."""
    if len(pair) != 2:
        return
    for first in _sounds(pair[0]):
        for second in _sounds(pair[1]):
            for other, weight in _weighed(pair, pair_key(first, second), scope, NOT_QUITE):
                if common(pair, other):
                    yield other, weight


def _sounds(char: str) -> list[str]:
    """The readings of a character with those that are mistaken for them."""
    found = list(syllables(char)[:2])
    for one, two in (*_ALIKE, *((two, one) for one, two in _ALIKE)):
        begin = [name for name in found[:4] if name.startswith(one)]
        found += [two + name.removeprefix(one) for name in begin if len(one) > len(two) or name[1:2] != "h"]
    for one, two in (*_ENDS, *((two, one) for one, two in _ENDS)):
        found += [name.removesuffix(one) + two for name in found[:4] if name.endswith(one)]
    return list(dict.fromkeys(found))[:6]


def _weighed(pair: str, key: int, scope: Scope, cost: float) -> Iterator[tuple[str, float]]:
    others = [other for other in scope.pairs(key) if other != pair]
    others.sort(key=lambda other: -common(pair, other))
    for other in others[:MOST_PAIRS]:
        count = scope.candidate(other)
        if count:
            yield other, log(count) + SAME_CHARACTER * common(pair, other) - cost


def common(one: str, two: str) -> int:
    """How many characters of two pairs are the same."""
    return sum(a == b for a, b in zip(one, two, strict=True))

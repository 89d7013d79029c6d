"""What an unknown run of Han may have been: the same sounds in other characters, or one character wrong."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import NamedTuple

from kb.search.analysis import bigrams
from kb.search.pinyin import pair_key, pair_keys, syllables
from kb.search.spelling.scope import Scope

LONGEST = 12  # characters of a run that is looked at
MOST_PAIRS = 128  # of one pronunciation
MOST_REPAIRS = 2  # wrong words in one run
SAME_CHARACTER = 2.0  # what it is worth that one of the two characters was right
SURER = 2  # times more frequent than what they replace are pairs between known words
FOUND = 2.0  # what it is worth that a pair is found at all, beside the logarithm of how often
NOT_QUITE = 3.0  # what it costs that the sounds are only alike
OFTEN = 3  # documents with a pair that replaces both characters while the run's next pair stays unknown
# Words by themselves, found beside anything: that they stand beside something new is no mistake.
SMALL = frozenset(
    "的了是在不有和与及或我你他她它们这那谁吗呢吧啊也都就要会能可没被把给对从向到请怎么什哪几多少个"
    "一二三上下中前后新旧各每本该由为以查找看用做"
)
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"))
_ENDS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


class _Repair(NamedTuple):
    score: float
    text: str


def homophones(pair: str, scope: Scope, most: int) -> list[str]:
    """Pairs in scope that sound like this one, or nearly so with one character in common; best first."""
    found = dict(_same(pair, scope))
    if not found:
        found = dict(_alike(pair, scope))
    return sorted(found, key=lambda other: (-found[other], other))[:most]


def _same(pair: str, scope: Scope) -> Iterator[tuple[str, float]]:
    for key in pair_keys(pair):
        yield from _weighed(pair, key, scope, 0.0)


def _alike(pair: str, scope: Scope) -> Iterator[tuple[str, float]]:
    """Sounds that many speakers do not tell apart: zh and z, n and l, ing and in."""
    if len(pair) != 2:
        return
    for first in _sounds(pair[0]):
        for second in _sounds(pair[1]):
            for other, weight in _weighed(pair, pair_key(first, second), scope, NOT_QUITE):
                if _common(pair, other):
                    yield other, weight


def _sounds(char: str) -> list[str]:
    """The readings of a character with those that are mistaken for them."""
    found = list(syllables(char)[:2])
    for one, two in (*_ALIKE, *((two, one) for one, two in _ALIKE)):
        found += [
            two + name.removeprefix(one)
            for name in found[:4]
            if name.startswith(one) and not name.startswith(two + "h")
        ]
    for one, two in (*_ENDS, *((two, one) for one, two in _ENDS)):
        found += [name.removesuffix(one) + two for name in found[:4] if name.endswith(one)]
    return list(dict.fromkeys(found))[:6]


def _weighed(pair: str, key: int, scope: Scope, cost: float) -> Iterator[tuple[str, float]]:
    others = [other for other in scope.pairs(key) if other != pair]
    others.sort(key=lambda other: -_common(pair, other))
    for other in others[:MOST_PAIRS]:
        count = scope.candidate(other)
        if count:
            yield other, log(count) + SAME_CHARACTER * _common(pair, other) - cost


def _common(one: str, two: str) -> int:
    return sum(a == b for a, b in zip(one, two, strict=True))


def repaired(run: str, scope: Scope) -> str | None:
    """The run as it was probably meant, or None if nothing in it looks wrong."""
    if not 2 <= len(run) <= LONGEST:
        return None
    text = run
    for _ in range(MOST_REPAIRS):
        best = max(_repairs(text, scope), default=None)
        if best is None:
            break
        text = best.text
    return text if text != run else None


def _repairs(run: str, scope: Scope) -> Iterator[_Repair]:
    unknown = [not scope.count(pair) for pair in bigrams(run)]
    for at, is_unknown in enumerate(unknown):
        # A word of one character stands beside anything: that it is new there is no mistake.
        if is_unknown and (len(run) == 2 or not _is_small(run, at)):
            # Two known words may merely meet for the first time.
            meeting = 0 < at < len(unknown) - 1 and not any(unknown[at - 1 : at + 2 : 2])
            for other in homophones(run[at : at + 2], scope, MOST_PAIRS):
                repair = _tried(run, at, other, scope, meeting=meeting)
                if repair is not None:
                    yield repair


def _is_small(run: str, at: int) -> bool:
    return run[at] in SMALL or run[at + 1] in SMALL


def _tried(run: str, at: int, pair: str, scope: Scope, *, meeting: bool) -> _Repair | None:
    """The run with another pair in it, if as many pairs became known as characters were changed."""
    text = run[:at] + pair + run[at + 2 :]
    around = [i for i in range(max(0, at - 1), min(len(run) - 1, at + 2)) if i == at or not _is_small(run, i)]
    before = [scope.count(run[i : i + 2]) for i in around]
    after = [scope.candidate(text[i : i + 2]) for i in around]
    changed = 2 - _common(run[at : at + 2], pair)
    fixed, count = before.count(0) - after.count(0), scope.count(pair)
    if fixed < 1 or (meeting and (changed > 1 or min(after) < SURER * min(filter(None, before), default=0))):
        return None
    if len(run) > 2 and fixed < changed and (len(run) > 4 or count < OFTEN):
        return None
    gain = _worth(after) - _worth(before)
    return _Repair(gain + SAME_CHARACTER * (2 - changed), text)


def _worth(counts: list[int]) -> float:
    return sum(log(count) + FOUND for count in counts if count)

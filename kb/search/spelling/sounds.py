"""Pairs of Han that sound or look like another, or that many people do not tell apart from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import log

from kb.search.pinyin import pair_key, pair_keys, syllables
from kb.search.spelling.evidence import OFTEN, is_word
from kb.search.spelling.scope import Scope
from kb.search.spelling.vocabulary import is_chinese, is_exchanged, is_well_known, look_like

MOST_PAIRS = 128  # of one pronunciation
SAME_CHARACTER = 2.0  # what it is worth that one of the two characters was right
UNUSUAL = 1.0  # what it costs that a character is usually read otherwise
NOT_QUITE = 3.0  # what it costs that the sounds are only alike
LOOKS = 1.0  # that only the shapes are
FAR = 1.5  # behind the best, what is not offered any more
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"))
_ENDS = (("ang", "an"), ("eng", "en"), ("ing", "in"))

Weighed = Iterator[tuple[str, float]]


def homophones(pair: str, scope: Scope, most: int) -> list[str]:
    """Words in scope that sound or look like this pair; best first, without those far behind."""
    ranked = alike(pair, scope)
    if is_chinese(pair):
        ranked = [(other, weight) for other, weight in ranked if _rather(pair, other, scope)]
    found: list[tuple[str, float]] = []
    for other, weight in ranked:
        if len(found) == most or (found and weight < found[0][1] - FAR):
            break
        if is_word(other, scope, changed=2 - common(pair, other)):
            found.append((other, weight))
    return [other for other, _ in found]


def _rather(word: str, other: str, scope: Scope) -> bool:
    """Whether the other word was meant although what was typed is one too."""
    if exchanged(word, other):
        return True
    usual = is_well_known(other) and scope.candidate(other) >= OFTEN
    return usual and common(word, other) == 1 and not is_well_known(word)


def alike(pair: str, scope: Scope) -> list[tuple[str, float]]:
    """All pairs in scope that may have been meant, words or not, best first, with what speaks for each."""
    found: dict[str, float] = {}
    for other, weight in (*_looking(pair, scope), *_same(pair, scope)):
        found[other] = max(weight, found.get(other, weight))
    if not any(common(pair, other) for other in found):
        for other, weight in _nearly(pair, scope):
            found.setdefault(other, weight)
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def exchanged(typed: str, meant: str) -> bool:
    """Whether two runs differ only in characters that are taken for each other even in dictionaries."""
    return all(a == b or is_exchanged(a, b) for a, b in zip(typed, meant, strict=True))


def _same(pair: str, scope: Scope) -> Weighed:
    for rank, key in enumerate(pair_keys(pair)):
        yield from _weighed(pair, scope.pairs(key), scope, UNUSUAL if rank else 0.0)


def _looking(pair: str, scope: Scope) -> Weighed:
    """With one character that looks like the one typed."""
    if len(pair) == 2:
        others = [char + pair[1] for char in look_like(pair[0])]
        others += [pair[0] + char for char in look_like(pair[1])]
        yield from _weighed(pair, others, scope, LOOKS)


def _nearly(pair: str, scope: Scope) -> Weighed:
    """Sounds that many speakers do not tell apart: zh and z, n and l, ing and in."""
    if len(pair) != 2:
        return
    for first in _sounds(pair[0]):
        for second in _sounds(pair[1]):
            others = [other for other in scope.pairs(pair_key(first, second)) if common(pair, other)]
            yield from _weighed(pair, others, scope, NOT_QUITE)


def _sounds(char: str) -> list[str]:
    """The readings of a character with those that are mistaken for them."""
    found = list(syllables(char)[:2])
    for one, two in (*_ALIKE, *((two, one) for one, two in _ALIKE)):
        begin = [name for name in found[:4] if name.startswith(one)]
        found += [two + name.removeprefix(one) for name in begin if len(one) > len(two) or name[1:2] != "h"]
    for one, two in (*_ENDS, *((two, one) for one, two in _ENDS)):
        found += [name.removesuffix(one) + two for name in found[:4] if name.endswith(one)]
    return list(dict.fromkeys(found))[:6]


def _weighed(pair: str, pairs: Iterable[str], scope: Scope, cost: float) -> Weighed:
    others = [other for other in pairs if other != pair]
    others.sort(key=lambda other: -common(pair, other))
    for other in others[:MOST_PAIRS]:
        count = scope.candidate(other)
        if count:
            yield other, log(count) + SAME_CHARACTER * common(pair, other) - cost


def common(one: str, two: str) -> int:
    """How many characters of two pairs are the same."""
    return sum(a == b for a, b in zip(one, two, strict=True))

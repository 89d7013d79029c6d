"""Chinese typed as pinyin: the words in scope that are pronounced so."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from math import log
from typing import NamedTuple

from kb.search.pinyin import pair_key, split
from kb.search.spelling.evidence import is_word
from kb.search.spelling.scope import Scope

MOST_CUTS = 3  # ways to cut the letters into syllables
MOST_PAIRS = 128  # of one pronunciation
KEPT = 6  # beginnings carried on
BREAK = 4.0  # what it costs that two words never stand side by side
MOST_SYLLABLES = 12
MOST_LOOKED_FOR = 3  # readings looked for unbroken
LEAST_SHARE = 0.05  # of the most frequent reading


class _Path(NamedTuple):
    score: float
    text: str


def read(letters: str, scope: Scope, most: int) -> list[str]:
    """The Han that pinyin of two syllables or more may stand for, best first; [] if there are none."""
    found: dict[str, float] = {}
    for way in split(letters)[:MOST_CUTS]:
        if 2 <= len(way) <= MOST_SYLLABLES:
            for path in _chained(way, scope):
                found.setdefault(path.text, path.score)
            if found:
                break
    best = max(found.values(), default=0.0)
    usual = [text for text in found if found[text] >= best + log(LEAST_SHARE)]
    return _words(sorted(usual, key=lambda text: (-found[text], text)), scope)[:most]


def _words(readings: list[str], scope: Scope) -> list[str]:
    """Those that are words; of longer ones those that stand somewhere unbroken, or else the likeliest."""
    if not readings or len(readings[0]) == 2:
        return [pair for pair in readings if is_word(pair, scope)]
    whole = [run for run in readings[:MOST_LOOKED_FOR] if scope.together(run)]
    return whole or ([] if len(readings[0]) == 3 else readings[:1])


def frequency(run: str, scope: Scope) -> int:
    """In how many documents in scope it may stand: as many as its rarest pair."""
    return min(scope.count(run[at : at + 2]) for at in range(len(run) - 1))


def spelt_apart(words: list[str], scope: Scope, most: int) -> Iterator[tuple[list[int], list[str]]]:
    """Where neighbouring words, not all of them found, are pinyin together (tui kuan), and of what."""
    for is_pinyin, group in groupby(range(len(words)), key=lambda at: bool(words[at] and split(words[at]))):
        places = list(group)
        if is_pinyin and len(places) > 1 and not all(scope.found(words[at]) for at in places):
            runs = read("'".join(words[at] for at in places), scope, most)
            if runs:
                yield places, runs


def _chained(way: tuple[str, ...], scope: Scope) -> list[_Path]:
    """The best runs of Han for these syllables: pairs that share a character, or words side by side."""
    ends: list[list[_Path]] = [[] for _ in range(len(way) + 1)]
    ends[0] = [_Path(0.0, "")]
    for at in range(2, len(way) + 1):
        pairs = _pairs(way[at - 2], way[at - 1], scope)
        paths = [
            _Path(path.score + weight, path.text + pair[1])
            for path in ends[at - 1] if len(path.text) >= 2
            for pair, weight in pairs if path.text[-1] == pair[0]
        ]  # fmt: skip
        paths += [
            _Path(path.score + weight - (BREAK if path.text else 0), path.text + pair)
            for path in ends[at - 2]
            for pair, weight in pairs
        ]
        paths.sort(key=lambda path: (-path.score, path.text))
        ends[at] = list({path.text: path for path in reversed(paths)}.values())[::-1][:KEPT]
    return ends[len(way)]


def _pairs(first: str, second: str, scope: Scope) -> list[tuple[str, float]]:
    """The pairs in scope that are read so, each with the logarithm of its frequency."""
    counts = {pair: scope.candidate(pair) for pair in scope.pairs(pair_key(first, second))[:MOST_PAIRS]}
    return [(pair, log(count)) for pair, count in counts.items() if count]

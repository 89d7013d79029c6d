"""A run of Han with a character wrong: which pairs in it are unknown, and what would make them known."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import NamedTuple

from kb.search.analysis import bigrams
from kb.search.spelling.scope import Scope
from kb.search.spelling.sounds import MOST_PAIRS, SAME_CHARACTER, common, homophones

LONGEST = 12  # characters of a run that is looked at
SHORT = 5  # of one that is a word or two, not a sentence
MOST_REPAIRS = 2  # wrong words in one run
FOUND = 2.0  # what it is worth that a pair is found at all, beside the logarithm of how often
OFTEN = 3  # documents with a pair that is surely meant
SURER = 2  # times more frequent than what they replace are pairs between known words
# Words by themselves, found beside anything: that they stand beside something new is no mistake.
SMALL = frozenset(
    "的了是在不有和与及或我你他她它们这那谁吗呢吧啊也都就要会能可没被把给对从向到请怎么什哪几多少个"
    "一二三上下中前后新旧各每本该由为以查找看用做年月日号次第层线所受因又当比其并但而且还再才只最更很时名叫称"
    "让令使得地着过跟同往来于内外间里"
)


class _Repair(NamedTuple):
    score: float
    text: str


def repaired(run: str, scope: Scope, *, sure: bool) -> str | None:
    """The run as it was meant, probably or (`sure`) almost certainly, or None if nothing in it looks wrong."""
    if not 2 <= len(run) <= LONGEST:
        return None
    text = run
    least = OFTEN if sure and len(run) > SHORT else 1
    for _ in range(MOST_REPAIRS):
        best = max(_repairs(text, scope, least), default=None)
        if best is None:
            break
        text = best.text
    return text if text != run else None


def _repairs(run: str, scope: Scope, least: int) -> Iterator[_Repair]:
    unknown = [not scope.count(pair) for pair in bigrams(run)]
    for at, is_unknown in enumerate(unknown):
        # A word of one character stands beside anything: that it is new there is no mistake, unless all is new.
        if is_unknown and (all(unknown) or not _is_small(run, at)):
            # Two known words may merely meet for the first time.
            meeting = 0 < at < len(unknown) - 1 and not any(unknown[at - 1 : at + 2 : 2])
            for other in homophones(run[at : at + 2], scope, MOST_PAIRS):
                repair = _tried(run, at, other, scope, SURER if meeting else 0, least)
                if repair is not None:
                    yield repair


def _is_small(run: str, at: int) -> bool:
    return run[at] in SMALL or run[at + 1] in SMALL


def _tried(run: str, at: int, pair: str, scope: Scope, surer: int, least: int) -> _Repair | None:
    """The run with another pair in it, if that explains enough; `surer` times more where known words meet."""
    text = run[:at] + pair + run[at + 2 :]
    around = range(max(0, at - 1), min(len(run) - 1, at + 2))
    # A word of one character beside an unknown one gains nothing by being known, but may lose.
    counted = [i for i in around if i == at or scope.count(run[i : i + 2]) or not _is_small(run, i)]
    before = [scope.count(run[i : i + 2]) for i in counted]
    after = [scope.candidate(text[i : i + 2]) for i in counted]
    changed = 2 - common(run[at : at + 2], pair)
    fixed, often = before.count(0) - after.count(0), scope.count(pair)
    if surer:
        believable = changed == 1 and min(after) >= surer * min(filter(None, before), default=0)
    else:
        believable = (
            len(run) == 2
            or fixed > changed
            or (fixed == changed and often >= least)
            or (len(run) <= 4 and often >= OFTEN)
        )
    if fixed < 1 or not believable:
        return None
    return _Repair(_worth(after) - _worth(before) + SAME_CHARACTER * (2 - changed), text)


def _worth(counts: list[int]) -> float:
    return sum(log(count) + FOUND for count in counts if count)

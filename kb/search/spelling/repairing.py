"""A run of Han with a character wrong: which pairs in it are unknown, and what would make them known."""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import NamedTuple

from kb.search.analysis import bigrams
from kb.search.spelling.evidence import OFTEN, SMALL, is_usual
from kb.search.spelling.scope import Scope
from kb.search.spelling.sounds import SAME_CHARACTER, alike, common, exchanged, homophones
from kb.search.spelling.vocabulary import is_chinese, is_exchanged, is_well_known

LONGEST = 12  # characters of a run that is looked at
SHORT = 5  # of one that is a word or two, not a sentence
MOST_REPAIRS = 2  # wrong words in one run
MOST_LOOKED_FOR = 3  # repaired runs looked for unbroken, of each round
FOUND = 2.0  # what it is worth that a pair is found at all, beside the logarithm of how often
SURER = 2  # times more frequent than what they replace are pairs between known words


class _Repair(NamedTuple):
    score: float
    text: str


def repaired(run: str, scope: Scope, *, sure: bool) -> str | None:
    """The run as it was meant, probably or (`sure`) almost certainly, or None if nothing in it looks wrong."""
    if len(run) == 2:
        return None if scope.count(run) else next(iter(homophones(run, scope, 1)), None)
    if not 2 < len(run) <= LONGEST:
        return None
    text = good = run
    least = OFTEN if sure and len(run) > SHORT else 1
    for _ in range(MOST_REPAIRS):
        repairs = sorted(set(_repairs(text, scope, least)), reverse=True)
        for repair in repairs[:MOST_LOOKED_FOR]:
            if _may_be_changed(run, repair.text, whole=True) and scope.together(repair.text):
                return repair.text
        if not repairs:
            break
        text = next((one.text for one in repairs if _vouched(run, one.text, scope)), repairs[0].text)
        good = text if _vouched(run, text, scope) else good
    return good if good != run else None


def _may_be_changed(run: str, text: str, *, whole: bool) -> bool:
    """Whether the characters that differ stand in no word; in long runs that are found as a whole one may."""
    changed = [at for at in range(len(run)) if run[at] != text[at] and not is_exchanged(run[at], text[at])]
    held = {at + i for at in range(len(run) - 1) if is_well_known(run[at : at + 2]) for i in (0, 1)}
    if whole and len(run) > 3:
        return len(changed) < 2 or held.isdisjoint(changed)
    if whole and not is_well_known(run[:2]):
        return len(changed) < 2
    return held.isdisjoint(changed)


def _vouched(run: str, text: str, scope: Scope) -> bool:
    """Whether what was changed makes usual words, one character in each; for runs that stand nowhere whole."""
    if len(run) < 4 or not _may_be_changed(run, text, whole=False):
        return False
    changed = [at for at in range(len(run)) if run[at] != text[at]]
    return all(_makes_a_word(run, text, at, scope) for at in changed)


def _makes_a_word(run: str, text: str, at: int, scope: Scope) -> bool:
    """Whether a changed character and one beside it are a usual word, and that one is in no other: 全资|子."""
    for kept in (at - 1, at + 1):
        first, beyond = min(at, kept), min(kept, 2 * kept - at)
        pair = text[first : first + 2]
        if not 0 <= kept < len(run) or run[kept] != text[kept] or pair[0] in SMALL or pair[1] in SMALL:
            continue
        free = beyond < 0 or not is_well_known(run[beyond : beyond + 2])
        if free and is_chinese(pair) and is_usual(pair, scope):
            return True
    return False


def _repairs(run: str, scope: Scope, least: int) -> Iterator[_Repair]:
    unknown = [not scope.count(pair) for pair in bigrams(run)]
    for at, is_unknown in enumerate(unknown):
        if is_unknown:
            # Two known words may merely meet for the first time.
            meeting = 0 < at < len(unknown) - 1 and not any(unknown[at - 1 : at + 2 : 2])
            for other, _ in alike(run[at : at + 2], scope):
                # A word of one character stands beside anything: that it is new there is no mistake,
                # unless all is new.
                if _is_small(run, at) and not (all(unknown) or _is_word_beside(run[at : at + 2], other)):
                    continue
                repair = _tried(run, at, other, scope, SURER if meeting else 0, least)
                if repair is not None:
                    yield repair


def _is_small(run: str, at: int) -> bool:
    return run[at] in SMALL or run[at + 1] in SMALL


def _is_word_beside(pair: str, other: str) -> bool:
    """Whether a word needs only another character beside what could stand by itself: 帐号, 账号."""
    kept = [a == b or a not in SMALL for a, b in zip(pair, other, strict=True)]
    return all(kept) and is_chinese(other) and (not is_chinese(pair) or exchanged(pair, other))


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
            fixed > changed or (fixed == changed and often >= least) or (len(run) <= 4 and often >= OFTEN)
        )
    if fixed < 1 or not believable:
        return None
    return _Repair(_worth(after) - _worth(before) + SAME_CHARACTER * (2 - changed), text)


def _worth(counts: list[int]) -> float:
    return sum(log(count) + FOUND for count in counts if count)

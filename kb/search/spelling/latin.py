"""What an unknown Latin word may have been: a near word, two words run together, a part of a longer word."""

from __future__ import annotations

from math import log

from kb.search.analysis import stem
from kb.search.spelling.edits import unlikely
from kb.search.spelling.scope import Scope
from kb.search.spelling.vocabulary import is_english, is_frequent

SHORTEST = 4  # letters of a word that is corrected
SHORTEST_PART, SHORTEST_INSIDE = 4, 5  # of the beginning of a word, of a part within
SHORTEST_HALF = 3  # of two words run together
SHORTEST_TWICE = 8  # of one in which two slips are forgiven, but for its first letter
MOST_COUNTED = 64  # near words looked up in the index
LONGEST = 32  # letters; what is longer is no word somebody mistyped
MOST_SPLITS = 24
MOST_LOOKED_FOR = 2  # of them looked for side by side
SMALL = frozenset({"in", "on", "up", "to", "by", "of"})


def is_word(text: str) -> bool:
    """Whether it can be misspelt at all: letters only, neither very short nor very long."""
    return SHORTEST <= len(text) <= LONGEST and text.replace("'", "").isalpha()


def near(word: str, scope: Scope, *, twice: bool = True) -> list[str]:
    """The words in scope that may have been meant, best first: one slip away, or else two.

    None for an English word: that it stands nowhere is no mistake.
    """
    if not is_word(word) or is_english(word):
        return []
    return _near(word, scope, 1) or (_near(word, scope, 2) if twice and len(word) >= SHORTEST_TWICE else [])


def _near(word: str, scope: Scope, distance: int) -> list[str]:
    costs: dict[str, float] = {}
    for shapes in scope.segments():
        for other, apart in shapes.near(word, distance):
            if other not in costs and is_word(other) and _believable(word, other, apart):
                costs[other] = unlikely(word, other, apart)
    ranked: list[tuple[float, str]] = []
    for other in sorted(costs, key=lambda one: (costs[one], one))[:MOST_COUNTED]:
        count = scope.candidate_word(other)
        if count:
            ranked.append((costs[other] - log(count), other))
    return [other for _, other in sorted(ranked)]


def _believable(word: str, other: str, apart: int) -> bool:
    """Two slips leave the first letter; of four letters, none is exchanged for another: cron is no crop."""
    if apart > 1:
        return other[0] == word[0]
    return len(word) > SHORTEST or len(other) > len(word) or sorted(other) == sorted(word)


def parts(word: str, scope: Scope, most: int) -> list[str]:
    """Words in scope that begin with it, then such that hold it; one of each stem."""
    if not SHORTEST_PART <= len(word) <= LONGEST or is_frequent(word):
        return []
    found = _readable(
        [one for shapes in scope.segments() for one in shapes.beginning(word)], word, scope, most
    )
    if len(found) < most and len(word) >= SHORTEST_INSIDE:
        inside = [one for shapes in scope.segments() for one in shapes.holding(word)]
        found += _readable([one for one in inside if not one.startswith(word)], word, scope, most)
    return list({stem(one): one for one in reversed(found)}.values())[::-1][:most]


def _readable(words: list[str], part: str, scope: Scope, most: int) -> list[str]:
    """Of each stem the shortest word in scope; the most frequent of the first few."""
    shortest: dict[str, str] = {}
    for word in sorted(set(words), key=lambda one: (len(one), one)):
        if word != part and (word.isalpha() or not part.isalpha()):
            shortest.setdefault(stem(word), word)
    counts = {word: scope.candidate_word(word) for word in list(shortest.values())[: 3 * most]}
    return sorted((word for word in counts if counts[word]), key=lambda word: (-counts[word], word))[:most]


def split(word: str, scope: Scope) -> tuple[str, str] | None:
    """Two words in scope that were run together and stand side by side: those of which the rarer is frequent."""
    if not is_word(word):
        return None
    ways: list[tuple[int, int, int]] = []
    for at in range(SHORTEST_HALF, min(len(word) - 1, MOST_SPLITS)):
        one, two = word[:at], word[at:]
        # A short half says little by itself, unless it makes a noun of a verb: log-in, set-up.
        if len(two) < SHORTEST_HALF and two not in SMALL:
            continue
        count = scope.candidate_word(one) and min(scope.candidate_word(one), scope.candidate_word(two))
        if count:
            ways.append((min(len(one), len(two), SHORTEST_HALF), count, at))
    least = 2 if is_english(word) else 1
    for _, _, at in sorted(ways, reverse=True)[:MOST_LOOKED_FOR]:
        if scope.together(f"{word[:at]} {word[at:]}") >= least:
            return word[:at], word[at:]
    return None

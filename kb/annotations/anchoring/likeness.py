"""How alike two passages read, from 0 to 1, the same scale for English and Chinese.

The mean of two shares: of the characters both have in the same order (a letter put right in a word costs
little) and of the whole words both have in the same order, words counted by what they tell (by characters
alone any two English sentences are half alike). A Han character is a word. Case, width and white space count nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from kb.annotations.anchoring.units import TOKEN

LONGEST = 4000  # code points compared of one passage
SIGN = 0.3  # what a sign tells, beside a Han character


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """The characters that count when passages are compared."""
    return "".join(unicodedata.normalize("NFKC", text[:LONGEST]).casefold().split())


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words that count when passages are compared."""
    return tuple(TOKEN.findall(unicodedata.normalize("NFKC", text[:LONGEST]).casefold()))


def likeness(one: str, two: str) -> float:
    """How alike two passages read."""
    if one == two:
        return 1.0
    return (Indel.normalized_similarity(folded(one), folded(two)) + _by_words(words(one), words(two))) / 2


def _by_words(one: tuple[str, ...], two: tuple[str, ...]) -> float:
    size = sum(map(_weight, one)) + sum(map(_weight, two))
    if not size:
        return 0.0
    same = sum(
        _weight(word)
        for step in Indel.opcodes(one, two)
        if step.tag == "equal"
        for word in one[step.src_start : step.src_end]
    )
    return 2 * same / size


def _weight(word: str) -> float:
    """What a word tells: signs little, a Han character about as much as four letters."""
    if not word[0].isalnum():
        return SIGN
    return 1.0 if len(word) == 1 else 1 + len(word) / 4


def telling(text: str) -> int:
    """How many words of a text tell something, signs left out."""
    return sum(word[0].isalnum() for word in words(text))


def alike(ones: Sequence[str], twos: Sequence[str], least: float) -> list[tuple[int, int, float]]:
    """All pairs whose likeness is at least `least`, by row and column."""
    # Both shares are at most 1: where the characters alone fall short of this, so does the mean.
    least_characters = max(0.0, 2 * least - 1)
    table: npt.NDArray[np.float32] = cdist(
        [folded(one) for one in ones],
        [folded(two) for two in twos],
        scorer=Indel.normalized_similarity,
        score_cutoff=max(least_characters, least * 0.9),
        dtype=np.float32,
    )
    found = []
    for row, column in zip(*(index.tolist() for index in np.nonzero(table)), strict=True):
        score = likeness(ones[row], twos[column])
        if score >= least:
            found.append((row, column, score))
    return found

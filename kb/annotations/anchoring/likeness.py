"""How alike two passages read, from 0 to 1, the same scale for English and Chinese.

The mean of two shares: of the characters both have in the same order (a letter put right in a word costs
little) and of the whole words both have in the same order, words counted by what they tell (by characters
alone any two English sentences are half alike). A Han character is a word. Case, width and white space count nothing.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from kb.annotations.anchoring.units import TOKEN

LONGEST = 4000  # code points compared of one passage
PAIRS = 50_000  # compared word by word at once
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
    return (Indel.normalized_similarity(folded(one), folded(two)) + _by_words(one, two)) / 2


def _by_words(one: str, two: str) -> float:
    ours = words(one)
    size = _size(one) + _size(two)
    if not size:
        return 0.0
    same = 0.0
    for step in Indel.opcodes(ours, words(two)):
        if step.tag == "equal":
            same += sum(map(_weight, ours[step.src_start : step.src_end]))
    return 2 * same / size


@lru_cache(maxsize=8192)
def _size(text: str) -> float:
    return sum(map(_weight, words(text)))


@lru_cache(maxsize=32768)
def _weight(word: str) -> float:
    """What a word tells: signs little, a Han character about as much as four letters."""
    if not word[0].isalnum():
        return SIGN
    return 1.0 if len(word) == 1 else 1 + len(word) / 4


def telling(text: str) -> int:
    """How many words of a text tell something, signs left out."""
    return sum(word[0].isalnum() for word in words(text))


def alike(ones: Sequence[str], twos: Sequence[str], least: float) -> list[tuple[int, int, float]] | None:
    """All pairs whose likeness is at least `least`, by row and column; nothing where they are too many."""
    # Both shares are at most 1: where the characters alone fall short of this, so does the mean.
    least_characters = max(0.0, 2 * least - 1)
    table: npt.NDArray[np.float32] = cdist(
        [folded(one) for one in ones],
        [folded(two) for two in twos],
        scorer=Indel.normalized_similarity,
        score_cutoff=max(least_characters, least * 0.9),
        dtype=np.float32,
    )
    if np.count_nonzero(table) > PAIRS:
        return None
    found = []
    for row, column in zip(*(index.tolist() for index in np.nonzero(table)), strict=True):
        score = likeness(ones[row], twos[column])
        if score >= least:
            found.append((row, column, score))
    return found


def kept_letters(ones: Sequence[str], twos: Sequence[str]) -> dict[tuple[int, int], float]:
    """What share of one sentence's letters went to which other, by the shortest way from all to all."""
    old, new = "\n".join(ones) + "\n", "\n".join(twos) + "\n"
    if max(len(old), len(new)) > LONGEST:
        return {}
    ours = [at for at, key in enumerate(ones) for _ in range(len(key) + 1)]
    theirs = [at for at, key in enumerate(twos) for _ in range(len(key) + 1)]
    went: Counter[tuple[int, int]] = Counter()
    for step in Indel.opcodes(old, new):
        if step.tag == "equal":
            went.update(
                zip(ours[step.src_start : step.src_end], theirs[step.dest_start : step.dest_end], strict=True)
            )
    return {pair: count / (len(ones[pair[0]]) + 1) for pair, count in went.items()}

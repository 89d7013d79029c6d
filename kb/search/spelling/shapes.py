"""The words of a segment by length and letters: nearly all are ruled out without being looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from kb.search.analysis import MAX_WORD
from kb.search.interface import Lexicon, Words

MOST_COMPARED = 4000  # words whose letters fit, per segment and question
MOST_PARTS = 64  # words that hold a part, per segment and question
MOST_ANSWERS = 256  # kept per segment

Bits = NDArray[np.uint64]


def _flags() -> Bits:
    """Which bit an ASCII character sets: letters 0-25, digits 26-35, all others 62."""
    places = [62] * 128
    for place, char in enumerate("abcdefghijklmnopqrstuvwxyz0123456789"):
        places[ord(char)] = place
    return np.left_shift(np.uint64(1), np.array(places, dtype=np.uint64))


_FLAGS = _flags()
_LETTERS, _TWICE = np.uint64(2**26 - 1), np.uint64(36)


def _bits(words: Sequence[str], length: int) -> Bits:
    """One number per word of this length: a bit for each letter in it, and one for each that is there twice.

    An insertion or deletion changes one bit, a substitution at most two, a transposition none.
    """
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    flags = _FLAGS[np.minimum(codes, 127)]
    if (codes > 127).any():
        flags = np.where(codes > 127, np.left_shift(np.uint64(1), (62 + codes % 2).astype(np.uint64)), flags)
    flags = flags.reshape(-1, length)
    once, twice = np.zeros(len(words), dtype=np.uint64), np.zeros(len(words), dtype=np.uint64)
    for at in range(length):
        twice |= once & flags[:, at]
        once |= flags[:, at]
    return once | ((twice & _LETTERS) << _TWICE)


class Shapes:
    """The sorted words of one segment, with what is needed to find those near to a word or holding a part."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        lengths = np.minimum(lengths, MAX_WORD + 1)
        order = np.argsort(lengths, kind="stable")
        self._order = order.astype(np.uint32)
        self._starts = np.searchsorted(lengths[order], np.arange(MAX_WORD + 3)).tolist()
        self._bits = np.zeros(len(words), dtype=np.uint64)
        for length in range(1, MAX_WORD + 1):
            low, high = self._range(length, length)
            if low < high:
                self._bits[low:high] = _bits(self._at(np.arange(low, high)), length)
        self._answers: dict[tuple[str, int], tuple[tuple[str, int], ...]] = {}

    def __contains__(self, word: str) -> bool:
        at = bisect_left(self.words, word)
        return at < len(self.words) and self.words[at] == word

    def near(self, word: str, distance: int) -> tuple[tuple[str, int], ...]:
        """Words within so many edits (optimal string alignment), each with its distance; not the word itself."""
        known = self._answers.get((word, distance))
        if known is None:
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            known = self._answers[word, distance] = self._near(word, distance)
        return known

    def _near(self, word: str, distance: int) -> tuple[tuple[str, int], ...]:
        low, high = self._range(len(word) - distance, len(word) + distance)
        if low == high or not word:
            return ()
        apart = np.bitwise_count(self._bits[low:high] ^ _bits([word], len(word))[0])
        fits = np.flatnonzero(apart <= 2 * distance)
        if len(fits) > MOST_COMPARED:
            fits = fits[np.argsort(apart[fits], kind="stable")[:MOST_COMPARED]]
        return tuple(self._measured(word, self._at(low + fits), distance))

    def _measured(self, word: str, found: list[str], distance: int) -> Iterable[tuple[str, int]]:
        if not found:
            return
        distances: Any = cdist([word], found, scorer=OSA.distance, score_cutoff=distance, dtype=np.uint8)[0]
        for place in np.flatnonzero(distances <= distance).tolist():
            if distances[place]:
                yield found[place], int(distances[place])

    def beginning(self, part: str) -> list[str]:
        """Words that begin with a part, in order."""
        start = bisect_left(self.words, part)
        found = islice(range(start, len(self.words)), MOST_PARTS)
        return [word for at in found if (word := self.words[at]).startswith(part)]

    def holding(self, part: str) -> list[str]:
        """Words that hold a part somewhere within, shortest first."""
        low, high = self._range(len(part) + 1, MAX_WORD)
        letters = _bits([part], len(part))[0]
        fits = np.flatnonzero((self._bits[low:high] & letters) == letters)[:MOST_COMPARED]
        return [word for word in self._at(low + fits) if part in word][:MOST_PARTS]

    def _range(self, shortest: int, longest: int) -> tuple[int, int]:
        """Where the words of these lengths begin and end, in the order of lengths."""
        low, high = max(0, min(shortest, MAX_WORD + 1)), max(0, min(longest, MAX_WORD + 1))
        return self._starts[low], self._starts[high + 1]

    def _at(self, places: NDArray[np.int64]) -> list[str]:
        words = self.words
        return [words[at] for at in self._order[places].tolist()]


def shapes_of(words: Sequence[str]) -> Shapes:
    """The shapes of a list of words, kept with it where it has a place for them."""
    if not isinstance(words, Words):
        return Shapes(words)
    shapes: Shapes | None = words.shapes
    if shapes is None:
        shapes = words.shapes = Shapes(words)
    return shapes


def prepare(lexicon: Lexicon) -> None:
    """Look at the words of every segment now, so that nobody has to wait for it later."""
    for words in lexicon.words():
        if words:
            shapes_of(words)

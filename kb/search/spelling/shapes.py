"""The words of a segment by length and letters: nearly all are ruled out without being looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import islice
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from kb.search.analysis import MAX_WORD

MOST_COMPARED = 4000  # words whose letters fit, per segment and question
MOST_PARTS = 64  # words that hold a part, per segment and question
MOST_SEGMENTS = 48  # of which the shapes are kept
MOST_ANSWERS = 256  # kept per segment
CHUNK = 8192  # words whose letters are counted at a time

Bits = NDArray[np.uint64]


def _columns() -> NDArray[np.int64]:
    """Which bit an ASCII character sets: letters 0-25, digits 26-35, all others 62."""
    columns = np.full(128, 62, dtype=np.int64)
    for place, char in enumerate("abcdefghijklmnopqrstuvwxyz0123456789"):
        columns[ord(char)] = place
    return columns


_COLUMNS = _columns()


def _chunk_bits(words: Sequence[str]) -> Bits:
    """One number per word: a bit for each letter in it, and one (36-61) for each letter that is there twice.

    An insertion or deletion changes one bit, a substitution two, a transposition none.
    """
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    columns = np.where(codes < 128, _COLUMNS[np.minimum(codes, 127)], 62 + codes % 2).astype(np.int64)
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    rows = np.repeat(np.arange(len(words), dtype=np.int64), lengths)
    counts = np.bincount(rows * 64 + columns, minlength=len(words) * 64).reshape(len(words), 64)
    flags = counts > 0
    flags[:, 36:62] = counts[:, :26] > 1
    return np.packbits(flags, axis=1).view(np.uint64).ravel()


def _bits(words: Sequence[str]) -> Bits:
    parts = [_chunk_bits(words[at : at + CHUNK]) for at in range(0, len(words), CHUNK)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint64)


class Shapes:
    """The sorted words of one segment, with what is needed to find those near to a word or holding a part."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        lengths = np.minimum(lengths, MAX_WORD + 1)
        order = np.argsort(lengths, kind="stable")
        self._order = order.astype(np.uint32)
        self._bits = _bits(words)[order]
        self._starts = np.searchsorted(lengths[order], np.arange(MAX_WORD + 3)).tolist()
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
        if low == high:
            return ()
        apart = np.bitwise_count(self._bits[low:high] ^ _bits([word])[0])
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
        letters = _bits([part])[0]
        fits = np.flatnonzero((self._bits[low:high] & letters) == letters)[:MOST_COMPARED]
        return [word for word in self._at(low + fits) if part in word][:MOST_PARTS]

    def _range(self, shortest: int, longest: int) -> tuple[int, int]:
        """Where the words of these lengths begin and end, in the order of lengths."""
        low, high = max(0, min(shortest, MAX_WORD + 1)), max(0, min(longest, MAX_WORD + 1))
        return self._starts[low], self._starts[high + 1]

    def _at(self, places: NDArray[np.int64]) -> list[str]:
        words = self.words
        return [words[at] for at in self._order[places].tolist()]


_KEPT: OrderedDict[int, Shapes] = OrderedDict()
_LOCK = Lock()


def shapes_of(words: Sequence[str]) -> Shapes:
    """The shapes of a segment's words, kept as long as the same list is asked for."""
    with _LOCK:
        shapes = _KEPT.get(id(words))
        if shapes is not None and shapes.words is words:
            _KEPT.move_to_end(id(words))
            return shapes
    made = Shapes(words)
    with _LOCK:
        _KEPT[id(words)] = made
        while len(_KEPT) > MOST_SEGMENTS:
            _KEPT.popitem(last=False)
    return made

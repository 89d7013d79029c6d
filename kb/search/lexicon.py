"""The words of the segments as they are written, and pairs of Han by how they sound: what spelling is made of."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

import numpy as np

from kb.search.analysis import pieces
from kb.search.interface import Words
from kb.search.pinyin import pair_keys
from kb.search.query import Run, Word
from kb.search.query import Sequence as QuerySequence

WORDS, PAIR_KEYS, PAIRS = "words", "pair keys", "pairs"
FEW_WORDS = 2000  # of a small segment
MOST_PAIRS = 400  # with one sound, of one segment


def pack_words(words: list[bytes]) -> bytes:
    """Folded words as written, sorted, a line each."""
    return b"\n".join(sorted(words))


def pack_pairs(pairs: list[bytes]) -> dict[str, bytes]:
    """Pairs of Han of the basic plane under each of their sounds, by sound."""
    found = sorted(
        (key, ord(text[0]) << 16 | ord(text[1]))
        for text in map(bytes.decode, pairs)
        if len(text) == 2
        for key in pair_keys(text)
    )
    return {
        PAIR_KEYS: array("I", [key for key, _ in found]).tobytes(),
        PAIRS: array("I", [pair for _, pair in found]).tobytes(),
    }


class SegmentWords:
    """What one segment holds of it; read when first asked for."""

    def __init__(self, part: Callable[[str], bytes]) -> None:
        self._part = part
        self._words: Words | None = None
        self._sounds: tuple[np.ndarray, np.ndarray] | None = None

    def words(self) -> Words:
        """Sorted, folded Latin words."""
        if self._words is None:
            text = self._part(WORDS).decode()
            self._words = Words(text.split("\n") if text else ())
        return self._words

    def pairs(self, key: int) -> list[str]:
        """Pairs of Han that sound so."""
        if self._sounds is None:
            keys = np.frombuffer(self._part(PAIR_KEYS), np.uint32)
            self._sounds = keys, np.frombuffer(self._part(PAIRS), np.uint32)
        keys, pairs = self._sounds
        first, last = np.searchsorted(keys, (key, key + 1)) if key >= 0 else (0, 0)
        return [chr(pair >> 16) + chr(pair & 0xFFFF) for pair in pairs[first:last][:MOST_PAIRS].tolist()]


def gathered(lists: Sequence[Words]) -> list[Words]:
    """The same words in few lists: those of small segments together."""
    small = [words for words in lists if len(words) < FEW_WORDS]
    together = Words(sorted(set().union(*small)))
    return [words for words in lists if len(words) >= FEW_WORDS] + ([together] if together else [])


class IndexLexicon:
    """`interface.Lexicon` over the segments of a snapshot, counting within one scope."""

    def __init__(
        self,
        words: Sequence[Words],
        segments: Sequence[SegmentWords],
        count: Callable[[str], int],
        titled: Callable[[str], int],
        together: Callable[[tuple[tuple[str, int], ...]], int],
    ) -> None:
        self._words = words
        self._segments = segments
        self._count, self._titled, self._together = count, titled, together
        self._counts: dict[str, int] = {}

    def words(self) -> Sequence[Sequence[str]]:
        """Sorted, folded Latin words as they are written in the texts, in a few lists."""
        return self._words

    def count(self, term: str) -> int:
        """How many documents in scope hold an index term."""
        known = self._counts.get(term)
        if known is None:
            known = self._counts[term] = self._count(term)
        return known

    def pairs(self, key: int) -> Sequence[str]:
        """Pairs of Han anywhere in the index that are pronounced so."""
        return list(dict.fromkeys(pair for segment in self._segments for pair in segment.pairs(key)))

    def titled(self, term: str) -> int:
        """How many documents in scope hold an index term in their title."""
        return self._titled(term)

    def together(self, words: str) -> int:
        """How many documents in scope hold these folded words, or this run of Han, unbroken and in this order."""
        parts = tuple(Run(one.text) if one.han else Word(one.text) for one in pieces(words))
        steps = QuerySequence(parts, strict=True).placed()
        return self._together(steps) if len(steps) > 1 else self.count(steps[0][0]) if steps else 0

"""What the caller can find: every count asked of the index once, and not too many of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.search.analysis import exact, stem
from kb.search.interface import Lexicon
from kb.search.spelling.shapes import Shapes, shapes_of

MOST_COUNTS = 400  # terms counted for candidates, per query
MOST_TOGETHER = 12  # runs and phrases looked for unbroken, per query


class Scope:
    """The words of an index as the caller sees them; for one query."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._counts: dict[str, int] = {}
        self._together: dict[str, int] = {}
        self._left = MOST_COUNTS
        self._shapes: tuple[Shapes, ...] | None = None

    def count(self, term: str) -> int:
        """How many documents in scope hold a term of the index."""
        known = self._counts.get(term)
        if known is None:
            known = self._counts[term] = self._lexicon.count(term)
        return known

    def found(self, word: str) -> int:
        """How many documents in scope hold a Latin word in any form."""
        return self.count(stem(word)) or self.count(exact(word))

    def written(self, word: str) -> int:
        """How many hold it as written."""
        return self.count(exact(word))

    def candidate(self, term: str) -> int:
        """The same as `count` for what nobody typed: 0 once enough was looked at."""
        if term not in self._counts:
            if self._left <= 0:
                return 0
            self._left -= 1
        return self.count(term)

    def candidate_word(self, word: str) -> int:
        """The same as `written` for what nobody typed."""
        return self.candidate(exact(word))

    def titled(self, term: str) -> bool:
        """Whether a document in scope holds a term in its title."""
        return self.count(term) > 0 and self._lexicon.titled(term) > 0

    def together(self, words: str) -> int:
        """How many documents in scope hold the words or the run unbroken; 0 once enough were looked for."""
        known = self._together.get(words)
        if known is None:
            if len(self._together) >= MOST_TOGETHER:
                return 0
            known = self._together[words] = self._lexicon.together(words)
        return known

    def pairs(self, key: int) -> Sequence[str]:
        """Pairs of Han that are pronounced so, readable or not."""
        return self._lexicon.pairs(key) if key >= 0 else ()

    def segments(self) -> Iterator[Shapes]:
        """The words of each segment, readable or not."""
        if self._shapes is None:
            self._shapes = tuple(shapes_of(words) for words in self._lexicon.words() if words)
        yield from self._shapes

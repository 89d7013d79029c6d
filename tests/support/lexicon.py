"""The words of an index in memory: texts with scopes, seen by somebody who may read some of them."""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from kb.search.analysis import EXACT, exact, fold, pieces, word_terms
from kb.search.pinyin import pair_keys


class MemoryLexicon:
    """A `kb.search.interface.Lexicon` over texts, one segment; `hidden` texts are out of scope."""

    def __init__(self, texts: Iterable[str], hidden: Iterable[str] = ()) -> None:
        self.counts: Counter[str] = Counter()
        self.asked = 0
        words: set[str] = set()
        pairs: set[str] = set()
        for text, readable in [(text, True) for text in texts] + [(text, False) for text in hidden]:
            terms: set[str] = set()
            for piece in pieces(fold(text).text):
                if piece.han:
                    found = {piece.text[at : at + 2] for at in range(len(piece.text) - 1)}
                    pairs |= found
                    terms |= found | set(piece.text)
                else:
                    words.add(exact(piece.text).removeprefix(EXACT))
                    terms |= set(word_terms(piece.text))
            if readable:
                self.counts.update(terms)
        self._words = (sorted(words),)
        self._pairs: defaultdict[int, list[str]] = defaultdict(list)
        for pair in pairs:
            for key in pair_keys(pair):
                insort(self._pairs[key], pair)

    def words(self) -> Sequence[Sequence[str]]:
        return self._words

    def count(self, term: str) -> int:
        self.asked += 1
        return self.counts[term]

    def pairs(self, key: int) -> Sequence[str]:
        return self._pairs.get(key, ())

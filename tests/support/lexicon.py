"""The words of an index in memory: texts with scopes, seen by somebody who may read some of them."""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from kb.search.analysis import EXACT, exact, fold, pieces, stem, word_terms
from kb.search.interface import Words
from kb.search.pinyin import pair_keys


class MemoryLexicon:
    """A `kb.search.interface.Lexicon` over texts, one segment; `hidden` texts are out of scope.

    The first line of a text is its title if there are more.
    """

    def __init__(self, texts: Iterable[str], hidden: Iterable[str] = ()) -> None:
        self.counts: Counter[str] = Counter()
        self.titles: Counter[str] = Counter()
        self.asked = 0
        self._readable: list[str] = []  # with each stem and run of Han between bars
        words: set[str] = set()
        pairs: set[str] = set()
        for text, readable in [(text, True) for text in texts] + [(text, False) for text in hidden]:
            terms = _terms(text, words, pairs)
            if readable:
                self.counts.update(terms)
                title, _, body = text.partition("\n")
                self.titles.update(_terms(title, set(), set()) if body else ())
                self._readable.append(_barred(text))
        self._words = (Words(sorted(words)),)
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

    def titled(self, term: str) -> int:
        self.asked += 1
        return self.titles[term]

    def together(self, words: str) -> int:
        self.asked += 1
        run = _barred(words)
        return sum((run.strip("|") if "|" not in run[1:-1] else run) in text for text in self._readable)


def _barred(text: str) -> str:
    found = (piece.text if piece.han else stem(piece.text) for piece in pieces(fold(text).text))
    return f"|{'|'.join(found)}|"


def _terms(text: str, words: set[str], pairs: set[str]) -> set[str]:
    """The terms of a text; its words and pairs of Han are added to the sets."""
    terms: set[str] = set()
    for piece in pieces(fold(text).text):
        if piece.han:
            found = {piece.text[at : at + 2] for at in range(len(piece.text) - 1)}
            pairs |= found
            terms |= found | set(piece.text)
        else:
            words.add(exact(piece.text).removeprefix(EXACT))
            terms |= set(word_terms(piece.text))
    return terms

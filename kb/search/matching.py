"""One part of a query against the index: which documents have it, what it is worth there, where it is whole."""

from __future__ import annotations

from collections.abc import Sequence as Several
from itertools import pairwise

import numpy as np

from kb.search.analysis import bigrams, exact, stem
from kb.search.gains import Found, Part, all_of, only
from kb.search.numbers import Numbers, distinct
from kb.search.query import Clause, Leaf, Prefix, Run, Sequence, Word
from kb.search.snapshot import HAN_K1, K1, TEXT, TITLE, Matches, Scope, Snapshot

EXACT_BONUS = 0.1  # of a word's worth, where it stands as written
ORDER_BONUS = 0.5  # of a sequence's worth, where it stands unbroken
SINGLE = 0.5  # how much a lone character of a long run counts beside its pairs
MUST_STAND_TOGETHER = 4  # Han characters: a run up to so long is fully there only unbroken
MAX_EXPANSIONS = 64  # words that the prefixes of a query stand for together
LEXICON = 2000  # words looked at for them
MOST_PLACES = 250_000  # documents times words in which phrases of one query are looked for

# What a Chinese question is asked with says nothing about its answer; looked for in short runs all the same.
_ASKED_WITH = (
    "什么 怎么 怎样 如何 哪些 哪个 哪里 哪年 哪一 为什 为何 多少 何时 请问 请简 是什 么时 时候 的是 是谁 有什 有哪 "
    "在哪 叫什 是哪 么样 吗 呢 么 什 哪 谁 的 是 了 在 有 被 于 和 与 及 几 何 些"
)
_ASKING = frozenset(_ASKED_WITH.split())
Steps = tuple[tuple[str, int], ...]


class Matcher:
    """Looks leaves up within one scope."""

    def __init__(self, snapshot: Snapshot, scope: Scope, prefixes: int) -> None:
        self._snapshot = snapshot
        self._prefixes = max(1, prefixes)
        self._places_left = MOST_PLACES
        self._scope = scope

    def find(self, leaf: Leaf, title: bool) -> Found:
        """Everything about one leaf."""
        name = TITLE if title else TEXT
        if isinstance(leaf, Word):
            return self._word(name, leaf)
        if isinstance(leaf, Prefix):
            part = self.part(self._prefixed(name, leaf.text))
            return Found([part], part.documents)
        if isinstance(leaf, Sequence) and leaf.strict:
            part = self.part(self._phrase(leaf, title))
            return Found([part], part.documents)
        return self._in_order(name, leaf, title)

    def titled(self, leaf: Leaf) -> Numbers:
        """The documents whose title has the leaf whole."""
        return self.term(TITLE, stem(leaf.text))[0] if isinstance(leaf, Word) else self.find(leaf, True).whole

    def holding(self, clause: Clause) -> list[Numbers]:
        """The documents with the clause as it must stand to count as unwanted, one list for each way to say it."""
        return [self.find(_strict(leaf), clause.title).whole for leaf in clause.leaves]

    def followed(self, stems: list[str], among: Numbers) -> tuple[Numbers, Numbers]:
        """Documents in which a stem of the list is followed by the next one, and the first one's place in it."""
        terms = list(dict.fromkeys(stems))
        documents, after, before = self._snapshot.following(terms, among)
        pairs = {(terms.index(one), terms.index(two)): at for at, (one, two) in enumerate(pairwise(stems))}
        table = np.full((len(terms), len(terms)), -1)
        for (one, two), at in pairs.items():
            table[one, two] = at
        place = table[before, after]
        wanted = place >= 0
        both, _ = distinct(documents[wanted] * len(stems) + place[wanted])
        return both // len(stems), both % len(stems)

    def term(self, name: str, term: str) -> Matches:
        """The postings of a term in scope."""
        return self._snapshot.postings(name, term, self._scope)

    def part(self, matches: Matches, idf: float | None = None, k1: float = K1) -> Part:
        """What a term gives each document that has it: BM25, as in Whoosh's scoring.bm25."""
        documents, weights = matches
        if idf is None:
            idf = self._scope.idf(len(documents))
        most = idf * (k1 + 1)
        gains = weights / (weights + np.float32(k1) * self._scope.norms[documents]) * np.float32(most)
        return Part(documents, gains.astype(np.float32, copy=False), idf, most)

    def scored(self, name: str, term: str, k1: float = K1) -> Part:
        """What a term gives; kept by the commit, as those who type ask for the same words again and again."""
        key = (self._scope, name, term, k1)
        try:
            found: Part = self._snapshot.kept.get(key)
        except KeyError:
            found = self.part(self.term(name, term), k1=k1)
            self._snapshot.kept.put(key, found, 500 + 4 * len(found.documents))
        return found

    def han(self, name: str, pair: str) -> Part:
        """What a pair of Han, or one by itself, gives."""
        return self.scored(name, pair, HAN_K1)

    def _word(self, name: str, word: Word) -> Found:
        root = stem(word.text)
        part = self.scored(name, root)
        found = Found([part], part.documents)
        if exact(word.text)[1:] != root and len(part.documents):
            written, _ = self.term(name, exact(word.text))
            found.bonuses.append((EXACT_BONUS * part.idf, written))
        return found

    def _in_order(self, name: str, leaf: Run | Sequence, title: bool) -> Found:
        """A run of Han or a joined word: its parts score, its order decides what is whole."""
        if isinstance(leaf, Run):
            return self._run(name, leaf, title)
        terms = list(dict.fromkeys(term for part in leaf.telling for term in _terms(part)))
        parts = [self.scored(name, term) for term in terms]
        whole = self._unbroken(leaf, all_of([part.documents for part in parts]), title)
        if len(whole) and leaf.identifies:
            # The one order is there: what shares a part of its number is not asked for.
            parts = [only(part, whole) for part in parts]
        found = Found(parts, whole)
        found.bonuses.append((ORDER_BONUS * found.weight, whole))
        return found

    def _run(self, name: str, leaf: Run, title: bool) -> Found:
        pairs = list(dict.fromkeys(bigrams(leaf.text)))
        long = len(leaf.text) > MUST_STAND_TOGETHER
        if long:
            pairs = [pair for pair in pairs if pair not in _ASKING] or pairs
        parts = [self.han(name, pair) for pair in pairs]
        whole = all_of([part.documents for part in parts])
        if long:
            singles = [char for char in dict.fromkeys(leaf.text) if char not in _ASKING]
            return Found(parts + self._singles(name, singles, parts), whole)
        if len(leaf.steps()) == 1:
            return Found(parts, whole)
        whole = self._unbroken(leaf, whole, title)
        found = Found(parts, whole)
        found.bonuses.append((ORDER_BONUS * found.weight, whole))
        return found

    def _singles(self, name: str, chars: Several[str], parts: list[Part]) -> list[Part]:
        """The single characters of a question, where a pair of it stands too: alone they say too little."""
        there = np.zeros(len(self._scope.mask), np.bool_)
        for part in parts:
            there[part.documents] = True
        found = []
        for char in chars:
            documents, weights = self.term(name, char)
            kept = there[documents]
            idf = SINGLE * self._scope.idf(len(documents))
            found.append(self.part((documents[kept], weights[kept]), idf, HAN_K1))
        return found

    def _unbroken(self, leaf: Run | Sequence, among: Numbers, title: bool) -> Numbers:
        """Those of the documents in which the leaf stands in one piece."""
        steps = leaf.placed()
        if not steps or (len(steps) < 2 and not title):
            return among
        return self._together(steps, among, title)[0]

    def _phrase(self, leaf: Sequence, title: bool) -> Matches:
        among = all_of([self.term(TEXT, term)[0] for term, _ in leaf.steps()])
        return self._together(leaf.placed(), among, title)

    def _together(self, steps: Steps, among: Numbers, title: bool) -> Matches:
        """Where the steps stand together; once a query has looked at enough places, where all of them stand."""
        cost = len(steps) * len(among)
        if not steps or cost > self._places_left:
            return among, np.ones(len(among), np.float32)
        self._places_left -= cost
        return self._snapshot.together(steps, among, title)

    def _prefixed(self, name: str, prefix: str) -> Matches:
        total = np.zeros(len(self._scope.mask), np.float32)
        used = 0
        for term in self._snapshot.beginning(name, prefix, LEXICON // self._prefixes):
            documents, weights = self.term(name, term)
            total[documents] += weights
            used += bool(len(documents))
            if used >= MAX_EXPANSIONS // self._prefixes:
                break
        documents = np.flatnonzero(total)
        return documents, total[documents]


def _terms(part: Word | Run) -> list[str]:
    return [stem(part.text)] if isinstance(part, Word) else bigrams(part.text)


def _strict(leaf: Leaf) -> Leaf:
    """As it must stand to count as unwanted: in this order, unbroken."""
    if isinstance(leaf, Sequence):
        return Sequence(leaf.parts, strict=True)
    return Sequence((leaf,), strict=True) if isinstance(leaf, Run) else leaf

"""Ranking: BM25F over what the caller may read, and how much of the query a document covers.

Every number (document frequencies, average lengths) is taken over the documents in scope only,
so that nothing about the others shows, not even in the scores.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from math import log
from typing import Protocol

from kb.search.analysis import bigrams, exact, stem
from kb.search.columns import TEXT_FIELDS, Columns
from kb.search.query import Clause, Leaf, Prefix, Query, Run, Sequence, Word

K1 = 1.2  # saturation of term frequency (Robertson & Zaragoza 2009, BM25F)
BOOSTS = {"title": 3.0, "headings": 1.8, "labels": 1.5, "body": 1.0}
SLOPES = {"title": 0.3, "headings": 0.5, "labels": 0.3, "body": 0.75}
EXACT_BONUS = 0.1  # of a word's weight, where it stands as written
ORDER_BONUS = 0.5  # of a sequence's weight, where it stands unbroken
MUST_STAND_TOGETHER = 4  # Han characters: a run up to so long is fully there only unbroken
ENOUGH = 0.15  # share of the query's weight a partial hit of a longer query must cover
FEW_CLAUSES = 3  # in queries up to so long, one whole clause is enough
MAX_EXPANSIONS = 64

Frequencies = dict[int, float]
Steps = tuple[tuple[str, int], ...]  # terms with their offsets in positions


class Terms(Protocol):
    """Where postings come from."""

    columns: Columns

    def postings(self, name: str, term: str) -> Iterable[tuple[int, array[int], array[float]]]:
        """Per segment: the number of its first document, then its documents and weights for the term."""

    def together(
        self, name: str, steps: tuple[tuple[str, int], ...], among: Collection[int]
    ) -> dict[int, int]:
        """Which of the documents hold the steps at their distances in the field, and how often."""

    def beginning(self, names: tuple[str, ...], prefix: str) -> Iterable[str]:
        """Words that begin so, shortest first."""


class Scope:
    """The documents one caller may read: a mask, their number, and length norms per field."""

    def __init__(self, columns: Columns, readable: bytearray) -> None:
        self.mask = readable
        self.documents = [doc for doc, seen in enumerate(readable) if seen]
        self.norms: dict[str, array[float]] = {}
        for name in TEXT_FIELDS:
            lengths = columns.lengths[name]
            used = [lengths[doc] for doc in self.documents if lengths[doc]]
            average = sum(used) / len(used) if used else 1.0
            b, boost = SLOPES[name], BOOSTS[name]
            self.norms[name] = array("d", (boost / (1 - b + b * length / average) for length in lengths))

    def idf(self, documents: int) -> float:
        """Robertson's idf, kept above zero."""
        return log(1 + (len(self.documents) - documents + 0.5) / (documents + 0.5))


@dataclass
class Unit:
    """One looked-up term: its weight and its frequencies, summed over fields and damped by length."""

    idf: float
    frequencies: Frequencies


@dataclass
class Found:
    """One clause of the query: what scores, and which documents hold the clause whole."""

    units: list[Unit]
    whole: Collection[int]
    bonuses: list[tuple[float, Collection[int]]] = field(default_factory=list)

    @property
    def weight(self) -> float:
        return sum(unit.idf for unit in self.units if unit.frequencies)


class Ranking:
    """Scores one query within one scope."""

    def __init__(self, terms: Terms, scope: Scope) -> None:
        self.terms = terms
        self.scope = scope

    def score(self, query: Query) -> Frequencies:
        """Score per document: from 1 up where every clause is there whole, below 1 where only a part is."""
        clauses = [self._find(clause) for clause in query.wanted]
        scores: Frequencies = {}
        covered: Frequencies = {}
        best = total = 0.0
        for clause in clauses:
            total += clause.weight
            for unit in clause.units:
                best += _add(unit, scores, covered)
            for bonus, documents in clause.bonuses:
                best += bonus
                for doc in documents:
                    scores[doc] += bonus
        whole: dict[int, int] = {}
        for clause in clauses:
            for doc in clause.whole:
                whole[doc] = whole.get(doc, 0) + 1
        for doc in self.excluded(query):
            scores.pop(doc, None)
        for wanted, found in zip(query.wanted, clauses, strict=True):
            if wanted.title:  # whoever says in:title wants nothing without it
                scores = {doc: score for doc, score in scores.items() if doc in found.whole}
        return _tiers(scores, covered, whole, len(clauses), best or 1.0, total or 1.0)

    def excluded(self, query: Query) -> set[int]:
        """The documents that hold something the query does not want, as it is written."""
        found: set[int] = set()
        for clause in query.unwanted:
            found.update(self._find(Clause(_strict(clause.leaf), title=clause.title)).whole)
        return found

    def _find(self, clause: Clause) -> Found:
        fields = ("title",) if clause.title else TEXT_FIELDS
        leaf = clause.leaf
        if isinstance(leaf, Word):
            return self._word(fields, leaf)
        if isinstance(leaf, Prefix):
            unit = self._unit(self._prefixed(fields, leaf.text))
            return Found([unit], unit.frequencies.keys())
        if isinstance(leaf, Sequence) and leaf.strict:
            unit = self._unit(self._phrase(fields, leaf))
            return Found([unit], unit.frequencies.keys())
        return self._in_order(fields, leaf)

    def _word(self, fields: tuple[str, ...], word: Word) -> Found:
        unit = self._unit(self._frequencies(fields, stem(word.text)))
        found = Found([unit], unit.frequencies.keys())
        if exact(word.text)[1:] != stem(word.text):
            written = self._frequencies(fields, exact(word.text)).keys() & unit.frequencies.keys()
            found.bonuses.append((EXACT_BONUS * unit.idf, written))
        return found

    def _in_order(self, fields: tuple[str, ...], leaf: Run | Sequence) -> Found:
        """A run of Han or a joined word: its parts score, its order decides what is whole."""
        if isinstance(leaf, Run):
            parts = bigrams(leaf.text)
        else:
            parts = [term for part in leaf.telling for term in _terms(part)]
        units = [self._unit(self._frequencies(fields, term)) for term in dict.fromkeys(parts)]
        first, *others = sorted((unit.frequencies for unit in units), key=len)
        whole: Collection[int] = {doc for doc in first if all(doc in other for other in others)}
        if len(leaf.steps()) == 1 or (isinstance(leaf, Run) and len(leaf.text) > MUST_STAND_TOGETHER):
            return Found(units, whole)
        together: set[int] = set()
        for name in fields:
            together.update(self.terms.together(name, leaf.steps(), whole))
        if together and isinstance(leaf, Sequence) and leaf.identifies:
            # The one order is there: what shares a part of its number is not asked for.
            units = [self._unit({d: f for d, f in u.frequencies.items() if d in together}) for u in units]
        found = Found(units, together)
        found.bonuses.append((ORDER_BONUS * found.weight, together))
        return found

    def _phrase(self, fields: tuple[str, ...], leaf: Sequence) -> Frequencies:
        steps = leaf.steps()
        among: set[int] | None = None
        for term in dict.fromkeys(term for term, _ in steps):
            having = self._frequencies(fields, term).keys()
            among = set(having) if among is None else among & having
        frequencies: Frequencies = {}
        for name in fields:
            norm = self.scope.norms[name]
            for doc, count in self.terms.together(name, steps, among or ()).items():
                frequencies[doc] = frequencies.get(doc, 0.0) + count * norm[doc]
        return frequencies

    def _prefixed(self, fields: tuple[str, ...], prefix: str) -> Frequencies:
        merged: Frequencies = {}
        used = 0
        for term in self.terms.beginning(fields, prefix):
            found = self._frequencies(fields, term)
            for doc, frequency in found.items():
                merged[doc] = merged.get(doc, 0.0) + frequency
            used += bool(found)
            if used == MAX_EXPANSIONS:
                break
        return merged

    def _unit(self, frequencies: Frequencies) -> Unit:
        return Unit(self.scope.idf(len(frequencies)), frequencies)

    def _frequencies(self, fields: tuple[str, ...], term: str) -> Frequencies:
        found: Frequencies = {}
        mask = self.scope.mask
        for name in fields:
            norm = self.scope.norms[name]
            for base, documents, weights in self.terms.postings(name, term):
                for local, weight in zip(documents, weights, strict=True):
                    doc = base + local
                    if mask[doc]:
                        found[doc] = found.get(doc, 0.0) + weight * norm[doc]
        return found


def _terms(part: Word | Run) -> list[str]:
    return [stem(part.text)] if isinstance(part, Word) else bigrams(part.text)


def _strict(leaf: Leaf) -> Leaf:
    """As it must stand to count as unwanted: in this order, unbroken."""
    if isinstance(leaf, Sequence):
        return Sequence(leaf.parts, strict=True)
    return Sequence((leaf,), strict=True) if isinstance(leaf, Run) else leaf


def _add(unit: Unit, scores: Frequencies, covered: Frequencies) -> float:
    """Add a term's share to every document that has it; returns the most it could have been."""
    idf = unit.idf
    if not unit.frequencies:
        return 0.0
    top = idf * (K1 + 1)
    for doc, frequency in unit.frequencies.items():
        scores[doc] = scores.get(doc, 0.0) + top * frequency / (frequency + K1)
        covered[doc] = covered.get(doc, 0.0) + idf
    return top


def _tiers(
    scores: Frequencies, covered: Frequencies, whole: dict[int, int], clauses: int, best: float, total: float
) -> Frequencies:
    """Whole hits above partial ones; partial ones that cover too little are no hits."""
    found: Frequencies = {}
    for doc, score in scores.items():
        complete = whole.get(doc, 0)
        share = covered[doc] / total
        if complete == clauses:
            found[doc] = 1 + score / best
        elif share >= ENOUGH or (complete and clauses <= FEW_CLAUSES):
            found[doc] = score / best
    return found

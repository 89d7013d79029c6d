"""Ranking: BM25 over what the caller may read, and how much of the query a document covers."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kb.search.all_columns import Mask
from kb.search.analysis import stem
from kb.search.gains import Found
from kb.search.matching import Matcher
from kb.search.numbers import FEW, Numbers, distinct, within
from kb.search.query import AS_GOOD, Clause, Leaf, Prefix, Query, Sequence, Word
from kb.search.snapshot import Scope, Snapshot

ENOUGH = 0.15  # share of the query's weight a partial hit of a longer query must cover
FEW_CLAUSES = 3  # in queries up to so long, one whole clause is enough
SURE = 0.7  # what was surely meant
OTHER_WORDS = 0.8  # of its weight, what is there in other words only: as it was typed comes first
NEIGHBOURS = 0.35  # of two words' weight, where they follow each other as in the query
TITLED = 0.3  # of a clause's weight, where the title has it whole
LOOKED_AT = 100  # hits, the best ones, in which neighbours are looked for

Scores = NDArray[np.float64]
_NONE = np.empty(0, np.intp)

Pieces = list[tuple[Numbers, "Scores | NDArray[np.float32] | float"]]  # documents, what each of them gets


@dataclass
class Sums:
    """What the parts of a query give to documents, in the order in which it is added up, and the most of it all."""

    size: int
    gains: Pieces = field(default_factory=list)
    weights: Pieces = field(default_factory=list)
    wholes: list[Numbers] = field(default_factory=list)
    best: float = 0.0
    total: float = 0.0

    def add(self, found: Found) -> None:
        """Add one leaf's parts."""
        for part in found.parts:
            self.gains.append((part.documents, part.gains))
            self.weights.append((part.documents, part.idf))
        for bonus, documents in found.bonuses:
            self.gains.append((documents, bonus))
        self.best += found.best
        self.total += found.weight
        self.wholes.append(found.whole)

    def scores(self) -> Scores:
        """Of each document of the commit."""
        return _added(self.gains, self.size)

    def covered(self) -> Scores:
        """How much of the query's weight each document has."""
        return _added(self.weights, self.size)

    def whole(self) -> Numbers:
        """How many clauses each document has whole."""
        return np.bincount(np.concatenate(self.wholes or [_NONE]), minlength=self.size)

    def documents(self, covered: Scores) -> Numbers:
        """All that have something of the query, ascending."""
        if FEW * sum([len(documents) for documents, _ in self.weights]) > self.size:
            return covered.nonzero()[0]
        return distinct(np.concatenate([documents for documents, _ in self.weights] or [_NONE]))[0]


def _added(pieces: Pieces, size: int) -> Scores:
    """The sum of each document's shares, piece after piece: floats depend on their order."""
    documents = np.concatenate([numbers for numbers, _ in pieces] or [_NONE])
    shares = np.empty(len(documents))
    at = 0
    for numbers, share in pieces:
        end = at + len(numbers)
        shares[at:end] = share
        at = end
    if not len(documents):
        return np.zeros(size)  # bincount would count, in whole numbers
    added: Any = np.bincount(documents, shares, size)
    return cast(Scores, added)


class Ranking:
    """Scores one query within one scope."""

    def __init__(self, snapshot: Snapshot, scope: Scope, query: Query) -> None:
        self._size = len(scope.mask)
        self._query = query
        self._worth = snapshot.worth
        leaves = [leaf for clause in query.clauses for leaf in clause.leaves]
        self._matcher = Matcher(snapshot, scope, sum(isinstance(leaf, Prefix) for leaf in leaves))

    def score(self) -> tuple[Numbers, Scores]:
        """Documents with scores: from 1 up where every clause is there whole, below 1 where only a part is."""
        query, sums = self._query, Sums(self._size)
        required: list[Numbers] = []
        for clause in query.wanted:
            found = self._matcher.find(clause.leaf, clause.title)
            if clause.others:
                there = self._add_others(sums, clause, found)
            else:
                sums.add(found)
                there = found.whole
            if clause.title:  # whoever says in:title wants nothing without it
                required.append(there)
            elif not (
                isinstance(clause.leaf, Sequence) and clause.leaf.strict
            ):  # a phrase costs too much twice
                self._add_title(sums, clause.leaf, found)
        covered = sums.covered()
        documents = sums.documents(covered)
        for whole in required:
            documents = documents[within(documents, whole)]
        if query.unwanted:
            documents = documents[~self.excluded()[documents]]
        scores = sums.scores()[documents]
        self._add_neighbours(sums, scores, documents)
        return self._tiers(sums, documents, scores, covered[documents])

    def excluded(self) -> Mask:
        """The documents that hold something the query does not want, as it is written."""
        mask = np.zeros(self._size, np.bool_)
        for clause in self._query.unwanted:
            for documents in self._matcher.holding(clause):
                mask[documents] = True
        return mask

    def _add_others(self, sums: Sums, clause: Clause, found: Found) -> Numbers:
        """Add the best of the ways to say a clause; none is worth more than the clause as it was typed.

        Returns the documents that have one of them whole.
        """
        own = Sums(self._size)
        own.add(found)
        scores, covered = own.scores(), own.covered()
        whole, counted = np.zeros(self._size, np.bool_), np.zeros(self._size, np.bool_)
        whole[found.whole] = counted[found.whole] = True
        for other in clause.others:
            said = self._matcher.find(other.leaf, clause.title)
            if not said.weight:
                continue
            limit = min(1.0, found.weight / said.weight) if found.weight else 1.0
            if (
                SURE <= other.weight < AS_GOOD
            ):  # what was typed by mistake weighs little, what was meant does not
                limit = 1.0
            scale = OTHER_WORDS * other.weight * limit
            documents, one = said.documents, Sums(self._size)
            one.add(said)
            for best, new in ((scores, one.scores()), (covered, one.covered())):
                best[documents] = np.maximum(best[documents], new[documents] * scale)
            own.best, own.total = max(own.best, said.best * scale), max(own.total, said.weight * scale)
            whole[said.whole] = True
            if other.weight >= AS_GOOD:
                counted[said.whole] = True
        for pieces, dense in ((sums.gains, scores), (sums.weights, covered)):
            there = dense.nonzero()[0]
            pieces.append((there, dense[there]))
        sums.wholes.append(counted.nonzero()[0])
        sums.best += own.best
        sums.total += own.total
        return whole.nonzero()[0]

    def _add_title(self, sums: Sums, leaf: Leaf, found: Found) -> None:
        """A bonus where a clause stands whole in the title: who named it so meant it."""
        if not len(found.whole):
            return
        titled = self._matcher.titled(leaf)
        sums.gains.append((titled, TITLED * found.weight))
        sums.best += TITLED * found.weight

    def _add_neighbours(self, sums: Sums, scores: Scores, documents: Numbers) -> None:
        """A bonus for the best hits in which words follow each other as they do in the query."""
        runs: list[list[str]] = [[]]
        for clause in self._query.wanted:
            if isinstance(clause.leaf, Word) and not clause.title:
                runs[-1].append(stem(clause.leaf.text))
            elif runs[-1]:
                runs.append([])
        runs = [run for run in runs if len(run) > 1]
        if not runs or not len(documents):
            return
        top = documents
        if len(top) > LOOKED_AT:
            best = (-scores).argpartition(LOOKED_AT)[:LOOKED_AT]
            top = np.sort(top[best])
        for run in runs:
            idfs = [self._matcher.scored("text", term).idf for term in run]
            bonus = NEIGHBOURS * np.array([one + two for one, two in pairwise(idfs)])
            found, places = self._matcher.followed(run, top)
            np.add.at(scores, documents.searchsorted(found), bonus[places])
            sums.best += float(bonus.sum())

    def _tiers(
        self, sums: Sums, documents: Numbers, scores: Scores, covered: Scores
    ) -> tuple[Numbers, Scores]:
        """Whole hits above partial ones; partial ones that cover too little are no hits."""
        clauses = len(self._query.wanted)
        complete = sums.whole()[documents]
        scores = scores * self._worth[documents] / (sums.best or 1.0)
        enough = covered >= ENOUGH * sums.total
        if clauses <= FEW_CLAUSES:
            enough |= complete > 0
        scores[complete == clauses] += 1
        return documents[enough], scores[enough]

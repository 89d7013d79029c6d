"""Ranking: BM25 over what the caller may read, and how much of the query a document covers."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kb.search.analysis import stem
from kb.search.columns import FEW, Mask
from kb.search.gains import Found
from kb.search.matching import Matcher
from kb.search.numbers import Numbers, distinct, within
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


@dataclass
class Sums:
    """Per document: its score, how much of the query's weight it has, how many clauses it has whole."""

    scores: Scores
    covered: Scores
    whole: NDArray[np.uint8]
    best: float = 0.0
    total: float = 0.0
    touched: list[Numbers] = field(default_factory=list)

    def documents(self) -> Numbers:
        """All that have something of the query, ascending."""
        if FEW * sum(map(len, self.touched)) > len(self.covered):
            return np.flatnonzero(self.covered)
        return distinct(np.concatenate(self.touched))[0] if self.touched else np.empty(0, np.intp)


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
        query, sums = self._query, self._sums()
        required: list[Numbers] = []
        for clause in query.wanted:
            found = self._matcher.find(clause.leaf, clause.title)
            if clause.others:
                there = self._add_others(sums, clause, found)
            else:
                _add(sums, found)
                there = found.whole
            if clause.title:  # whoever says in:title wants nothing without it
                required.append(there)
            elif not (
                isinstance(clause.leaf, Sequence) and clause.leaf.strict
            ):  # a phrase costs too much twice
                self._add_title(sums, clause.leaf, found)
        documents = sums.documents()
        for whole in required:
            documents = documents[within(documents, whole)]
        if query.unwanted:
            documents = documents[~self.excluded()[documents]]
        self._add_neighbours(sums, documents)
        return _tiers(sums, documents, len(query.wanted), self._worth)

    def excluded(self) -> Mask:
        """The documents that hold something the query does not want, as it is written."""
        mask = np.zeros(self._size, np.bool_)
        for clause in self._query.unwanted:
            for documents in self._matcher.holding(clause):
                mask[documents] = True
        return mask

    def _sums(self) -> Sums:
        size = self._size
        return Sums(np.zeros(size), np.zeros(size), np.zeros(size, np.uint8))

    def _add_others(self, sums: Sums, clause: Clause, found: Found) -> Numbers:
        """Add the best of the ways to say a clause; none is worth more than the clause as it was typed.

        Returns the documents that have one of them whole.
        """
        own, one = self._sums(), self._sums()
        _add(own, found)
        whole = np.zeros(self._size, np.bool_)
        whole[found.whole] = True
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
            documents = said.documents
            _add(one, said)
            own.touched.append(documents)
            for best, new in ((own.scores, one.scores), (own.covered, one.covered)):
                best[documents] = np.maximum(best[documents], new[documents] * scale)
                new[documents] = 0
            own.best, own.total = max(own.best, said.best * scale), max(own.total, said.weight * scale)
            whole[said.whole] = True
            if other.weight >= AS_GOOD:
                own.whole[said.whole] = 1
        sums.scores += own.scores
        sums.covered += own.covered
        sums.whole += own.whole
        sums.touched += own.touched
        sums.best += own.best
        sums.total += own.total
        return np.flatnonzero(whole)

    def _add_title(self, sums: Sums, leaf: Leaf, found: Found) -> None:
        """A bonus where a clause stands whole in the title: who named it so meant it."""
        if not len(found.whole):
            return
        titled = self._matcher.titled(leaf)
        sums.scores[titled] += TITLED * found.weight
        sums.best += TITLED * found.weight

    def _add_neighbours(self, sums: Sums, documents: Numbers) -> None:
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
            best = (-sums.scores[top]).argpartition(LOOKED_AT)[:LOOKED_AT]
            top = np.sort(top[best])
        for run in runs:
            idfs = [self._matcher.part(self._matcher.term("text", term)).idf for term in run]
            bonus = NEIGHBOURS * np.array([one + two for one, two in pairwise(idfs)])
            found, places = self._matcher.followed(run, top)
            np.add.at(sums.scores, found, bonus[places])
            sums.best += float(bonus.sum())


def _add(sums: Sums, found: Found) -> None:
    """Add one leaf's parts."""
    for part in found.parts:
        sums.scores[part.documents] += part.gains
        sums.covered[part.documents] += part.idf
        sums.touched.append(part.documents)
    for bonus, documents in found.bonuses:
        sums.scores[documents] += bonus
    sums.best += found.best
    sums.total += found.weight
    sums.whole[found.whole] += 1


def _tiers(sums: Sums, documents: Numbers, clauses: int, worth: Scores) -> tuple[Numbers, Scores]:
    """Whole hits above partial ones; partial ones that cover too little are no hits."""
    complete = sums.whole[documents]
    scores = sums.scores[documents] * worth[documents] / (sums.best or 1.0)
    enough = sums.covered[documents] >= ENOUGH * sums.total
    if clauses <= FEW_CLAUSES:
        enough |= complete > 0
    scores[complete == clauses] += 1
    return documents[enough], scores[enough]

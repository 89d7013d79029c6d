"""One commit of the index as a whole: its segments behind each other, what lives, who may see which."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.search.all_columns import Columns, Mask
from kb.search.analysis import EXACT
from kb.search.interface import Words
from kb.search.kept import Kept
from kb.search.lexicon import IndexLexicon, gathered
from kb.search.numbers import Numbers, distinct
from kb.search.segment import SHIFT, Segment
from kb.search.tables import Tables

CACHED_SCOPES = 8
# Saturation of term frequency (Robertson & Zaragoza 2009, BM25). Words gain longer by being repeated than pairs
# and characters of Han do; both by trial on the judged data of bench/quality.py, the half for tuning.
K1, HAN_K1 = 2.0, 1.2
B = 0.75  # how much a long text counts for less
BESIDE_NOTES = 0.7  # of a score, for what is no note; short texts score high otherwise
FEW_TERMS = 50  # looked at in each segment for a prefix at least
KEPT_BYTES = 4 << 20  # of what was put together from the segments
MANY_PLACES = 20_000  # of one term: looked for in the few documents that are asked about
TEXT, TITLE = "text", "title"

Matches = tuple[Numbers, NDArray[np.float32]]  # ascending documents, weights


class Scope:
    """The documents one caller may read, and what BM25 needs to know of them alone.

    Nothing about the others shows, not even in the scores.
    """

    def __init__(self, mask: Mask, lengths: NDArray[np.float32]) -> None:
        self.mask = mask
        self.size = int(mask.sum())
        self.everything = self.size == len(mask)
        self.average = float(lengths[mask].mean()) if self.size else 1.0
        self.norms = (1 - B + B * lengths / (self.average or 1.0)).astype(np.float32)

    def idf(self, documents: int) -> float:
        """Robertson's idf, kept above zero."""
        return log(1 + (self.size - documents + 0.5) / (documents + 0.5))


class Snapshot:
    """Never changes; documents are numbered through all segments."""

    def __init__(
        self,
        generation: int,
        position: int | None,
        parts: Sequence[tuple[Segment, frozenset[int]]],
        tables: Tables,
    ) -> None:
        self.generation = generation
        self.position = position
        self.parts = list(parts)
        self.segments = [segment for segment, _ in parts]
        sizes = [len(segment) for segment in self.segments]
        self.bases = [sum(sizes[:i]) for i in range(len(sizes))]
        self._tables = tables
        self._lock = threading.Lock()
        self._scopes: dict[tuple[frozenset[str], frozenset[str]], Scope] = {}
        self.kept: Kept[Any] = Kept(KEPT_BYTES)

    def light(self) -> Snapshot:
        """The same commit without what was put together for searching it."""
        return Snapshot(self.generation, self.position, self.parts, self._tables)

    @cached_property
    def columns(self) -> Columns:
        """The columns of all segments, put behind each other when first asked for."""
        return Columns(self._tables, [segment.columns for segment in self.segments])

    @cached_property
    def living(self) -> Mask:
        """The documents that are not deleted."""
        mask = np.ones(sum(map(len, self.segments)), np.bool_)
        for base, gone in zip(self.bases, (gone for _, gone in self.parts), strict=True):
            mask[[base + number for number in gone]] = False
        return mask

    @cached_property
    def worth(self) -> NDArray[np.float64]:
        """What a score counts for: a note holds the answer, an item or a remark of few words only points at it."""
        return np.where(self.columns.holding("type", "note"), 1.0, BESIDE_NOTES)

    def id(self, document: int) -> str:
        """What a document is called."""
        number = bisect_right(self.bases, document) - 1
        return self.segments[number].columns.ids[document - self.bases[number]]

    def numbers_of(self, ids: Iterable[str]) -> Iterator[int]:
        """The numbers of those living documents that exist."""
        for name in ids:
            for base, (segment, gone) in zip(self.bases, self.parts, strict=True):
                number = segment.numbers.get(name)
                if number is not None and number not in gone:
                    yield base + number

    def scope(self, scopes: frozenset[str], without: frozenset[str] = frozenset()) -> Scope:
        """The documents that carry one of the scopes, but for those ids; the last few are kept."""
        key = (scopes, without)
        with self._lock:
            found = self._scopes.pop(key, None)
            if found is None:
                found = self._scope(scopes, without)
                while len(self._scopes) >= CACHED_SCOPES:
                    del self._scopes[next(iter(self._scopes))]
            self._scopes[key] = found
            return found

    def _scope(self, scopes: frozenset[str], without: frozenset[str]) -> Scope:
        def readable(carried: Any) -> bool:
            return not scopes.isdisjoint(carried)

        mask = self.columns.passing("scopes", readable) & self.living
        mask[list(self.numbers_of(without))] = False
        return Scope(mask, self.columns.lengths)

    def postings(self, field: str, term: str, scope: Scope) -> Matches:
        """The documents in scope that have the term, with their weights."""
        key = (scope, field, term)
        try:
            found: Matches = self.kept.get(key)
        except KeyError:
            found = self._postings(field, term, scope)
            self.kept.put(key, found, 400 + 12 * len(found[0]))
        return found

    def _postings(self, field: str, term: str, scope: Scope) -> Matches:
        documents: list[Numbers] = []
        weights: list[NDArray[np.float32]] = []
        for base, segment in zip(self.bases, self.segments, strict=True):
            found = segment.postings(field, term)
            if found is not None:
                documents.append(found.documents + base if base else found.documents)
                weights.append(found.weights)
        if not documents:
            return np.empty(0, np.intp), np.empty(0, np.float32)
        numbers = np.concatenate(documents) if len(documents) > 1 else documents[0]
        values = np.concatenate(weights) if len(weights) > 1 else weights[0]
        if scope.everything:
            return numbers, values
        seen = scope.mask[numbers]
        return numbers[seen], values[seen]

    def together(
        self, steps: tuple[tuple[str, int], ...], among: Numbers, title: bool = False
    ) -> tuple[Numbers, NDArray[np.float32]]:
        """Which of the documents (ascending) hold the steps at their distances, and how often."""
        documents: list[Numbers] = []
        for base, segment in zip(self.bases, self.segments, strict=True):
            first, last = among.searchsorted((base, base + len(segment)))
            if first == last:
                continue
            found, places = segment.together(TEXT, steps, among[first:last] - base)
            if title:
                found = found[places < segment.columns.titles[found]]
            documents.append(found + base)
        if not documents:
            return np.empty(0, np.intp), np.empty(0, np.float32)
        numbers, counts = distinct(np.concatenate(documents))
        return numbers, counts.astype(np.float32)

    def following(self, terms: Sequence[str], among: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Where one of the terms follows directly upon another: the documents (of `among`), which term, upon which."""
        mask = np.zeros(self.columns.size, np.bool_)
        mask[among] = True
        places = [self._places(term, mask) for term in terms]
        keys = np.concatenate(places)
        which = np.arange(len(terms)).repeat([len(one) for one in places])
        wanted = mask[keys >> SHIFT].nonzero()[0]
        keys, which = keys[wanted], which[wanted]
        order = keys.argsort(kind="stable")
        keys, which = keys[order], which[order]
        there = (keys[1:] == keys[:-1] + 1).nonzero()[0]
        return keys[there] >> SHIFT, which[there + 1], which[there]

    def _places(self, term: str, among: Mask) -> NDArray[np.int64]:
        """All places of a term, as `Segment.places` numbers them; of a frequent one those in the masked documents."""
        key = (TEXT, term)
        try:
            places: NDArray[np.int64] = self.kept.get(key)
        except KeyError:
            sections = [
                slice(base, base + len(one)) for base, one in zip(self.bases, self.segments, strict=True)
            ]
            many = sum(one.number_of_places(TEXT, term) for one in self.segments) > MANY_PLACES
            found = [
                segment.places(TEXT, term, among[section] if many else None) + (section.start << SHIFT)
                for segment, section in zip(self.segments, sections, strict=True)
            ]
            places = found[0] if len(found) == 1 else np.concatenate(found)
            if not many:
                self.kept.put(key, places, 300 + places.nbytes)
        return places

    def beginning(self, field: str, prefix: str, looked_at: int) -> list[str]:
        """Words as written that begin so, the most frequent first, as index terms.

        Looks at so many terms in all, and at a few in each segment at least.
        """
        found: dict[str, int] = {}
        each = max(FEW_TERMS, looked_at // (len(self.segments) or 1))
        for segment in self.segments:
            for term, entry in segment.beginning(field, EXACT + prefix, each):
                found[term] = found.get(term, 0) + entry.documents
        return sorted(found, key=lambda term: (-found[term], term))

    @cached_property
    def words(self) -> list[Words]:
        """The words of all segments as they are written, in few lists."""
        return gathered([segment.words.words() for segment in self.segments])

    def lexicon(self, scope: Scope) -> IndexLexicon:
        """The words of the index, counted in scope."""

        def together(steps: tuple[tuple[str, int], ...]) -> int:
            among = self.postings(TEXT, steps[0][0], scope)[0]
            return len(self.together(steps, np.sort(among))[0])

        return IndexLexicon(
            self.words,
            [segment.words for segment in self.segments],
            count=lambda term: len(self.postings(TEXT, term, scope)[0]),
            titled=lambda term: len(self.postings(TITLE, term, scope)[0]),
            together=together,
        )

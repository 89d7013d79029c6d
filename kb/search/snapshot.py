"""One commit of the index as a whole: its segments behind each other, what lives, who may see which."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Protocol

from kb.search.analysis import EXACT
from kb.search.columns import Columns
from kb.search.scoring import Scope

CACHED_SCOPES = 8

Postings = tuple["array[int]", "array[float]"]


class Segment(Protocol):
    """What a snapshot needs of a segment; document numbers count from 0 in each."""

    columns: Columns

    def postings(self, name: str, term: str) -> Postings: ...

    def positions(self, name: str, term: str, documents: Iterable[int]) -> dict[int, list[int]]: ...

    def beginning(self, name: str, prefix: str) -> list[str]: ...


class NamedSegment(Segment, Protocol):
    """A segment that is recognised in the next commit."""

    name: str


class Snapshot:
    """Never changes; documents are numbered through all segments."""

    def __init__(self, generation: int, parts: Sequence[tuple[Segment, frozenset[int]]]) -> None:
        self.generation = generation
        self.columns = Columns()
        self.parts: list[tuple[int, Segment]] = []
        deleted: set[int] = set()
        for segment, gone in parts:
            base = len(self.columns)
            self.parts.append((base, segment))
            deleted.update(base + number for number in gone)
            self.columns.extend(segment.columns, gone)
        names = self.columns.values["id"]
        self.living = [n for n, name in enumerate(names) if name is not None and n not in deleted]
        self._lock = threading.Lock()
        self._scopes: dict[tuple[frozenset[str], frozenset[str]], Scope] = {}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each living document, by id."""
        names = self.columns.values["id"]
        return {names[number]: number for number in self.living}

    def numbers_of(self, ids: Iterable[str]) -> Iterator[int]:
        """The numbers of those documents that exist, and of the one that holds the position."""
        if self.columns.position is not None:
            yield self.columns.position[0]
        for name in ids:
            if name in self.numbers:
                yield self.numbers[name]

    def scope(self, scopes: frozenset[str], without: frozenset[str] = frozenset()) -> Scope:
        """The documents that carry one of the scopes, but for those ids; the last few are kept."""
        with self._lock:
            key = (scopes, without)
            found = self._scopes.pop(key, None) or self._scope(scopes, without)
            while len(self._scopes) >= CACHED_SCOPES:
                del self._scopes[next(iter(self._scopes))]
            self._scopes[key] = found
            return found

    def _scope(self, scopes: frozenset[str], without: frozenset[str]) -> Scope:
        column = self.columns.values["scopes"]
        readable = {carried: not scopes.isdisjoint(carried) for carried in set(column)}
        mask = bytearray(len(column))
        for number in self.living:
            mask[number] = readable[column[number]]
        for name in without:
            if name in self.numbers:
                mask[self.numbers[name]] = False
        return Scope(self.columns, mask)

    def postings(self, name: str, term: str) -> Iterator[tuple[int, array[int], array[float]]]:
        """Per segment that has the term: the number of its first document, then documents and weights."""
        for base, segment in self.parts:
            documents, weights = segment.postings(name, term)
            if documents:
                yield base, documents, weights

    def together(
        self, name: str, steps: tuple[tuple[str, int], ...], among: Collection[int]
    ) -> dict[int, int]:
        """Which of the documents hold the steps at their distances in the field, and how often."""
        found: dict[int, int] = {}
        ordered = sorted(among)
        for base, segment in self.parts:
            first = bisect_left(ordered, base)
            last = bisect_left(ordered, base + len(segment.columns))
            starts: dict[int, set[int]] = {}
            documents: Iterable[int] = [number - base for number in ordered[first:last]]
            for i, (term, offset) in enumerate(steps):
                where = segment.positions(name, term, documents)
                here = {doc: {at - offset for at in positions} for doc, positions in where.items()}
                starts = here if i == 0 else {d: left for d, s in here.items() if (left := s & starts[d])}
                documents = list(starts)
                if not starts:
                    break
            found.update((base + doc, len(positions)) for doc, positions in starts.items())
        return found

    def beginning(self, names: tuple[str, ...], prefix: str) -> list[str]:
        """Terms whose words begin so, shortest first: as written and, for those equal to it, the stem."""
        found: set[str] = set()
        for _, segment in self.parts:
            for name in names:
                found.update(segment.beginning(name, prefix))
                found.update(segment.beginning(name, EXACT + prefix))
        return sorted(found, key=lambda term: (len(term), term))

"""One immutable segment as it is read: its columns, and its postings as arrays, those used last kept in memory."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.search.columns import CELL, SegmentColumns
from kb.search.kept import Kept
from kb.search.lexicon import SegmentWords
from kb.search.numbers import Numbers
from kb.search.postings import Entry, Postings
from kb.search.segment_file import SegmentFile
from kb.search.tables import Tables

FIELDS = ("text", "title")
CACHED_BYTES = 12 << 20  # decoded postings of all segments of an index together


class PostingsCache(Kept[Postings | None]):
    """The postings used last, shared by the segments of an index; None: a segment has no such term."""

    def __init__(self, most: int = CACHED_BYTES) -> None:
        super().__init__(most)


def _bytes(postings: Postings | None) -> int:
    return 300 if postings is None else 300 + postings.bytes


class Segment:
    """Documents are numbered from 0; safe to use from many threads."""

    def __init__(self, path: Path, tables: Tables, cache: PostingsCache) -> None:
        self.path = path
        self.name = path.stem
        self.file = SegmentFile(path)
        self.columns = SegmentColumns(self.file.part, tables)
        self.words = SegmentWords(self.file.part)
        for field in FIELDS:
            self.file.dictionary(field)  # now, not in the middle of somebody's search
        self._cache = cache

    def __len__(self) -> int:
        return len(self.columns)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each document, by id."""
        return {name: number for number, name in enumerate(self.columns.ids)}

    @cached_property
    def lines(self) -> tuple[str, NDArray[np.intp]]:
        """All lines to type ahead by, and where each one's CELL stands."""
        text = self.columns.lines()
        codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        return text, np.flatnonzero(codes == ord(CELL))

    def postings(self, field: str, term: str) -> Postings | None:
        """The postings of a term, None if the segment does not have it."""
        key = (self.name, field, term)
        try:
            return self._cache.get(key)
        except KeyError:
            entry = self.file.dictionary(field).find(term.encode())
            found = None if entry is None else self.file.postings(entry)
            self._cache.put(key, found, _bytes(found))
            return found

    def beginning(self, field: str, prefix: str, most: int) -> list[tuple[str, Entry]]:
        """Terms that begin so, the first ones."""
        start = prefix.encode()
        found = []
        for term, entry in islice(self.file.dictionary(field).since(start), most):
            if not term.startswith(start):
                break
            found.append((term.decode(), entry))
        return found

    def together(
        self, field: str, steps: tuple[tuple[str, int], ...], among: Numbers
    ) -> tuple[Numbers, Numbers]:
        """Those of the documents (ascending) that hold the steps at their distances, and each place's start."""
        keys: NDArray[np.int64] | None = None
        mask = np.zeros(len(self), np.bool_)
        mask[among] = True
        for term, offset in sorted(steps, key=lambda step: self._count(field, step[0])):
            places = self._places(field, term, mask, offset)
            keys = places if keys is None else _common(keys, places)
            if not len(keys):
                break
            mask[:] = False
            mask[keys >> SHIFT] = True
        if keys is None:
            return np.empty(0, np.intp), np.empty(0, np.intp)
        return keys >> SHIFT, (keys & (2**SHIFT - 1)) - MIDDLE

    def places(self, field: str, term: str, among: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """A number for each place of the term in the masked documents, or in all: document << SHIFT, MIDDLE, place."""
        if among is not None:
            return self._places(field, term, among, 0)
        found = self.postings(field, term)
        if found is None or found.positions is None:
            return np.empty(0, np.int64)
        documents = found.documents if found.counts is None else found.documents.repeat(found.counts)
        return (documents << SHIFT) + (found.positions + np.int64(MIDDLE))

    def number_of_places(self, field: str, term: str) -> int:
        """How many places the term has in all documents."""
        found = self.postings(field, term)
        return 0 if found is None or found.positions is None else len(found.positions)

    def _count(self, field: str, term: str) -> int:
        found = self.postings(field, term)
        return 0 if found is None else len(found.documents)

    def _places(self, field: str, term: str, mask: NDArray[np.bool_], offset: int) -> NDArray[np.int64]:
        """A number for each place of the term in the masked documents, of the document and where it would begin."""
        found = self.postings(field, term)
        if found is None or found.positions is None:
            return np.empty(0, np.int64)
        wanted = mask[found.documents]
        documents = found.documents[wanted]
        if found.counts is None:
            places = found.positions[wanted]
        else:
            documents = documents.repeat(found.counts[wanted])
            places = found.positions[wanted.repeat(found.counts)]
        return (documents << SHIFT) + (places.astype(np.int64) + (MIDDLE - offset))


SHIFT = 18  # bits for a place within a document
MIDDLE = 1 << 17


def _common(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """What is in both; each is ascending or nearly so, which a stable sort makes use of."""
    both = np.concatenate((one, other))
    both.sort(kind="stable")
    twice: NDArray[np.int64] = both[1:][both[1:] == both[:-1]]
    return twice

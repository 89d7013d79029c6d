"""One immutable segment as it is read: its columns, and its postings as arrays, those used last kept in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.search.columns import CELL, SegmentColumns, Tables
from kb.search.lexicon import SegmentWords
from kb.search.numbers import Numbers
from kb.search.postings import Entry, Postings
from kb.search.segment_file import SegmentFile

FIELDS = ("text", "title")
CACHED_BYTES = 16 << 20  # decoded postings of all segments of an index together


class PostingsCache:
    """The postings used last, bounded in bytes; shared by the segments of an index."""

    def __init__(self, most: int = CACHED_BYTES) -> None:
        self._most = most
        self._held = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, str], Postings | None] = OrderedDict()

    def get(self, key: tuple[str, str, str]) -> Postings | None:
        """What is kept; raises KeyError. None means that the segment has no such term."""
        with self._lock:
            self._kept.move_to_end(key)
            return self._kept[key]

    def put(self, key: tuple[str, str, str], postings: Postings | None) -> None:
        """Keep it, and let go of what was not used for longest."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = postings
                self._held += _bytes(postings)
            while self._held > self._most:
                self._held -= _bytes(self._kept.popitem(last=False)[1])


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
            self._cache.put(key, found)
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

    def following(self, field: str, terms: Sequence[str], among: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Where one of the terms follows directly upon another: the documents, which term, upon which."""
        mask = np.zeros(len(self), np.bool_)
        mask[among] = True
        places = [self._places(field, term, mask, 0) for term in terms]
        keys = np.concatenate(places)
        which = np.arange(len(terms)).repeat([len(one) for one in places])
        order = keys.argsort(kind="stable")
        keys, which = keys[order], which[order]
        there = np.flatnonzero(keys[1:] == keys[:-1] + 1)
        return keys[there] >> SHIFT, which[there + 1], which[there]

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

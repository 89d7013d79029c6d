"""Merging segments into one, beside the folder's life: what is read never changes, what is written is named last."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.search.codec import TEXT, TITLE, finish, note_word
from kb.search.columns import unpack_rows
from kb.search.postings import LONG, TURN, Entry, decode
from kb.search.segment import Segment
from kb.search.segment_file import SegmentFileWriter

MOST_SEGMENTS = 6  # small ones, before they are merged
MOST_BIG = 2
SMALL = 1000  # living documents of a small segment
AT_ONCE = 2000  # documents of small segments merged together: soon done, so that no more gather meanwhile
WORTH = 0.2  # share of deleted documents from which a segment is written anew
WORTH_FROM = 50  # deleted documents
CHUNK = 1 << 20
WORK, REST = 0.003, 0.002  # seconds: whoever merges lets the others have the interpreter in between

Part = tuple[Segment, frozenset[int]]
Term = tuple[bytes, int, Entry]


def small(parts: Sequence[Part], *, quiet: bool = False) -> list[int]:
    """Which small segments to merge now, by their places; few may stay, fewer while nothing is written."""
    living = _living(parts)
    places = [place for place, count in enumerate(living) if count <= SMALL]
    places = _comparable(places, living) if quiet else _lighter(places, living, MOST_SEGMENTS)
    total = 0
    chosen: list[int] = []
    for place in places:
        total += living[place]
        if total > AT_ONCE and len(chosen) > 1:
            break
        chosen.append(place)
    return sorted(chosen)


def big(parts: Sequence[Part]) -> list[int]:
    """Which big segments to merge now, and which are worn: many of their documents are deleted."""
    living = _living(parts)
    places = [place for place, count in enumerate(living) if count > SMALL]
    worn = [
        place
        for place in places
        if len(parts[place][1]) >= WORTH_FROM and len(parts[place][1]) > WORTH * len(parts[place][0])
    ]
    return sorted({*_lighter(places, living, MOST_BIG), *worn})


def _living(parts: Sequence[Part]) -> list[int]:
    return [len(segment) - len(gone) for segment, gone in parts]


def _lighter(places: list[int], living: list[int], most: int) -> list[int]:
    """Those to be merged, lightest first, if there are more than `most`.

    From the heaviest down those stay that outweigh all lighter ones together, so that a document is written
    anew about as often as the index has doubled since it came.
    """
    if len(places) <= most:
        return []
    waiting = sorted(places, key=living.__getitem__)
    while len(waiting) > 2 and living[waiting[-1]] > sum(living[place] for place in waiting[:-1]):
        waiting.pop()
    return waiting


def _comparable(places: list[int], living: list[int]) -> list[int]:
    """Those that are left when all are taken out that outweigh the lighter ones together; none if that is one."""
    waiting = sorted(places, key=living.__getitem__)
    while len(waiting) > 1 and living[waiting[-1]] > sum(living[place] for place in waiting[:-1]):
        waiting.pop()
    return waiting if len(waiting) > 1 else []


class Pace:
    """Rests for a moment after each stretch of work; not while segments come faster than they are merged."""

    def __init__(self, stopped: Callable[[], bool], segments: int) -> None:
        self._stopped = stopped
        self._rest = REST if segments <= 2 * MOST_SEGMENTS else 0.0
        self._since = time.perf_counter()

    def __call__(self) -> None:
        """Rest if it is time; raises InterruptedError when the work shall stop."""
        if time.perf_counter() - self._since > WORK:
            if self._stopped():
                raise InterruptedError
            time.sleep(self._rest)
            self._since = time.perf_counter()


def write_merged(parts: Sequence[Part], target: Path, pace: Callable[[], None]) -> None:
    """Write the living documents of the segments into one file, numbered as `renumbered` says."""
    numbers = renumbered(parts)
    words: list[bytes] = []
    pairs: list[bytes] = []
    with target.open("wb") as file:
        out = SegmentFileWriter(file)
        for field in (TEXT, TITLE):
            terms = merge(*(_terms(place, segment, field) for place, (segment, _) in enumerate(parts)))
            readers = [_Reader(segment) for segment, _ in parts]
            for term, group in groupby(terms, key=itemgetter(0)):
                uses = [
                    (readers[place], numbers[place], bool(parts[place][1]), entry)
                    for _, place, entry in group
                ]
                if _add(out, field, term, uses) and field == TEXT:
                    note_word(term, words, pairs)
                pace()
        rows, lengths = [], []
        for (segment, gone), _ in zip(parts, numbers, strict=True):
            own_rows, own_lengths = unpack_rows(segment.file.part)
            rows += [row for number, row in enumerate(own_rows) if number not in gone]
            lengths += [length for number, length in enumerate(own_lengths) if number not in gone]
            pace()
        finish(out, rows, lengths, words, pairs)


def renumbered(parts: Sequence[Part]) -> list[NDArray[np.intp]]:
    """Of each segment's documents the number in the file that all are written into, -1 for the deleted."""
    found = []
    base = 0
    for segment, gone in parts:
        lives = np.ones(len(segment), np.bool_)
        lives[list(gone)] = False
        found.append(np.where(lives, np.cumsum(lives) - 1 + base, -1))
        base += int(lives.sum())
    return found


def _terms(place: int, segment: Segment, field: str) -> Iterator[Term]:
    for term, entry in segment.file.dictionary(field).since():
        yield term, place, entry


class _Reader:
    """Postings of one segment, asked for in the order in which they lie."""

    def __init__(self, segment: Segment) -> None:
        self._file = segment.file
        self._chunk = b""
        self._at = 0

    def raw(self, entry: Entry) -> bytes:
        start = entry.offset - self._at
        if start < 0 or start + entry.size > len(self._chunk):
            self._chunk = self._file.stretch(entry.offset, max(CHUNK, entry.size))
            self._at, start = entry.offset, 0
        return self._chunk[start : start + entry.size]


Use = tuple[_Reader, NDArray[np.intp], bool, Entry]


def _add(out: SegmentFileWriter, field: str, term: bytes, uses: list[Use]) -> bool:
    """Write one term; False if no living document has it."""
    if len(uses) == 1 and not uses[0][2]:
        reader, numbers, _, entry = uses[0]
        raw = reader.raw(entry)
        shift = int(numbers[0])
        if shift:
            raw, entry = _shifted(raw, entry, shift)
        out.add_encoded(field, term, raw, entry)
        return True
    documents: list[int] = []
    counts: list[int] = []
    halves: list[int] = []
    positions: list[bytes] = []
    for reader, numbers, _, entry in uses:
        found = decode(reader.raw(entry), entry)
        new = numbers[found.documents]
        kept = new >= 0
        own = found.places()
        documents += new[kept].tolist()
        counts += own[kept].tolist()
        halves += np.rint(found.weights[kept] * 2).astype(int).tolist()
        if found.positions is not None:
            positions.append(found.positions[kept.repeat(own)].tobytes())
    if documents:
        out.add_term(field, term, documents, counts, halves, b"".join(positions))
    return bool(documents)


def _shifted(raw: bytes, entry: Entry, shift: int) -> tuple[bytes, Entry]:
    """The same postings with higher document numbers."""
    size = 4 if entry.flags & LONG else 2
    old = array("I" if size == 4 else "H", raw[: size * entry.documents])
    new = [number + shift for number in old]
    flags = entry.flags | LONG if new[-1] >= TURN else entry.flags
    return array("I" if flags & LONG else "H", new).tobytes() + raw[size * entry.documents :], entry._replace(
        flags=flags
    )

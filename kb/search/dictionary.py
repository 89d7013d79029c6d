"""The terms of one field of a segment, sorted, in blocks that share beginnings (front coding)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator

from kb.search.postings import COUNTS, Entry, size_of

BLOCK = 16  # terms that are read together
MOST_BYTES = 255  # of one term
_HEAD = struct.Struct("<IQ")  # of a block: where it begins in the dictionary, and its postings in the segment


class DictionaryWriter:
    """Takes terms in ascending order."""

    def __init__(self) -> None:
        self._heads = bytearray()
        self._data = bytearray()
        self._count = 0
        self._last = b""

    def add(self, term: bytes, entry: Entry) -> None:
        """Note a term and where its postings are; they lie behind those of the term before."""
        keep = 0
        if self._count % BLOCK == 0:
            self._heads += _HEAD.pack(len(self._data), entry.offset)
        else:
            last = self._last
            most = min(len(last), len(term))
            while keep < most and last[keep] == term[keep]:
                keep += 1
        out = self._data
        out += bytes((keep, len(term) - keep))
        out += term[keep:]
        out.append(entry.flags)
        _put(out, entry.documents)
        if entry.flags & COUNTS:
            _put(out, entry.total)
        self._last = term
        self._count += 1

    def finish(self) -> tuple[bytes, bytes]:
        """The table of blocks, and the blocks."""
        return bytes(self._heads), bytes(self._data)


def _put(out: bytearray, number: int) -> None:
    """Seven bits a byte, low bits first."""
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


class Dictionary:
    """Finds terms; safe to use from many threads."""

    def __init__(self, heads: bytes, data: bytes) -> None:
        self._data = data
        blocks = list(_HEAD.iter_unpack(heads))
        self._starts = [start for start, _ in blocks]
        self._offsets = [offset for _, offset in blocks]
        self._firsts = [data[start + 2 : start + 2 + data[start + 1]] for start in self._starts]
        self._starts.append(len(data))

    def find(self, term: bytes) -> Entry | None:
        """The term's entry."""
        number = bisect_right(self._firsts, term) - 1
        if number < 0:
            return None
        data, at, end = self._data, self._starts[number], self._starts[number + 1]
        offset = self._offsets[number]
        found = b""
        while at < end:
            cut = at + 2 + data[at + 1]
            found = found[: data[at]] + data[at + 2 : cut]
            flags, documents, at = data[cut], data[cut + 1], cut + 2
            if documents > 127:
                documents, at = _get(data, cut + 1)
            total = documents
            if flags & COUNTS:
                total, at = _get(data, at)
            if found >= term:
                return Entry(documents, total, flags, offset) if found == term else None
            offset += size_of(documents, total, flags)
        return None

    def since(self, beginning: bytes = b"") -> Iterator[tuple[bytes, Entry]]:
        """All terms from the first that is not before `beginning`, in order."""
        for number in range(max(0, bisect_right(self._firsts, beginning) - 1), len(self._firsts)):
            for term, entry in self._block(number):
                if term >= beginning:
                    yield term, entry

    def _block(self, number: int) -> Iterator[tuple[bytes, Entry]]:
        data, at, end = self._data, self._starts[number], self._starts[number + 1]
        offset = self._offsets[number]
        term = b""
        while at < end:
            cut = at + 2 + data[at + 1]
            term = term[: data[at]] + data[at + 2 : cut]
            flags = data[cut]
            documents, at = _get(data, cut + 1)
            total = documents
            if flags & COUNTS:
                total, at = _get(data, at)
            yield term, Entry(documents, total, flags, offset)
            offset += size_of(documents, total, flags)


def _get(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7

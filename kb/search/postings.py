"""The postings of one term as plain arrays, on the disk too: NumPy reads each whole, none posting by posting."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Documents = NDArray[np.intp]
Weights = NDArray[np.float32]

# What an entry of the dictionary says of a term's postings. What is absent follows from the rest.
LONG = 1  # document numbers take four bytes instead of two
COUNTS = 2  # not every document has exactly one place
WIDE = 4  # counts take two bytes instead of one
WEIGHTS = 8  # weights differ from what the counts say
POSITIONS = 16

STEP = 0.5  # weights are kept in halves, up to MOST of them
MOST = 255
TURN = 65_536  # what two bytes hold


class Entry(NamedTuple):
    """A term's line in the dictionary: documents, positions in all, flags, where its postings begin."""

    documents: int
    total: int
    flags: int
    offset: int

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return size_of(self.documents, self.total, self.flags)


def size_of(documents: int, total: int, flags: int) -> int:
    """How many bytes such postings take."""
    each = 4 if flags & LONG else 2
    if flags & WEIGHTS:
        each += 1
    if flags & COUNTS:
        each += 2 if flags & WIDE else 1
    return each * documents + (2 * total if flags & POSITIONS else 0)


class Postings(NamedTuple):
    """Ascending documents with weights; where each one's positions begin, and all positions behind each other."""

    documents: Documents
    weights: Weights
    counts: NDArray[np.intp] | None
    positions: NDArray[np.uint16] | None

    def places(self) -> NDArray[np.intp]:
        """How many positions each document has."""
        if self.counts is not None:
            return self.counts
        return np.full(len(self.documents), self.positions is not None, np.intp)

    @property
    def bytes(self) -> int:
        """Memory it takes, about."""
        places = 0 if self.positions is None else self.positions.nbytes + 8 * len(self.documents)
        return 16 * len(self.documents) + places + 200  # the bytes as read are kept alive by the positions


def encode(
    documents: Sequence[int], counts: Sequence[int], halves: Sequence[int], positions: bytes
) -> tuple[bytes, int, int]:
    """The bytes of a term's postings, its flags, and how many positions there are in all."""
    flags = 0
    total = len(documents)
    if documents[-1] >= TURN:
        flags |= LONG
    parts = [array("I" if flags & LONG else "H", documents).tobytes()]
    if positions:
        flags |= POSITIONS
        total = sum(counts)
        if any(count != 1 for count in counts):
            flags |= COUNTS
            if max(counts) > MOST:
                flags |= WIDE
            parts.append(array("H" if flags & WIDE else "B", counts).tobytes())
    usual = [min(MOST, 2 * count) for count in counts] if positions else [2] * total
    if usual != list(halves):
        flags |= WEIGHTS
        parts.append(bytes(halves))
    parts.append(positions)
    return b"".join(parts), flags, total


def decode(raw: bytes, entry: Entry) -> Postings:
    """What `encode` wrote; raises ValueError if it is cut."""
    count, flags = entry.documents, entry.flags
    if len(raw) != entry.size:
        raise ValueError("postings are cut")
    documents = np.frombuffer(raw, np.uint32 if flags & LONG else np.uint16, count)
    at = documents.nbytes
    counts = None
    if flags & COUNTS:
        packed = np.frombuffer(raw, np.uint16 if flags & WIDE else np.uint8, count, at)
        at += packed.nbytes
        counts = packed.astype(np.intp)
    if flags & WEIGHTS:
        weights = np.frombuffer(raw, np.uint8, count, at).astype(np.float32) * np.float32(STEP)
        at += count
    elif counts is not None:
        weights = np.minimum(counts, MOST * STEP).astype(np.float32)
    else:
        weights = np.ones(count, np.float32)
    positions = np.frombuffer(raw, np.uint16, entry.total, at) if flags & POSITIONS else None
    return Postings(documents.astype(np.intp), weights, counts, positions)

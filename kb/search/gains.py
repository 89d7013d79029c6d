"""What looked-up terms give to documents, and which documents have them all; documents are ascending numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kb.search.numbers import Numbers, distinct, within

Gains = NDArray[np.float32]


@dataclass
class Part:
    """One looked-up term: the documents that have it (ascending), what it gives each, its weight, the most it gives."""

    documents: Numbers
    gains: Gains
    idf: float
    most: float


@dataclass
class Found:
    """One leaf of the query: what scores, and which documents hold it whole."""

    parts: list[Part]
    whole: Numbers
    bonuses: list[tuple[float, Numbers]] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """How much it matters beside the other parts of the query."""
        return sum(part.idf for part in self.parts if len(part.documents))

    @property
    def documents(self) -> Numbers:
        """All that have any of it, ascending."""
        if len(self.parts) == 1:
            return self.parts[0].documents
        return distinct(np.concatenate([part.documents for part in self.parts]))[0]

    @property
    def best(self) -> float:
        """The most a document could get of it."""
        parts = sum(part.most for part in self.parts if len(part.documents))
        return parts + sum(bonus for bonus, documents in self.bonuses if len(documents))


def all_of(lists: list[Numbers]) -> Numbers:
    """The documents that are in every list."""
    first, *others = sorted(lists, key=len)
    for other in others:
        first = first[within(first, other)]
    return first


def only(part: Part, documents: Numbers) -> Part:
    kept = within(part.documents, documents)
    return Part(part.documents[kept], part.gains[kept], part.idf, part.most)

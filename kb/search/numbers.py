"""Sets of document numbers, kept as ascending arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.intp]
FEW = 16  # times so many documents are all of them: with fewer it is quicker to look each up


def distinct(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The different numbers, ascending, and how often each is there; np.unique would load another ten megabytes."""
    if not len(numbers):
        return numbers, np.empty(0, np.intp)
    ordered = np.sort(numbers)
    starts = np.ones(len(ordered) + 1, np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=starts[1:-1])
    first = starts.nonzero()[0]
    return ordered[first[:-1]], first[1:] - first[:-1]


def within(few: Numbers, many: Numbers) -> NDArray[np.bool_]:
    """Which of some ascending numbers are among others."""
    if not len(many):
        return np.zeros(len(few), np.bool_)
    at = np.minimum(many.searchsorted(few), len(many) - 1)
    there: NDArray[np.bool_] = many[at] == few
    return there

"""Sets of document numbers, kept as ascending arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.intp]


def distinct(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The different numbers, ascending, and how often each is there; np.unique would load another ten megabytes."""
    ordered = np.sort(numbers)
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(ordered) else ordered
    return ordered[first], np.diff(first, append=len(ordered))


def within(few: Numbers, many: Numbers) -> NDArray[np.bool_]:
    """Which of some ascending numbers are among others."""
    if not len(many):
        return np.zeros(len(few), np.bool_)
    at = np.minimum(many.searchsorted(few), len(many) - 1)
    there: NDArray[np.bool_] = many[at] == few
    return there

"""The different values of the index's columns, each with one number; the same for all segments, only ever more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.search.interface import FACETS

NO_VALUE = 0

Order = tuple[NDArray[np.intp], NDArray[np.intp]]


class Tables:
    """Values are numbered through all columns, so that those of all facets can be counted at once."""

    def __init__(self) -> None:
        self.values: list[Any] = [None]
        self._numbers: dict[str, dict[Any, int]] = {}
        self._lock = threading.Lock()
        self._order: Order | None = None

    def number(self, name: str, value: Any) -> int:
        """The number of a column's value; a new one if it is new."""
        if value is None:
            return NO_VALUE
        numbers = self._numbers.setdefault(name, {})
        found = numbers.get(value)
        if found is None:
            with self._lock:
                found = numbers[value] = len(self.values)
                self.values.append(value)
        return found

    def known(self, name: str, value: Any) -> int:
        """The number of a value, -1 if no document has it."""
        return self._numbers.get(name, {}).get(value, -1)

    def passing(self, name: str, test: Callable[[Any], bool]) -> NDArray[np.bool_]:
        """By number: whether it is of this column and its value passes the test."""
        with self._lock:
            passed = np.zeros(len(self.values), np.bool_)
            named = list(self._numbers.get(name, {}).items())
        for value, number in named:
            passed[number] = test(value)
        return passed

    def order(self) -> Order:
        """By number: which of FACETS it is of (their number if of none), and its place among its sorted values."""
        with self._lock:
            size = len(self.values)
            if self._order is None or len(self._order[0]) != size:
                facet, place = np.full(size, len(FACETS), np.intp), np.zeros(size, np.intp)
                for at, name in enumerate(FACETS):
                    numbers = self._numbers.get(name, {})
                    ordered = [numbers[value] for value in sorted(numbers)]
                    facet[ordered] = at
                    place[ordered] = np.arange(len(ordered))
                self._order = facet, place
            return self._order

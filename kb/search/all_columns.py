"""The columns of all segments of a commit behind each other: what filters ask, and what facets count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.search.analysis import fold_value
from kb.search.columns import COUNTED_TOGETHER, MANY, ROWS, SegmentColumns, Spread
from kb.search.interface import FACETS
from kb.search.numbers import FEW, Numbers
from kb.search.query import FieldTerm
from kb.search.tables import NO_VALUE, Tables

Mask = NDArray[np.bool_]


class Columns:
    """Documents are numbered through all segments."""

    def __init__(self, tables: Tables, segments: Sequence[SegmentColumns]) -> None:
        self._tables = tables
        self.size = sum(map(len, segments))
        self.updated = _behind([segment.updated for segment in segments], np.float64)
        self.titles = _behind([segment.titles for segment in segments], np.int64)
        self.lengths = _behind([segment.lengths for segment in segments], np.float32)
        ones = [segment.one for segment in segments] or [np.empty((len(ROWS), 0), np.int32)]
        self._one = ones[0] if len(ones) == 1 else np.concatenate(ones, axis=1)
        together = _spread([segment.together for segment in segments])
        items = _spread([segment.items for segment in segments])
        self._many = {name: together if name in COUNTED_TOGETHER else items for name in MANY}
        self._together = together

    def holding(self, name: str, value: str) -> Mask:
        """The documents whose value is, or whose values hold, the given one."""
        number = self._tables.known(name, value)
        if name in MANY:
            starts, numbers = self._many[name]
            return self._mask(starts, numbers == number)
        mask: Mask = self._one[ROWS[name]] == number
        return mask

    def passing(self, name: str, test: Callable[[Any], bool]) -> Mask:
        """The documents with a value that passes the test; no value never does."""
        passed = self._tables.passing(name, test)
        if name in MANY:
            starts, numbers = self._many[name]
            return self._mask(starts, passed[numbers])
        mask: Mask = passed[self._one[ROWS[name]]]
        return mask

    def counts(self, documents: Numbers, most: int | None = None) -> dict[str, list[tuple[str, int]]]:
        """For each facet its values and how many of the documents (ascending) have them, most frequent first."""
        facet, place = self._tables.order()
        one = self._one[:-1].take(documents, axis=1).ravel()
        counts = np.bincount(np.concatenate((one, self._numbers_of(documents))))
        counts[:1] = NO_VALUE
        numbers = counts.nonzero()[0]
        counts = counts[numbers]
        order = np.lexsort((place[numbers], -counts, facet[numbers]))
        numbers, counts = numbers[order], counts[order]
        bounds = facet[numbers].searchsorted(np.arange(len(FACETS) + 1)).tolist()
        values, found = self._tables.values, {}
        for name, first, last in zip(FACETS, bounds, bounds[1:], strict=False):
            last = last if most is None else min(last, first + most)
            named = [values[number] for number in numbers[first:last].tolist()]
            found[name] = list(zip(named, counts[first:last].tolist(), strict=True))
        return found

    def _numbers_of(self, documents: Numbers) -> NDArray[np.int32]:
        """The values of some documents that may have many, one behind the other."""
        starts, numbers = self._together
        if FEW * len(documents) > self.size:
            mask = np.zeros(self.size, np.bool_)
            mask[documents] = True
            all_of_them: NDArray[np.int32] = numbers[mask.repeat(starts[1:] - starts[:-1])]
            return all_of_them
        first = starts[documents]
        each = starts[documents + 1] - first
        ends = each.cumsum()
        within = (first - ends + each).repeat(each)
        found: NDArray[np.int32] = numbers[within + np.arange(len(within))]
        return found

    def value(self, name: str, document: int) -> Any:
        """A single value of a document."""
        return self._tables.values[self._one[ROWS[name], document]]

    def _mask(self, starts: Numbers, wanted: Mask) -> Mask:
        """The documents that have any of the wanted values."""
        mask = np.zeros(self.size, np.bool_)
        mask[starts.searchsorted(wanted.nonzero()[0], "right") - 1] = True
        return mask


def _spread(parts: list[Spread]) -> Spread:
    if len(parts) == 1:
        return parts[0]
    starts, at = [np.zeros(1, np.intp)], 0
    for begins, numbers in parts:
        starts.append(begins[1:] + at)
        at += len(numbers)
    return np.concatenate(starts), _behind([numbers for _, numbers in parts], np.int32)


def _behind(parts: list[Any], kind: Any) -> Any:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, kind)


def typed_test(field: FieldTerm) -> Callable[[str], bool]:
    """How a typed value is compared: kinds, tags and addresses whole, modules and names also by a part."""
    if field.name == "module" or (field.name == "author" and "@" not in field.value):
        return lambda value: field.value in fold_value(value)
    return lambda value: field.value == fold_value(value)

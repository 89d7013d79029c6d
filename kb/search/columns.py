"""What the index keeps of every document beside its terms: columns of numbers over tables of values."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kb.search.analysis import fold_value
from kb.search.interface import IndexUnavailable, SearchDocument
from kb.search.numbers import Numbers
from kb.search.query import FieldTerm

ONE = ("type", "handover", "scopes", "kind", "author", "importance")
MANY = ("tag", "module", "item")
FEW = 16  # times so many documents are all of them: with fewer it is quicker to look each up
LINE, CELL = "\n", "\x01"  # between the headings of a document, before each document
COLUMNS, AHEAD = "columns", "ahead"

Mask = NDArray[np.bool_]
Row = tuple[Any, ...]


def stored(document: SearchDocument, title_length: int) -> Row:
    """What is kept of a document: ONE, MANY, then id, time, the title's length in words, a line to type ahead by."""
    lines = (document.title, *document.headings, *document.tags)
    ahead = LINE.join(" ".join(fold_value(line).split()).replace(CELL, " ") for line in lines)
    return (
        *(document.type, document.handover, document.scopes, document.kind, document.author),
        *(document.importance, document.tags, document.modules, document.items),
        *(document.id, timestamp(document.updated_at), title_length, ahead),
    )


def timestamp(moment: datetime) -> float:
    """Seconds since 1970; a time without a zone is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


class _Packed(msgspec.Struct, array_like=True):
    tables: list[list[Any]]  # the different values of each column
    codes: list[bytes]  # which of them each document has, four bytes each
    ids: list[str]
    updated: bytes
    titles: bytes
    lengths: bytes


def pack_columns(rows: Sequence[Row], lengths: Sequence[int]) -> dict[str, bytes]:
    """The parts of a segment's file that `SegmentColumns` reads."""
    tables, codes = [], []
    for column in range(len(ONE) + len(MANY)):
        table: dict[Any, int] = {}
        codes.append(array("I", [table.setdefault(row[column], len(table)) for row in rows]).tobytes())
        tables.append(list(table))
    at = len(ONE) + len(MANY)
    packed = _Packed(
        tables, codes, [row[at] for row in rows],
        array("d", [row[at + 1] for row in rows]).tobytes(),
        array("I", [row[at + 2] for row in rows]).tobytes(),
        array("I", lengths).tobytes(),
    )  # fmt: skip
    ahead = "".join(CELL + row[at + 3] for row in rows)
    return {COLUMNS: msgspec.msgpack.encode(packed), AHEAD: ahead.encode(errors="replace")}


def unpack_rows(part: Callable[[str], bytes]) -> tuple[list[Row], list[int]]:
    """The rows and lengths that `pack_columns` was given, for merging."""
    packed, ahead = _unpack(part)
    columns = [
        [_plain(values[code]) for code in array("I", raw)]
        for values, raw in zip(packed.tables, packed.codes, strict=True)
    ]
    lines = ahead.decode().split(CELL)[1:]
    rows = zip(
        *columns, packed.ids, array("d", packed.updated), array("I", packed.titles), lines, strict=True
    )
    return list(rows), array("I", packed.lengths).tolist()


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _unpack(part: Callable[[str], bytes]) -> tuple[_Packed, bytes]:
    try:
        return msgspec.msgpack.decode(part(COLUMNS), type=_Packed), part(AHEAD)
    except msgspec.MsgspecError as error:
        raise IndexUnavailable(f"columns cannot be read: {error}") from error


class Tables:
    """The values of each column and their numbers, the same for all segments of an index; only ever longer."""

    def __init__(self) -> None:
        self.values: dict[str, list[Any]] = {name: [None] for name in (*ONE, *MANY)}
        self._numbers: dict[str, dict[Any, int]] = {name: {None: 0} for name in (*ONE, *MANY)}

    def number(self, name: str, value: Any) -> int:
        """The number of a value; a new one if it is new."""
        numbers = self._numbers[name]
        found = numbers.get(value)
        if found is None:
            self.values[name].append(value)
            found = numbers[value] = len(numbers)
        return found

    def known(self, name: str, value: Any) -> int:
        """The number of a value, -1 if no document has it."""
        return self._numbers[name].get(value, -1)


class SegmentColumns:
    """The columns of one segment, in the numbers of the index's tables."""

    def __init__(self, part: Callable[[str], bytes], tables: Tables) -> None:
        packed, self._ahead = _unpack(part)
        self.ids = packed.ids
        self.updated = np.frombuffer(packed.updated, np.float64)
        self.titles = np.frombuffer(packed.titles, np.uint32).astype(np.int64)
        self.lengths = np.frombuffer(packed.lengths, np.uint32).astype(np.float32)
        self.one: dict[str, NDArray[np.int32]] = {}
        self.many: dict[str, tuple[Numbers, NDArray[np.int32]]] = {}
        for name, values, raw in zip((*ONE, *MANY), packed.tables, packed.codes, strict=True):
            codes = np.frombuffer(raw, np.uint32)
            if name in MANY:
                self.many[name] = _spread(
                    codes, [[tables.number(name, one) for one in own] for own in values]
                )
            else:
                numbers = [tables.number(name, _plain(value)) for value in values]
                self.one[name] = np.array(numbers, np.int32)[codes]

    def __len__(self) -> int:
        return len(self.ids)

    def lines(self) -> str:
        """All lines to type ahead by, each with CELL before it."""
        return self._ahead.decode()


def _spread(codes: NDArray[np.uint32], groups: list[list[int]]) -> tuple[Numbers, NDArray[np.int32]]:
    """Each document with each of its values: two arrays of the same length."""
    sizes = np.array([len(group) for group in groups], np.intp)
    flat = np.array([number for group in groups for number in group], np.int32)
    starts = np.cumsum(sizes) - sizes
    each = sizes[codes]
    documents = np.repeat(np.arange(len(codes)), each)
    within = np.arange(len(documents)) - np.repeat(np.cumsum(each) - each, each)
    return documents, flat[np.repeat(starts[codes], each) + within]


class Columns:
    """The columns of all segments behind each other."""

    def __init__(self, tables: Tables, segments: Sequence[SegmentColumns], bases: Sequence[int]) -> None:
        self._tables = tables
        self.size = sum(map(len, segments))
        self.updated = _behind([segment.updated for segment in segments], np.float64)
        self.titles = _behind([segment.titles for segment in segments], np.int64)
        self.lengths = _behind([segment.lengths for segment in segments], np.float32)
        self._one = {name: _behind([segment.one[name] for segment in segments], np.int32) for name in ONE}
        self._many = {
            name: (
                _behind([s.many[name][0] + base for s, base in zip(segments, bases, strict=True)], np.intp),
                _behind([s.many[name][1] for s in segments], np.int32),
            )
            for name in MANY
        }

    def holding(self, name: str, value: str) -> Mask:
        """The documents whose value is, or whose values hold, the given one."""
        number = self._tables.known(name, value)
        if name in MANY:
            documents, numbers = self._many[name]
            return self._mask(documents[numbers == number])
        mask: Mask = self._one[name] == number
        return mask

    def passing(self, name: str, test: Callable[[Any], bool]) -> Mask:
        """The documents with a value that passes the test; no value never does."""
        values = self._tables.values[name]
        passed = np.array([value is not None and test(value) for value in values], np.bool_)
        if name in MANY:
            documents, numbers = self._many[name]
            return self._mask(documents[passed[numbers]])
        mask: Mask = passed[self._one[name]]
        return mask

    def counts(self, name: str, documents: Numbers) -> list[tuple[str, int]]:
        """How many of the documents (ascending) have each value, most frequent first."""
        if name in MANY:
            counts = np.bincount(self._numbers_of(name, documents))
        else:
            counts = np.bincount(self._one[name][documents])
        values = self._tables.values[name]
        counts[:1] = 0  # no value
        numbers = np.flatnonzero(counts)
        there = zip([values[number] for number in numbers.tolist()], counts[numbers].tolist(), strict=True)
        return sorted(there, key=lambda entry: (-entry[1], entry[0]))

    def _numbers_of(self, name: str, documents: Numbers) -> NDArray[np.int32]:
        """The values of some documents, one behind the other."""
        rows, numbers = self._many[name]
        if FEW * len(documents) > self.size:
            all_of_them: NDArray[np.int32] = numbers[self._mask(documents)[rows]]
            return all_of_them
        first, last = rows.searchsorted(documents), rows.searchsorted(documents, "right")
        each = last - first
        within = np.arange(each.sum()) - (each.cumsum() - each).repeat(each)
        found: NDArray[np.int32] = numbers[first.repeat(each) + within]
        return found

    def value(self, name: str, document: int) -> Any:
        """A single value of a document."""
        return self._tables.values[name][int(self._one[name][document])]

    def _mask(self, documents: Numbers) -> Mask:
        mask = np.zeros(self.size, np.bool_)
        mask[documents] = True
        return mask


def _behind(parts: list[Any], kind: Any) -> Any:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, kind)


def typed_test(field: FieldTerm) -> Callable[[str], bool]:
    """How a typed value is compared: kinds, tags and addresses whole, modules and names also by a part."""
    if field.name == "module" or (field.name == "author" and "@" not in field.value):
        return lambda value: field.value in fold_value(value)
    return lambda value: field.value == fold_value(value)


def field_texts(document: SearchDocument) -> Iterable[tuple[str, int]]:
    """What is indexed of a document, with how much a word of it weighs, in halves; the title first."""
    return (
        (document.title, 6),
        ("\n".join(document.headings), 4),
        ("\n".join((*document.tags, *document.modules)), 3),
        (document.body, 2),
    )

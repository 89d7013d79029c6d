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
from kb.search.tables import Tables

ONE = ("type", "handover", "scopes", "kind", "author", "importance")
MANY = ("tag", "module", "item")
COUNTED_TOGETHER = ("tag", "module")
# Where each column that has one value a document stands in memory: what is no facet comes last.
ROWS = {name: row for row, name in enumerate(("type", "handover", "kind", "author", "importance", "scopes"))}
LINE, CELL = "\n", "\x01"  # between the headings of a document, before each document
COLUMNS, AHEAD = "columns", "ahead"

Row = tuple[Any, ...]
Spread = tuple[Numbers, NDArray[np.int32]]  # where each document's values begin, and at last end; all values


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


class SegmentColumns:
    """The columns of one segment, in the numbers of the index's tables."""

    def __init__(self, part: Callable[[str], bytes], tables: Tables) -> None:
        packed, self._ahead = _unpack(part)
        self.ids = packed.ids
        self.updated = np.frombuffer(packed.updated, np.float64)
        self.titles = np.frombuffer(packed.titles, np.uint32).astype(np.int64)
        self.lengths = np.frombuffer(packed.lengths, np.uint32).astype(np.float32)
        self.one = np.empty((len(ROWS), len(packed.ids)), np.int32)
        many = []
        for name, values, raw in zip((*ONE, *MANY), packed.tables, packed.codes, strict=True):
            codes = np.frombuffer(raw, np.uint32)
            if name in MANY:
                groups = [[tables.number(name, one) for one in own] for own in values]
                many.append(_spread(codes, groups))
            else:
                numbers = [tables.number(name, _plain(value)) for value in values]
                self.one[ROWS[name]] = np.array(numbers, np.int32)[codes]
        tags, modules, self.items = many
        self.together = _both(tags, modules)

    def __len__(self) -> int:
        return len(self.ids)

    def lines(self) -> str:
        """All lines to type ahead by, each with CELL before it."""
        return self._ahead.decode()


def _spread(codes: NDArray[np.uint32], groups: list[list[int]]) -> Spread:
    """The values of each document, where it has those of one of the groups."""
    sizes = np.array([len(group) for group in groups], np.intp)
    flat = np.array([number for group in groups for number in group], np.int32)
    begins = sizes.cumsum() - sizes
    each = sizes[codes]
    ends = each.cumsum()
    within = (begins[codes] - ends + each).repeat(each) + np.arange(each.sum())
    return np.concatenate((np.zeros(1, np.intp), ends)), flat[within]


def _both(one: Spread, other: Spread) -> Spread:
    """The values of each document in the one, and then those in the other."""
    size = len(one[0]) - 1
    documents = [np.arange(size).repeat(starts[1:] - starts[:-1]) for starts, _ in (one, other)]
    order = np.concatenate(documents).argsort(kind="stable")
    return one[0] + other[0], np.concatenate((one[1], other[1]))[order]


def field_texts(document: SearchDocument) -> Iterable[tuple[str, int]]:
    """What is indexed of a document, with how much a word of it weighs, in halves; the title first."""
    return (
        (document.title, 6),
        ("\n".join(document.headings), 4),
        ("\n".join((*document.tags, *document.modules)), 3),
        (document.body, 2),
    )

"""What the index keeps of every document beside its terms, held in memory by document number."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from kb.search.analysis import fold_value
from kb.search.interface import FACETS, FacetEntry, Filters, SearchDocument
from kb.search.query import FieldTerm

TEXT_FIELDS = ("title", "headings", "labels", "body")
MANY = frozenset({"scopes", "tag", "module", "item"})
NAMES = (
    "id",
    "type",
    "handover",
    "scopes",
    "kind",
    "tag",
    "module",
    "item",
    "author",
    "importance",
    "updated",
)
POSITION = "\x00position"  # the id of the document that holds the number of the last change; never findable


Facets = dict[str, tuple[FacetEntry, ...]]


def stored(document: SearchDocument, lengths: dict[str, int]) -> tuple[Any, ...]:
    """The stored form of a document: NAMES, then lengths of TEXT_FIELDS, then a line for typing ahead."""
    values = (
        *(document.id, document.type, document.handover, document.scopes, document.kind, document.tags),
        *(document.modules, document.items, document.author, document.importance),
        timestamp(document.updated_at),
    )
    ahead = "\n".join(fold_value(text) for text in (document.title, *document.headings, *document.tags))
    return (*values, tuple(lengths[name] for name in TEXT_FIELDS), ahead)


def texts(document: SearchDocument) -> dict[str, str]:
    """What is indexed of a document, by text field."""
    return {
        "title": document.title,
        "headings": "\n".join(document.headings),
        "labels": "\n".join((*document.tags, *document.modules)),
        "body": document.body,
    }


def timestamp(moment: datetime) -> float:
    """Seconds since 1970; a time without a zone is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


class Columns:
    """The stored values of a run of documents, one list per name."""

    def __init__(self) -> None:
        self.values: dict[str, list[Any]] = {name: [] for name in NAMES}
        self.lengths: dict[str, array[int]] = {name: array("I") for name in TEXT_FIELDS}
        self.ahead: list[str] = []
        self.position: tuple[int, int] | None = None  # document number, last change

    def __len__(self) -> int:
        return len(self.ahead)

    def append(self, row: tuple[Any, ...] | None, shared: dict[Any, Any]) -> None:
        """Take one document in; `shared` keeps equal values once, None is a document without a row."""
        if row is not None and row[0] == POSITION:
            self.position = (len(self), int(row[1]))
            row = None
        if row is None:
            row = (*((() if name in MANY else None) for name in NAMES), (0,) * len(TEXT_FIELDS), "")
        for name, value in zip(NAMES, row, strict=False):
            self.values[name].append(shared.setdefault(value, value))
        for name, length in zip(TEXT_FIELDS, row[len(NAMES)], strict=True):
            self.lengths[name].append(length)
        self.ahead.append(row[-1])

    def extend(self, other: Columns, deleted: frozenset[int] = frozenset()) -> None:
        """Take in the documents of another run behind one's own; `deleted` ones may hold an old position."""
        if other.position is not None and other.position[0] not in deleted:
            self.position = (len(self) + other.position[0], other.position[1])
        for name in NAMES:
            self.values[name] += other.values[name]
        for name in TEXT_FIELDS:
            self.lengths[name] += other.lengths[name]
        self.ahead += other.ahead

    def holding(self, name: str, value: str, documents: Iterable[int]) -> Iterable[int]:
        """Those of the documents whose value is, or whose values hold, the given one."""
        column = self.values[name]
        if name in MANY:
            return [doc for doc in documents if value in column[doc]]
        return [doc for doc in documents if column[doc] == value]

    def passing(self, field: FieldTerm, documents: Collection[int]) -> list[int]:
        """Those of the documents that a typed filter lets through, its negation not yet applied."""
        column = self.values[field.name]
        test = _test(field)
        if field.name not in MANY:
            known = {value: value is not None and test(value) for value in {column[doc] for doc in documents}}
        else:
            known = {values: any(map(test, values)) for values in {column[doc] for doc in documents}}
        return [doc for doc in documents if known[column[doc]]]

    def facets(self, base: Collection[int], filters: Filters) -> tuple[list[int], Facets]:
        """The documents all filters let through, and for each facet the counts without its own filter."""
        active = filters.active()
        sets = {name: set(self.holding(name, value, base)) for name, value in active.items()}
        hits = [doc for doc in base if all(doc in passed for passed in sets.values())]
        found = {}
        for name in FACETS:
            documents: Iterable[int] = hits
            if name in active:
                others = [passed for other, passed in sets.items() if other != name]
                documents = [doc for doc in base if all(doc in passed for passed in others)]
            found[name] = self._counts(name, documents)
        return hits, found

    def _counts(self, name: str, documents: Iterable[int]) -> tuple[FacetEntry, ...]:
        values: Iterable[Any] = map(self.values[name].__getitem__, documents)
        counts = Counter(chain.from_iterable(values) if name in MANY else values)
        counts.pop(None, None)
        ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
        return tuple(FacetEntry(value, count) for value, count in ranked)


def _test(field: FieldTerm) -> Callable[[str], bool]:
    """How a typed value is compared: kinds and tags whole, modules and authors also by a part."""
    if field.name in ("module", "author"):
        return lambda value: field.value in fold_value(value)
    return lambda value: field.value == fold_value(value)

"""What search takes and gives, in words that name neither Whoosh nor the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from kb.clock import now

PERIODS = (7, 30, 365)  # days in which something was changed, as they are offered
FACETS = ("handover", "kind", "type", "module", "tag", "author", "importance")


def first_day(period: int) -> date:
    """Since when something was changed in the last so many days; the same all day, so that addresses stay."""
    return (now() - timedelta(days=period)).date()


class Sort(StrEnum):
    """In which order hits come."""

    BEST = "best"
    NEWEST = "newest"


class IndexUnavailable(Exception):
    """The index folder cannot be used: missing, damaged, or of other library, schema or analyser versions."""


class IndexBusy(Exception):
    """Another writer holds the index folder; nothing was written."""


@dataclass(frozen=True)
class SearchDocument:
    """One thing that can be found; `id` is "<type>:<object id>", `body` plain text, `updated_at` UTC."""

    id: str
    type: str
    handover: str
    scopes: tuple[str, ...]
    title: str
    updated_at: datetime
    note_id: str | None = None
    kind: str | None = None
    headings: tuple[str, ...] = ()
    body: str = ""
    tags: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    author: str | None = None
    importance: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Filters:
    """What a click on a facet or an address narrows to; exact values, None means no filter."""

    handover: str | None = None
    kind: str | None = None
    module: str | None = None
    item: str | None = None
    tag: str | None = None
    type: str | None = None
    author: str | None = None
    importance: str | None = None
    updated_after: datetime | None = None

    def active(self) -> dict[str, str]:
        """The exact-value filters that are set, by name."""
        names = (*FACETS, "item")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


class Hit(NamedTuple):
    """One found document; higher scores are better, from 1 up every part of the query is in it."""

    id: str
    type: str
    score: float


class FacetEntry(NamedTuple):  # two hundred of them are made at every key pressed
    """A value of a facet, and how many hits have it."""

    value: str
    count: int  # type: ignore[assignment]


@dataclass(frozen=True)
class Results:
    """A page of hits, the exact total, and for each facet its values, most frequent first."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetEntry, ...]]
    at: int | None = None  # the commit of the index they are of, None if it was not asked
    changed: Mapping[date, int] = field(default_factory=dict)  # hits since each `first_day`


@dataclass(frozen=True)
class IndexStatus:
    """How the index stands to the database; `lag_seconds` is the age of the oldest change not in it."""

    state: str  # ready, rebuilding, behind, unavailable
    lag_seconds: float
    documents: int
    pending: int = 0
    progress: tuple[int, int] | None = None
    bytes: int = 0
    wanted: bool = False  # a rebuild was asked for and is not over


class Words(list[str]):
    """Sorted, folded words; `shapes` is what spelling made of them, as long as they live."""

    shapes: Any = None


class Lexicon(Protocol):
    """The words of an index, for spelling; what is to be shown must first be counted in the caller's scope."""

    def words(self) -> Sequence[Sequence[str]]:
        """Per segment: sorted, folded Latin words as they are written in the texts, not stems."""

    def count(self, term: str) -> int:
        """How many documents in scope hold an index term: a stem, a word as written, one or two Han."""

    def pairs(self, key: int) -> Sequence[str]:
        """Pairs of Han anywhere in the index that are pronounced so (`pinyin.pair_key`)."""

    def titled(self, term: str) -> int:
        """How many documents in scope hold an index term in their title."""

    def together(self, words: str) -> int:
        """How many documents in scope hold these folded words, or this run of Han, unbroken and in this order."""

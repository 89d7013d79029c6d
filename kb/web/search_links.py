"""The addresses around a list of results: every choice is a link, so every search can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import quote_plus

from kb.annotations.models import AnnotationKind
from kb.i18n import _
from kb.registers.models import EntryKind
from kb.search.interface import FACETS, PERIODS, first_day
from kb.search.typed_filters import Asked, without

FILTERS = (*FACETS, "item", "updated_after")
MOST_ENTRIES = 30  # of one facet; the rest is reached by typing
ALWAYS_IN_SIGHT = 6
MARKS = frozenset(AnnotationKind)
ENTRIES = frozenset(EntryKind)
_PLACE = ("offset", "at")  # where in the list one is: left out whenever the list becomes another


@lru_cache(maxsize=4096)
def _pair(name: str, value: str) -> str:
    """A parameter as it stands in an address; the same values are in every list of facets."""
    return f"{name}={quote_plus(value)}"


class Links:
    """Addresses made from the parameters of a search; another list begins at its first page."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        self.sent = sent
        self._pairs = {name: _pair(name, text) for name, text in sent.items() if name not in _PLACE}
        self._before: dict[str, str] = {}  # what stands before a parameter that is put in or changed

    def having(self, name: str, value: str) -> str:
        """The same search with a filter, an order, other words."""
        before = self._before.get(name)
        if before is None:
            others = [pair for other, pair in self._pairs.items() if other != name]
            before = self._before[name] = "/search?" + "".join(f"{pair}&" for pair in others)
        return before + _pair(name, value)

    def without(self, *names: str) -> str:
        """The same search without some of its parameters."""
        return _address(pair for name, pair in self._pairs.items() if name not in names)

    def without_filters(self) -> str:
        """What was typed, and how it is to be answered."""
        return self.without(*FILTERS, "limit")

    def typed(self, text: str) -> Links:
        """The links around the same search with other words."""
        return Links(
            {**{name: one for name, one in self.sent.items() if name != "q"}, **({"q": text} if text else {})}
        )

    def at(self, offset: int, generation: int | None) -> str:
        """Another page of the same list, of the same state of the index where that is known."""
        pairs = list(self._pairs.values())
        if offset:
            pairs.append(f"offset={offset}")
        if generation is not None:
            pairs.append(f"at={generation}")
        return _address(pairs)


def _address(pairs: Iterable[str]) -> str:
    query = "&".join(pairs)
    return f"/search?{query}" if query else "/search"


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a facet as a link; that of a current one takes the filter off."""

    value: str
    label: str
    count: int | None
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A facet: the entries in sight and those folded away."""

    name: str
    entries: tuple[Entry, ...]
    folded: tuple[Entry, ...]


def facet_groups(asked: Asked, links: Links) -> list[Group]:
    """The facets that could narrow the list down or do so now."""
    groups = []
    for name in FACETS:
        # A filter that was typed is taken off, or put aside for another value, by a change of what is typed.
        around = links.typed(untyped(asked, name)) if getattr(asked.wanted.filters, name) is None else links
        current = getattr(asked.filters, name)
        entries = [
            Entry(
                facet.value, facet.label, facet.count,
                around.without(name) if facet.value == current else around.having(name, facet.value),
                facet.value == current,
            )
            for facet in asked.answer.facets.get(name, ())[:MOST_ENTRIES]
        ]  # fmt: skip
        for shown, part in _parted(name, entries):
            # One value that every hit has narrows nothing.
            if len(part) > 1 or (part and (current or (part[0].count or 0) < asked.answer.total)):
                part.sort(key=lambda entry: not entry.current)
                groups.append(Group(shown, tuple(part[:ALWAYS_IN_SIGHT]), tuple(part[ALWAYS_IN_SIGHT:])))
    return groups


def untyped(asked: Asked, name: str | None = None) -> str:
    """What was typed without its filters, or those of one name that are in force."""
    text = asked.wanted.text
    gone = [one for one in asked.typed if name is None or (one.name == name and not one.negated)]
    return without(text, gone) if gone else text


def _parted(name: str, entries: list[Entry]) -> list[tuple[str, list[Entry]]]:
    """Kinds of notes, of remarks and of register entries are one filter, and three lists for the eye."""
    if name != "kind":
        return [(name, entries)]
    marks = [entry for entry in entries if entry.value in MARKS]
    kept = [entry for entry in entries if entry.value in ENTRIES]
    notes = [entry for entry in entries if entry.value not in MARKS | ENTRIES]
    return [(name, notes), ("mark", marks), ("entry", kept)]


def periods(links: Links, changed: Mapping[date, int]) -> list[Entry]:
    """How new it must be, with how many hits are."""
    chosen = links.sent.get("updated_after", "")
    entries = []
    labels = (_("In the last week"), _("In the last month"), _("In the last year"))
    for period, label in zip(PERIODS, labels, strict=True):
        since = first_day(period)
        day = since.isoformat()
        current = chosen == day
        href = links.without("updated_after") if current else links.having("updated_after", day)
        entries.append(Entry(day, label, changed.get(since), href, current))
    return entries

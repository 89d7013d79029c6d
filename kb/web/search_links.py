"""The addresses around a list of results: every filter is a link, so every search can be shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.annotations.models import AnnotationKind
from kb.checklists.queries import item_title
from kb.clock import now
from kb.i18n import _
from kb.search.interface import FACETS
from kb.search.service import Answer

MOST_ENTRIES = 30  # of one facet; the rest is reached by typing
ALWAYS_IN_SIGHT = 6
MARKS = frozenset(AnnotationKind)


@dataclass(frozen=True)
class Links:
    """Addresses made from the parameters of a search; changing a filter begins at the first page."""

    sent: Mapping[str, str]

    def _address(self, parameters: Mapping[str, str]) -> str:
        return "/search" + (f"?{urlencode(parameters)}" if parameters else "")

    def with_filter(self, name: str, value: str) -> str:
        """The same search narrowed to a value."""
        kept = {key: text for key, text in self.sent.items() if key != "offset"}
        return self._address({**kept, name: value})

    def without(self, name: str) -> str:
        """The same search without a filter."""
        return self._address({key: text for key, text in self.sent.items() if key not in (name, "offset")})

    def without_filters(self) -> str:
        """Only what was typed."""
        return self._address({key: text for key, text in self.sent.items() if key == "q"})

    def at(self, offset: int) -> str:
        """Another page of the same list."""
        kept = {key: text for key, text in self.sent.items() if key != "offset"}
        return self._address({**kept, "offset": str(offset)} if offset else kept)


@dataclass(frozen=True)
class Entry:
    """A value of a facet as a link; that of a current one takes the filter off."""

    value: str
    label: str
    count: int | None
    href: str
    current: bool


@dataclass(frozen=True)
class Group:
    """A facet: the entries in sight and those folded away."""

    name: str
    entries: tuple[Entry, ...]
    folded: tuple[Entry, ...]


def facet_groups(answer: Answer, links: Links) -> list[Group]:
    """The facets that could narrow the list down or do so now."""
    groups = []
    for name in FACETS:
        current = links.sent.get(name)
        facets = answer.facets.get(name, ())
        entries = [
            Entry(
                facet.value, facet.label, facet.count,
                links.without(name) if facet.value == current else links.with_filter(name, facet.value),
                facet.value == current,
            )
            for facet in facets[:MOST_ENTRIES]
        ]  # fmt: skip
        for shown, part in _parted(name, entries):
            # One value that every hit has narrows nothing.
            if len(part) > 1 or (part and (current or (part[0].count or 0) < answer.total)):
                part.sort(key=lambda entry: not entry.current)
                groups.append(Group(shown, tuple(part[:ALWAYS_IN_SIGHT]), tuple(part[ALWAYS_IN_SIGHT:])))
    return groups


def _parted(name: str, entries: list[Entry]) -> list[tuple[str, list[Entry]]]:
    """Kinds of notes and kinds of remarks are one filter, and two lists for the eye."""
    if name != "kind":
        return [(name, entries)]
    marks = [entry for entry in entries if entry.value in MARKS]
    return [(name, [entry for entry in entries if entry.value not in MARKS]), ("mark", marks)]


def periods(links: Links) -> list[Entry]:
    """How new it must be; days, so that the same search has the same address all day."""
    chosen = links.sent.get("updated_after", "")
    entries = []
    spans = ((7, _("In the last week")), (30, _("In the last month")), (365, _("In the last year")))
    for days, label in spans:
        day = (now() - timedelta(days=days)).date().isoformat()
        current = chosen == day
        href = links.without("updated_after") if current else links.with_filter("updated_after", day)
        entries.append(Entry(day, label, None, href, current))
    return entries


@dataclass(frozen=True)
class Chosen:
    """A filter that is on; `label` is None where the value is a word of the domain, which templates know."""

    name: str
    value: str
    label: str | None
    href: str


def chosen_filters(session: Session, identity: Identity, answer: Answer, links: Links) -> list[Chosen]:
    """Every filter that is on, by the name people know; one they may not read is shown as it was typed."""
    chosen = []
    for name in (*FACETS, "item", "updated_after"):
        value = links.sent.get(name)
        if value is None:
            continue
        label: str | None = next((f.label for f in answer.facets.get(name, ()) if f.value == value), value)
        if name == "item":
            label = item_title(session, identity, value) or value
        shown = "mark" if name == "kind" and value in MARKS else name
        chosen.append(Chosen(shown, value, label, links.without(name)))
    return chosen

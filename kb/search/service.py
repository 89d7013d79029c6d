"""Searching: the index says which, the database decides what is shown, with the caller's rights at both."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.policy import DRAFT_READERS
from kb.i18n import _
from kb.search.absent import without_guesses
from kb.search.facets import Facet, labelled
from kb.search.fallback import search_database
from kb.search.found import Found, show
from kb.search.interface import FACETS, Filters, IndexUnavailable, Results, Sort
from kb.search.language import parse
from kb.search.live import LiveIndex
from kb.search.saying import Said, say, with_people
from kb.search.waiting import hidden
from kb.validation import Checker

# A Latin word at the very end: while somebody types, it stands for every word that begins so. Han needs
# nothing of the kind, there each character is found by itself.
_UNFINISHED = re.compile(r"(?<![^\s])([A-Za-z]{3,})$")
MOST_QUERY = 4000
MOST_OFFSET = 10_000
DEFAULT_LIMIT, MOST_LIMIT = 20, 100


@dataclass(frozen=True)
class SearchRequest:
    """A checked search."""

    text: str
    filters: Filters = field(default_factory=Filters)
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    typing: bool = False  # the last word may be unfinished
    expand: bool = True  # synonyms, near words and readings too
    sort: Sort = Sort.BEST
    at: int | None = None  # the generation of the index whose pages are being turned


@dataclass(frozen=True)
class Answer:
    """What a search found; `degraded` when the index could not be asked and the database was.

    `missing`: what of the query, as typed, stands nowhere the caller may read, so that the hits answer only
    the rest. `guessed`: every hit is there only by what may have been meant. `real`: what was found without
    guesses, where there were any.
    """

    query: str
    total: int
    took_ms: float
    hits: tuple[Found, ...]
    facets: Mapping[str, tuple[Facet, ...]]
    suggestion: str | None = None
    expanded: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    real: Results | None = None
    changed: Mapping[date, int] = field(default_factory=dict)  # hits since each day that is offered
    at: int | None = None  # what to ask further pages with, so that they continue this one
    degraded: bool = False
    progress: tuple[int, int] | None = None

    @property
    def guessed(self) -> bool:
        """Whether there are hits, and all of them only by guesses."""
        return self.total > 0 and self.real is not None and not self.real.total

    @property
    def missed(self) -> bool:
        """Whether what was looked for was not found: nothing, only a part of it, or only by guesses."""
        return not self.total or bool(self.missing) or self.guessed


def search_request(data: Mapping[str, Any]) -> SearchRequest:
    """Check the parameters of a search; raises Invalid. An empty query needs a filter."""
    check = Checker(data)
    text = check.text("q", most=MOST_QUERY, required=False).strip()
    names = (*FACETS, "item")
    values = {name: check.line(name, most=254, required=False) or None for name in names}
    day = check.line("updated_after", most=40, required=False)
    filters = replace(Filters(), **values, updated_after=_moment(check, day) if day else None)
    limit = check.whole("limit", low=1, high=MOST_LIMIT) or DEFAULT_LIMIT
    offset = check.whole("offset", low=0, high=MOST_OFFSET) or 0
    sort = check.choice("sort", Sort, Sort.BEST)
    at = check.whole("at", low=0, high=2**53)
    if not text and not filters.active() and not filters.updated_after and not check.errors:
        check.fail("q", _("Type something to search for, or choose a filter."))
    check.done()
    expand = data.get("expand") != "0"
    return SearchRequest(text, filters, limit, offset, expand=expand, sort=sort, at=at)


def _moment(check: Checker, text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        check.fail("updated_after", _("This must be a date such as 2026-11-30."))
        return None


def unfinished(text: str) -> str:
    """What somebody is typing, its last Latin word standing for all that begin so."""
    return _UNFINISHED.sub(r"\1*", text)


def scopes_of(identity: Identity) -> frozenset[str]:
    """What a person may find, in the words of the index: rights as a filter inside the query."""
    scopes: set[str] = set()
    for handover, roles in identity.roles.items():
        scopes |= {f"h:{handover}", f"a:{handover}:{identity.user_id}"}
        if roles & DRAFT_READERS:
            scopes.add(f"m:{handover}")
    return frozenset(scopes)


def search(session: Session, live: LiveIndex, identity: Identity, request: SearchRequest) -> Answer:
    """Answer a search with the caller's rights; from the database while there is no index."""
    began = time.perf_counter()
    query = parse(request.text)
    if request.typing:
        query = replace(parse(unfinished(request.text)), source=request.text)
    said, real = Said(query), None
    try:
        view, scopes = live.view(request.at), scopes_of(identity)
        without = hidden(session, identity, view)
        lexicon = view.lexicon(scopes, without)
        said = say(session, with_people(session, identity, query), lexicon, request.expand)
        page = (request.limit, request.offset)
        results = view.search(said.query, scopes, request.filters, *page, without, sort=request.sort)
        sure = without_guesses(said.query) if results.total else None
        if sure is not None:
            real = view.search(sure, scopes, request.filters, 1, 0, without)
        if results.total > request.limit:
            live.pin(view)
        degraded = False
    except IndexUnavailable:
        results = search_database(session, identity, query, request.filters, request.limit, request.offset)
        said, real, degraded = Said(query), None, True
    hits = show(session, identity, results.hits, said.query)
    return Answer(
        query=request.text, total=results.total, took_ms=round((time.perf_counter() - began) * 1000, 1),
        hits=tuple(hits), facets=labelled(session, results), suggestion=said.suggestion, expanded=said.also,
        missing=said.missing, real=real, changed=results.changed,
        at=results.at if results.total > request.limit else None,
        degraded=degraded, progress=live.folder.progress() if degraded else None,
    )  # fmt: skip

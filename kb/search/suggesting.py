"""What is offered while somebody types: titles that fit, then the passages a search would find first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.search.analysis import fold_value
from kb.search.fallback import search_database
from kb.search.found import Found, show
from kb.search.interface import Filters, Hit, IndexUnavailable
from kb.search.language import parse
from kb.search.live import LiveIndex
from kb.search.query import Query
from kb.search.service import scopes_of, unfinished
from kb.search.waiting import hidden

MOST_TYPED = 100  # characters looked at
ENOUGH = 6  # titles; with fewer, passages fill up


@dataclass(frozen=True)
class Suggestion:
    """Something to jump to while typing."""

    label: str
    url: str
    type: str
    context: str


def suggest(
    session: Session, live: LiveIndex, identity: Identity, text: str, limit: int = 10
) -> list[Suggestion]:
    """Titles, headings and tags that fit what stands in the box, then the best passages with it."""
    typed = text.strip()[:MOST_TYPED]
    if not typed:
        return []
    query = parse(unfinished(typed))
    titles, passages = _hits(session, live, identity, typed, query, limit)
    found = [_title(one, typed) for one in show(session, identity, titles, Query(typed))]
    known = {hit.id for hit in titles}
    more = [hit for hit in passages if hit.id not in known][: max(0, ENOUGH - len(found))]
    found += [
        Suggestion(one.title, one.url, one.type, one.section or one.handover_title)
        for one in show(session, identity, more, query)
    ]
    return found[:limit]


def _hits(
    session: Session, live: LiveIndex, identity: Identity, typed: str, query: Query, limit: int
) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """Hits by title, and by text where those are few; from the database while there is no index."""
    try:
        index, scopes = live.current(), scopes_of(identity)
        without = hidden(session, identity, index)
        titles = index.suggest(typed, scopes, limit, without)
        if len(titles) >= ENOUGH:
            return titles, ()
        return titles, index.search(query, scopes, Filters(), ENOUGH + len(titles), 0, without).hits
    except IndexUnavailable:
        return (), search_database(session, identity, query, Filters(), ENOUGH, 0).hits


def _title(one: Found, typed: str) -> Suggestion:
    """To the thing itself, or to its heading where that is what fits."""
    words = fold_value(typed).split()
    if not all(word in fold_value(one.title) for word in words):
        for heading in one.outline:
            if all(word in fold_value(heading.text) for word in words):
                return Suggestion(one.title, f"/notes/{one.id}#{heading.anchor}", one.type, heading.text)
    return Suggestion(one.title, one.url, one.type, one.handover_title)

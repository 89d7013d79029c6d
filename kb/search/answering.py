"""From a query to a page of results: rank, filter, count, cut."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from kb.search.all_columns import Columns, Mask, typed_test
from kb.search.columns import timestamp
from kb.search.interface import FACETS, PERIODS, FacetEntry, Filters, Hit, Results, Sort, first_day
from kb.search.numbers import Numbers
from kb.search.query import FieldTerm, Query
from kb.search.scoring import Ranking
from kb.search.snapshot import Scope, Snapshot

MOST_VALUES = 100  # of one facet
_entry = partial(tuple.__new__, FacetEntry)  # of a pair, in half the time FacetEntry(*pair) takes

Scores = NDArray[np.float64]


def answer(
    snapshot: Snapshot, query: Query, scope: Scope, filters: Filters, limit: int, offset: int, sort: Sort
) -> Results:
    """The hits offset..offset+limit among what the scope shows; total and facets are exact."""
    columns = snapshot.columns
    base, scores = _asked(snapshot, query, scope)
    if query.fields:
        passed = _kept(columns, query.fields)[base]
        base, scores = base[passed], scores[passed]
    chosen = {name: columns.holding(name, value) for name, value in filters.active().items()}
    changed = _changed(columns, base, chosen)
    if filters.updated_after is not None:
        passed = columns.updated[base] >= timestamp(filters.updated_after)
        base, scores = base[passed], scores[passed]
    hits = np.ones(len(base), np.bool_)
    for mask in chosen.values():
        hits &= mask[base]
    facets = _facets(columns, base, chosen)
    found, worth = base[hits], scores[hits]
    page = _ranked(snapshot, found, worth if sort == Sort.BEST else np.zeros(len(found)), offset + limit)[
        offset:
    ]
    made = tuple(
        [
            Hit(snapshot.id(number), columns.value("type", number), round(score, 4))
            for number, score in zip(found[page].tolist(), worth[page].tolist(), strict=True)
        ]
    )
    return Results(len(found), made, facets, snapshot.generation, changed)


def _asked(snapshot: Snapshot, query: Query, scope: Scope) -> tuple[Numbers, Scores]:
    """The documents the words of the query find, with their scores."""
    ranking = Ranking(snapshot, scope, query)
    if query.lists_all:
        documents = np.flatnonzero(scope.mask & ~ranking.excluded())
        return documents, np.zeros(len(documents))
    if query.wanted:
        return ranking.score()
    return np.empty(0, np.intp), np.empty(0)


def _changed(columns: Columns, base: Numbers, chosen: dict[str, Mask]) -> dict[date, int]:
    """How many of the hits are of each of the last PERIODS, under all filters but that."""
    for mask in chosen.values():
        base = base[mask[base]]
    updated = columns.updated[base]
    days = [first_day(period) for period in PERIODS]
    return {day: int(np.count_nonzero(updated >= _midnight(day))) for day in days}


@lru_cache(maxsize=16)
def _midnight(day: date) -> float:
    return timestamp(datetime.combine(day, time(), UTC))


def _kept(columns: Columns, fields: tuple[FieldTerm, ...]) -> Mask:
    """What typed filters let through: values of one name are alternatives, names go together, -name: takes away."""
    kept = np.ones(columns.size, np.bool_)
    for name in dict.fromkeys(field.name for field in fields if not field.negated):
        allowed = np.zeros(columns.size, np.bool_)
        for field in fields:
            if field.name == name and not field.negated:
                allowed |= columns.passing(name, typed_test(field))
        kept &= allowed
    for field in fields:
        if field.negated:
            kept &= ~columns.passing(field.name, typed_test(field))
    return kept


def _facets(columns: Columns, base: Numbers, chosen: dict[str, Mask]) -> dict[str, tuple[FacetEntry, ...]]:
    """The counts of each facet, under all filters but its own."""
    found = {}
    counted: dict[str | None, dict[str, list[tuple[str, int]]]] = {}
    for name in FACETS:
        own = name if name in chosen else None
        if own not in counted:
            documents = base
            for other, mask in chosen.items():
                if other != own:
                    documents = documents[mask[documents]]
            counted[own] = columns.counts(documents, MOST_VALUES)
        found[name] = tuple(map(_entry, counted[own][name]))
    return found


def _ranked(snapshot: Snapshot, documents: Numbers, scores: Scores, count: int) -> list[int]:
    """Places of the best hits, then the newest; equal ones in the order in which the commit holds them."""
    places = np.arange(len(documents))
    if len(places) > count:
        bound = np.partition(-scores, count)[count]
        places = places[-scores <= bound]
    updated = snapshot.columns.updated[documents[places]]
    order: list[int] = places[np.lexsort((-updated, -scores[places]))][:count].tolist()
    return order

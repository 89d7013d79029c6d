"""From a query to a page of results: rank, filter, count, cut."""

from __future__ import annotations

from collections.abc import Collection
from heapq import nsmallest

from kb.search.columns import Columns, timestamp
from kb.search.interface import Filters, Hit, Results
from kb.search.query import FieldTerm, Query
from kb.search.scoring import Ranking, Scope
from kb.search.snapshot import Snapshot


def answer(
    snapshot: Snapshot,
    query: Query,
    scope: Scope,
    filters: Filters,
    limit: int,
    offset: int,
) -> Results:
    """The hits offset..offset+limit among what the scope shows; total and facets are exact."""
    ranking = Ranking(snapshot, scope)
    scores: dict[int, float] = {}
    base: Collection[int] = ()
    if query.lists_all:
        unwanted = ranking.excluded(query)
        base = [doc for doc in scope.documents if doc not in unwanted]
    elif query.wanted:
        scores = ranking.score(query)
        base = scores.keys()
    base = _typed(snapshot.columns, query.fields, base)
    if filters.updated_after is not None:
        bound, updated = timestamp(filters.updated_after), snapshot.columns.values["updated"]
        base = [doc for doc in base if updated[doc] >= bound]
    hits, facets = snapshot.columns.facets(base, filters)
    page = _ranked(snapshot.columns, hits, scores, offset + limit)[offset:]
    return Results(len(hits), tuple(_hit(snapshot.columns, doc, scores) for doc in page), facets)


def _typed(columns: Columns, fields: tuple[FieldTerm, ...], base: Collection[int]) -> Collection[int]:
    """Apply typed filters: values of one name are alternatives, names go together, -name: takes away."""
    for name in dict.fromkeys(field.name for field in fields if not field.negated):
        allowed: set[int] = set()
        for field in fields:
            if field.name == name and not field.negated:
                allowed.update(columns.passing(field, base))
        base = [doc for doc in base if doc in allowed]
    for field in fields:
        if field.negated:
            gone = set(columns.passing(field, base))
            base = [doc for doc in base if doc not in gone]
    return base


def _ranked(columns: Columns, hits: list[int], scores: dict[int, float], count: int) -> list[int]:
    """The best hits, then the newest; equal ones always in the same order."""
    updated, ids = columns.values["updated"], columns.values["id"]
    return nsmallest(count, hits, key=lambda doc: (-scores.get(doc, 0.0), -updated[doc], ids[doc]))


def _hit(columns: Columns, doc: int, scores: dict[int, float]) -> Hit:
    return Hit(columns.values["id"][doc], columns.values["type"][doc], round(scores.get(doc, 0.0), 4))

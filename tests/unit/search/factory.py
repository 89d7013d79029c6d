"""Documents and searches for the tests of the index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from kb.search.interface import Filters, Results, SearchDocument
from kb.search.language import parse
from kb.search.whoosh_index import SearchIndex

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
SCOPES = frozenset({"h:shop"})


def document(name: str, title: str = "", body: str = "", **values: Any) -> SearchDocument:
    """A published note of the handover "shop"; ids that end in a number are as many days young."""
    digits = "".join(char for char in name if char.isdigit())
    standard: dict[str, Any] = {
        "type": "note",
        "handover": "shop",
        "scopes": ("h:shop",),
        "kind": "procedure",
        "updated_at": START + timedelta(days=int(digits or 0)),
    }
    return SearchDocument(id=f"note:{name}", title=title, body=body, **(standard | values))


def search(index: SearchIndex, text: str, scopes: frozenset[str] = SCOPES, **filters: Any) -> Results:
    """The first hundred hits."""
    return index.search(parse(text), scopes, Filters(**filters), 100)


def found(index: SearchIndex, text: str, scopes: frozenset[str] = SCOPES, **filters: Any) -> list[str]:
    """The names of the notes found, best first."""
    return [hit.id.removeprefix("note:") for hit in search(index, text, scopes, **filters).hits]


def counts(results: Results, facet: str) -> dict[str, int]:
    return {entry.value: entry.count for entry in results.facets[facet]}

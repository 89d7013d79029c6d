"""The words of a search on the page a hit led to: marked in what is plain text there, with no script."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from kb.search.marking import mark
from kb.search.places import wording
from kb.search.query import Query
from kb.search.service import MOST_QUERY

MOST_ALSO = 8  # of the words searched beside, how many an address takes along


def words_of(parameters: Any) -> Query | None:
    """What an address says was searched; None where it says nothing."""
    typed = parameters.get("q", "")[:MOST_QUERY]
    query = wording(typed, parameters.getall("also", [])[:MOST_ALSO]) if typed.strip() else None
    return query if query and query.wanted else None


def with_marks(text: str, words: Query | None) -> str:
    """A plain text for a template, its lines as they are; with the words marked where there are any."""
    if words is None:
        return text
    return Markup("\n").join(Markup(mark(line, words)) for line in text.split("\n"))  # noqa: S704  # marks only

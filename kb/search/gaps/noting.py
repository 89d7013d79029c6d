"""From a search and its answer to what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kb.search.gaps.models import MOST_FILTERS
from kb.search.gaps.recording import SearchLog

if TYPE_CHECKING:
    from kb.access.identity import Identity
    from kb.search.interface import Filters
    from kb.search.service import Answer, SearchRequest

WHOLE = 1.0  # scores from here up have every part of the query


def note_search(log: SearchLog, identity: Identity, request: SearchRequest, answer: Answer) -> None:
    """Note an answered search; further pages of a list are the same search and left out."""
    if request.offset:
        return
    others = _filters(request.filters)
    log.note(
        identity,
        request.text,
        request.filters.handover,
        answer.total,
        request.typing,
        narrowed=answer.degraded or bool(others),  # without an index less is found than there is
        places=_places(request, answer),
        partial=answer.missed,
        whole=_has_all(answer),
        filters=others if len(others) <= MOST_FILTERS else "",
    )


def _filters(filters: Filters) -> str:
    """All but the handover, as they stand in an address."""
    named = filters.active()
    named.pop("handover", None)
    if filters.updated_after:
        named["updated_after"] = filters.updated_after.isoformat()
    return urlencode(named)


def _places(request: SearchRequest, answer: Answer) -> dict[str, int] | None:
    """Hits by handover, guesses not counted."""
    if answer.degraded or request.filters.handover is not None:
        return None
    facets = answer.real.facets if answer.real is not None else answer.facets
    return {entry.value: entry.count for entry in facets.get("handover", ())}


def _has_all(answer: Answer) -> bool:
    """Whether a hit has every part of the query, as far as the page shows."""
    best = max((hit.score for hit in answer.hits), default=0.0)
    return best >= WHOLE or answer.degraded or answer.total > len(answer.hits)

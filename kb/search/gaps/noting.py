"""From a search and its answer to what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.search.gaps.recording import SearchLog

if TYPE_CHECKING:
    from kb.access.identity import Identity
    from kb.search.service import Answer, SearchRequest


def note_search(log: SearchLog, identity: Identity, request: SearchRequest, answer: Answer) -> None:
    """Note an answered search; further pages of a list are the same search and left out."""
    if request.offset:
        return
    filters = request.filters
    others = (
        filters.kind, filters.module, filters.item, filters.tag, filters.type, filters.author,
        filters.importance, filters.updated_after,
    )  # fmt: skip
    # Without an index less is found than there is.
    narrowed = answer.degraded or any(others)
    places = None
    if not answer.degraded and filters.handover is None:
        places = {entry.value: entry.count for entry in answer.facets.get("handover", ())}
    log.note(
        identity,
        request.text,
        filters.handover,
        answer.total,
        request.typing,
        narrowed=narrowed,
        places=places,
    )

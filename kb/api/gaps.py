"""What people looked for in a handover and did not find."""

from __future__ import annotations

from typing import Any, TypedDict

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.api.calls import ApiRequest, Json, call, page_of
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.pagination import Page
from kb.search.gaps.queries import Gap, as_gaps, gaps_in


class GapAnswer(TypedDict):
    """A search that found nothing: as last typed, how often, by how many people, when last."""

    id: str
    query: str
    count: int
    searchers: int
    last_at: str


def _gap_json(gap: Gap) -> GapAnswer:
    return GapAnswer(
        id=gap.id, query=gap.query, count=gap.count, searchers=gap.searchers, last_at=gap.last_at.isoformat()
    )


@get(
    "/handovers/{handover_id:str}/search-gaps",
    guards=[allow(Permission.GAPS_READ, "handover_id")],
    **call(GapAnswer, listing=True),
)
def get_gaps(request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]) -> Json:
    """Searches that found nothing in the handover, nor since: leaver and manager only, without names."""
    services_of(request).searches.catch_up()
    page = page_of(request, session, gaps_in(handover_id))
    return Page(as_gaps(session, handover_id, page.items), page.total, page.next).map(_gap_json)


HANDLERS: list[Any] = [get_gaps]

"""What people looked for and did not find, and forgetting one's own searches."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.clock import now
from kb.gate.guards import allow, signed_in
from kb.gate.state import services_of
from kb.handovers.queries import get_handover
from kb.notes.models import Kind
from kb.pagination import paginate
from kb.search.gaps.queries import Gap, as_gaps, gaps_in
from kb.search.gaps.services import set_aside
from kb.search.gaps.texts import read
from kb.search.gaps.upkeep import clear_history, forget_search
from kb.web.forms import Form, read_form
from kb.web.handover_views import may_write_in, write_address
from kb.web.pages import go, page
from kb.web.remarks import language_of
from kb.web.sessions import reader_of, typed

MOST_TITLE = 120  # characters of a search that become a note's title
MOST_WORD = 80  # characters of a word of the glossary
SEEN = [allow(Permission.GAPS_READ, "handover_id")]
FORM = {"form": Provide(read_form)}
Asked = Request[Any, Any, Any]


@get("/handovers/{handover_id:str}/gaps", guards=SEEN, sync_to_thread=True)
def show_gaps(
    request: Asked,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """The handover's gaps, what was looked for most often first."""
    services_of(request).searches.catch_up()
    found = paginate(session, gaps_in(handover_id), cursor=cursor)
    may_write = may_write_in(reader_of(request), handover_id)
    return page(
        request, "gaps/gaps.html", handover=get_handover(session, handover_id), facts=Facts(handover_id),
        gaps=[_row(gap, handover_id, may_write) for gap in as_gaps(session, handover_id, found.items)],
        total=found.total, next=found.next,
    )  # fmt: skip


def _row(gap: Gap, handover_id: str, may_write: bool) -> dict[str, Any]:
    title = gap.query[:MOST_TITLE]
    return {
        "gap": gap,
        "language": language_of(gap.query),
        "search_href": "/search?" + urlencode({"q": gap.query, "handover": handover_id}),
        "write_href": write_address(handover_id, Kind.CASE, title=title) if may_write else None,
        "same_href": _same_as(gap.query),
    }


def _same_as(text: str) -> str | None:
    """Where the glossary is told what means the same, if that is a word or two."""
    said = read(text)
    if said is None or not said.short or len(text) > MOST_WORD:
        return None
    return "/glossary?" + urlencode({"term": text, "synonyms": ""})


@post("/handovers/{handover_id:str}/gaps", guards=SEEN, dependencies=FORM, sync_to_thread=True)
def set_gap_aside(
    request: Asked,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[None]:
    """Take one gap off the list."""
    set_aside(session, reader_of(request), handover_id, typed(form, "gap"), now())
    return go(request, f"/handovers/{handover_id}/gaps")


@post("/search/forget", guards=[signed_in], dependencies=FORM, sync_to_thread=True)
def forget_searches(
    request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]
) -> Response[None]:
    """Forget one's own searches: one of them if it is named, else all."""
    services_of(request).searches.catch_up()
    if "search" in form:
        forget_search(session, reader_of(request), typed(form, "search"))
    else:
        clear_history(session, reader_of(request))
    return go(request, "/search", flash="removed")


@get("/search/forget", guards=[signed_in], sync_to_thread=True)
def back_to_search(request: Asked) -> Response[None]:
    """Where a form that was refused leads back to."""
    return go(request, "/search")


HANDLERS: list[Any] = [show_gaps, set_gap_aside, forget_searches, back_to_search]

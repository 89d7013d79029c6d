"""The search page, its live results, and what is offered while typing in the header."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from sqlalchemy import func
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.errors import Invalid
from kb.gate.guards import signed_in
from kb.gate.state import services_of
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import my_handovers
from kb.i18n import _
from kb.notes.models import Note
from kb.notes.queries import changed_lately, visible_notes
from kb.search.interface import FACETS
from kb.search.service import MOST_OFFSET, Answer, SearchRequest, search, search_request
from kb.search.suggesting import suggest
from kb.web.pages import is_fragment, page
from kb.web.remarks import language_of
from kb.web.search_links import Links, chosen_filters, facet_groups, periods
from kb.web.sessions import reader_of

FILTERS = (*FACETS, "item", "updated_after")
RECENT = 8
OFFERED = 8  # suggestions, and a last one that leads to all results
MOST_SHOWN = 40  # characters of what was typed, in that last one
ASKED = 3  # handovers offered when nothing was found


def parameters_of(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The parameters of a search that say something."""
    names = ("q", *FILTERS, "limit", "offset")
    found = {name: request.query_params.get(name, "") for name in names}
    return {name: value for name, value in found.items() if value.strip()}


@get("/search", guards=[signed_in], sync_to_thread=True)
def search_page(request: Request[Any, Any, Any], session: NamedDependency[Session]) -> Response[str]:
    """Results under the caller's rights; without a question how to ask and what is new."""
    identity = reader_of(request)
    sent = parameters_of(request)
    if not sent.keys() - {"limit", "offset"}:
        recent = session.scalars(changed_lately(identity).limit(RECENT)).all()
        return _page(request, sent, recent=recent)
    try:
        wanted = search_request(sent)
    except Invalid as error:
        return _page(request, sent, status=422, errors=[one.message for one in error.errors])
    wanted = replace(wanted, typing=is_fragment(request))
    answer = search(session, services_of(request).index, identity, wanted)
    return _page(request, sent, **_answered(session, identity, sent, wanted, answer))


def _answered(
    session: Session, identity: Identity, sent: dict[str, str], wanted: SearchRequest, answer: Answer
) -> dict[str, Any]:
    """What the templates show of an answer."""
    links = Links(sent)
    after = wanted.offset + wanted.limit
    more = after < min(answer.total, MOST_OFFSET + 1) and not answer.degraded
    return {
        "answer": answer,
        "facets": facet_groups(answer, links),
        "periods": periods(links),
        "chosen": chosen_filters(session, identity, answer, links),
        "first": wanted.offset + 1,
        "last": wanted.offset + len(answer.hits),
        "prev_href": links.at(max(0, wanted.offset - wanted.limit)) if wanted.offset else None,
        "next_href": links.at(after) if more else None,
        "first_href": links.at(0),
        "clear_href": links.without_filters(),
        "ask": _who_might_know(session, identity, sent) if answer.total == 0 else [],
    }


def _page(
    request: Request[Any, Any, Any], sent: dict[str, str], *, status: int = 200, **context: Any
) -> Response[str]:
    template = "search/_results.html" if is_fragment(request) else "search/search.html"
    blank: dict[str, Any] = {
        "answer": None, "errors": [], "recent": [], "facts_of": _facts_of, "language_of": language_of
    }  # fmt: skip
    kept = {name: sent[name] for name in FILTERS if name in sent}
    shown = {**blank, "filters": kept, "q": sent.get("q", ""), **context}
    return page(request, template, status=status, **shown)


def _facts_of(handover: Handover) -> Facts:
    return Facts(handover.id)


def _who_might_know(session: Session, identity: Identity, sent: dict[str, str]) -> list[Any]:
    """The handovers in which an answer could still be asked for and written down, the liveliest first."""
    query = my_handovers(identity).where(Handover.stage.not_in([Stage.CLOSED, Stage.CANCELLED]))
    if sent.get("handover") in identity.roles:
        query = query.where(Handover.id == sent["handover"])
    notes = (
        visible_notes(identity)
        .with_only_columns(Note.handover_id, func.max(Note.updated_at).label("last"))
        .group_by(Note.handover_id)
        .subquery()
    )
    lively = query.join(notes, notes.c.handover_id == Handover.id).order_by(None)
    lively = lively.order_by(notes.c.last.desc(), Handover.id)
    # Where nobody has written anything there is nobody to ask yet, unless there is nothing else.
    return list(session.scalars(lively.limit(ASKED))) or list(session.scalars(query.limit(ASKED)))


@get("/suggest", guards=[signed_in], sync_to_thread=True)
def suggest_list(request: Request[Any, Any, Any], session: NamedDependency[Session]) -> Response[str]:
    """Options for the box in the header."""
    identity = reader_of(request)
    typed = request.query_params.get("q", "").strip()
    found = suggest(session, services_of(request).index, identity, typed, OFFERED)
    items = [{"label": one.label, "url": one.url, "type": one.type, "hint": one.context} for one in found]
    if typed:
        shown = typed if len(typed) <= MOST_SHOWN else typed[:MOST_SHOWN] + "…"
        label = _("Search all text for “%(q)s”") % {"q": shown}
        items.append(
            {"label": label, "url": f"/search?{urlencode({'q': typed})}", "type": "search", "hint": ""}
        )
    return page(request, "search/_suggest.html", items=items)


HANDLERS: list[Any] = [search_page, suggest_list]

"""The search page, its live results, what is offered while typing, and the words marked in a note."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.clock import today
from kb.errors import Invalid
from kb.gate.guards import allow, signed_in
from kb.gate.state import services_of
from kb.handovers.models import Handover
from kb.i18n import _
from kb.notes.models import Note
from kb.notes.queries import changed_lately
from kb.notes.rendering import rendered
from kb.search.gaps.noting import note_search
from kb.search.gaps.queries import recent_searches
from kb.search.places import places
from kb.search.service import search_request
from kb.search.suggesting import suggest
from kb.search.typed_filters import ask
from kb.web.found_words import words_of
from kb.web.pages import is_fragment, page
from kb.web.remarks import language_of
from kb.web.search_links import FILTERS, Links
from kb.web.search_view import answered, numbers
from kb.web.sessions import reader_of

WAYS = ("sort", "expand")  # how a search is to be answered
RECENT, OWN = 8, 6  # notes changed lately, searches of one's own
OFFERED = 8  # suggestions, and a last one that leads to all results
MOST_SHOWN = 40  # characters of what was typed, in that last one
Asked = Request[Any, Any, Any]


def parameters_of(request: Asked) -> dict[str, str]:
    """The parameters of a search that say something."""
    names = ("q", *FILTERS, *WAYS, "limit", "offset", "at")
    found = {name: request.query_params.get(name, "") for name in names}
    return {name: value for name, value in found.items() if value.strip()}


@get("/search", guards=[signed_in], sync_to_thread=True)
def search_page(request: Asked, session: NamedDependency[Session]) -> Response[str]:
    """Results under the caller's rights; without a question how to ask and what is new."""
    identity = reader_of(request)
    sent = parameters_of(request)
    if not sent.keys() - {*WAYS, "limit", "offset", "at"}:
        return _start(request, session, identity, sent)
    try:
        wanted = search_request(sent)
    except Invalid as error:
        errors = [one.message for one in error.errors]
        return _page(request, sent, status=422, errors=errors, clear_href=Links(sent).without_filters())
    wanted = replace(wanted, typing=is_fragment(request))
    asked = ask(session, services_of(request).index, identity, wanted)
    note_search(services_of(request).searches, identity, asked.kept, asked.answer)
    day = today(services_of(request).settings.time_zone)
    return _page(request, sent, **answered(session, identity, sent, asked, day))


def _start(request: Asked, session: Session, identity: Identity, sent: dict[str, str]) -> Response[str]:
    """Before anything is asked: what one looked for last, what is new, how to ask."""
    services_of(request).searches.catch_up()
    own = recent_searches(session, identity, OWN)
    recent = session.scalars(changed_lately(identity).limit(RECENT)).all()
    return _page(request, sent, own=own, recent=recent)


def _page(request: Asked, sent: dict[str, str], *, status: int = 200, **context: Any) -> Response[str]:
    template = "search/_results.html" if is_fragment(request) else "search/search.html"
    blank: dict[str, Any] = {
        "answer": None, "errors": [], "own": [], "recent": [], "facts_of": _facts_of, "language_of": language_of
    }  # fmt: skip
    kept = {name: sent[name] for name in (*FILTERS, *WAYS) if name in sent}
    shown = {**blank, "kept": kept, "q": sent.get("q", ""), **context}
    return page(request, template, status=status, **shown)


def _facts_of(handover: Handover) -> Facts:
    return Facts(handover.id)


@get("/notes/{note_id:str}/found", guards=[allow(Permission.NOTE_READ, "note_id")], sync_to_thread=True)
def words_in_note(request: Asked, session: NamedDependency[Session], note_id: FromPath[str]) -> Response[str]:
    """Where in a note's text the words of a search stand, for the script that marks them on its page."""
    body, sha = session.execute(select(Note.body, Note.body_sha256).where(Note.id == note_id)).one()
    words = words_of(request.query_params)
    found = places(rendered(session, body, sha).text, words) if words else []
    return page(request, "search/_found.html", places=numbers(found), count=len(found))


@get("/suggest", guards=[signed_in], sync_to_thread=True)
def suggest_list(request: Asked, session: NamedDependency[Session]) -> Response[str]:
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


HANDLERS: list[Any] = [search_page, words_in_note, suggest_list]

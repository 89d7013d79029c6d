"""Search and typing ahead, with the caller's rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from sqlalchemy.orm import Session

from kb.api.calls import ApiRequest, Parameter, call
from kb.api.people import caller
from kb.api.search_shapes import (
    FacetEntryAnswer,
    HitAnswer,
    HitHandover,
    HitTrust,
    SearchAnswer,
    SuggestAnswer,
    SuggestionAnswer,
)
from kb.gate.guards import signed_in
from kb.gate.state import services_of
from kb.search.changes import NOTE
from kb.search.found import Found
from kb.search.gaps.noting import note_search
from kb.search.service import Answer, search_request
from kb.search.suggesting import suggest
from kb.search.trust import UNKNOWN, Trust, trust
from kb.search.typed_filters import ask

_OWN_PARENT = frozenset({"annotation", "attachment"})  # a note's own hit names the note by its id already
PARAMETERS = (
    Parameter(
        "q", 'What to search for: words, "phrases", -word, in:title, and every filter below, as kind:case.'
    ),
    Parameter("handover", "Only in this handover, by id."),
    Parameter("kind", "Only of this kind: procedure, pitfall, case."),
    Parameter("module", "Only in this module, by title."),
    Parameter("item", "Only about this checklist item, by id."),
    Parameter("tag", "Only with this tag."),
    Parameter("type", "Only of this type: note, annotation, item."),
    Parameter("author", "Only by this person, by e-mail address."),
    Parameter("importance", "Only of this importance: critical, high, normal, low."),
    Parameter("updated_after", "Only what was changed after this moment, ISO 8601."),
    Parameter("sort", "In which order: best (the default) or newest."),
    Parameter("expand", "0 to search only for what q says, not for other words for the same.", "integer"),
    Parameter(
        "at", "For further pages of a list: `at` of its first page, so that none is missed.", "integer"
    ),
    Parameter("limit", "How many hits at most, 1 to 100; 20 when not given.", "integer"),
    Parameter("offset", "How many hits to leave out, at most 10,000.", "integer"),
)


def _hit_json(found: Found, known: Mapping[str, Trust]) -> HitAnswer:
    """What is always there, then what there is to say of a thing of this type."""
    hit = HitAnswer(
        type=found.type,
        id=found.id,
        title=found.title,
        url=found.url,
        snippet=found.snippet,
        score=found.score,
        handover=HitHandover(id=found.handover_id, title=found.handover_title),
        updated_at=found.updated_at.isoformat(),
    )
    more = {
        "note_id": found.note_id if found.type in _OWN_PARENT else None,
        "section": found.section,
        "path": list(found.path) or None,
        "kind": found.kind,
        "importance": found.importance,
        "state": found.state,
        "status": found.status,
        "author_name": found.author,
        "trust": _trust_json(known.get(found.id, UNKNOWN)) if found.type == NOTE else None,
    }
    hit.update({name: value for name, value in more.items() if value is not None})  # type: ignore[typeddict-item]
    return hit


def _trust_json(known: Trust) -> HitTrust:
    return HitTrust(
        items=known.items, accepted=known.accepted, practised=known.practised,
        corrections=known.corrections, questions=known.questions,
    )  # fmt: skip


def answer_json(session: Session, answer: Answer) -> SearchAnswer:
    """An answer as the API and the command line give it."""
    known = trust(session, [hit.id for hit in answer.hits if hit.type == NOTE])
    facets = {
        name: [FacetEntryAnswer(value=one.value, label=one.label, count=one.count) for one in entries]
        for name, entries in answer.facets.items()
    }
    return SearchAnswer(
        query=answer.query,
        total=answer.total,
        took_ms=answer.took_ms,
        hits=[_hit_json(hit, known) for hit in answer.hits],
        facets=facets,
        suggestion=answer.suggestion,
        expanded=list(answer.expanded),
        missing=list(answer.missing),
        at=answer.at,
        degraded=answer.degraded,
    )


@get("/search", guards=[signed_in], **call(SearchAnswer, parameters=PARAMETERS))
def get_search(request: ApiRequest, session: NamedDependency[Session]) -> SearchAnswer:
    """Search everything one may read; `q` may be empty when a filter is given."""
    wanted = search_request(request.query_params)
    asked = ask(session, services_of(request).index, caller(request), wanted)
    note_search(services_of(request).searches, caller(request), asked.kept, asked.answer)
    return answer_json(session, asked.answer)


@get("/suggest", guards=[signed_in], **call(SuggestAnswer, parameters=(PARAMETERS[0],)))
def get_suggest(request: ApiRequest, session: NamedDependency[Session]) -> SuggestAnswer:
    """Titles, headings and tags that fit what was typed so far, then passages that hold it; 10 at most."""
    typed = request.query_params.get("q", "")
    found = suggest(session, services_of(request).index, caller(request), typed)
    return SuggestAnswer(
        items=[SuggestionAnswer(label=one.label, url=one.url, type=one.type) for one in found]
    )


HANDLERS: list[Any] = [get_search, get_suggest]

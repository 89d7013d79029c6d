"""What the templates of search show: the hits as lines, the ways on from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote_plus, urlencode

from sqlalchemy import func
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import my_handovers
from kb.i18n import current_locale
from kb.notes.models import Note
from kb.notes.queries import visible_notes
from kb.search.changes import ANNOTATION, NOTE, REGISTER
from kb.search.found import Found
from kb.search.gaps.services import SEARCHERS
from kb.search.gaps.texts import read
from kb.search.interface import Sort
from kb.search.language import parse
from kb.search.service import MOST_OFFSET, Answer, SearchRequest
from kb.search.trust import UNKNOWN, Trust, trust
from kb.search.typed_filters import Asked
from kb.web.found_words import MOST_ALSO
from kb.web.remarks import RESOLVED, language_of
from kb.web.search_chosen import chosen_filters
from kb.web.search_links import Links, facet_groups, periods, untyped

ASKED = 3  # handovers offered when nothing was found
_OF_KINDS = (NOTE, ANNOTATION, REGISTER)  # the types that are of a kind


@dataclass(frozen=True, slots=True)
class Row:
    """A hit as a line; the languages are empty where the page's own is right."""

    hit: Found
    href: str
    badge: str  # what it is: a kind of note, a kind of remark, or the type of anything else
    trust: Trust
    overdue: bool  # the day by which it was to be checked is past
    title_lang: str
    snippet_lang: str


def rows(session: Session, answer: Answer, day: date) -> list[Row]:
    """The hits of a page of results with what is known of their notes; their links take the words along."""
    known = trust(session, [hit.id for hit in answer.hits if hit.type == NOTE])
    said = _said(answer)
    here = current_locale()
    return [
        Row(
            hit, with_words(hit, said), hit.kind if hit.kind and hit.type in _OF_KINDS else hit.type,
            about := known.get(hit.id, UNKNOWN) if hit.type == NOTE else UNKNOWN,
            about.check_by is not None and about.check_by < day,
            _other_language(hit.title, here), _other_language(hit.snippet, here),
        )
        for hit in answer.hits
    ]  # fmt: skip


def _other_language(text: str, here: str) -> str:
    """The language of a text where it is not the page's."""
    language = language_of(text)
    return "" if language == here else language


def _said(answer: Answer) -> str:
    """The words of a search as the query of a note's address."""
    if not answer.query.strip():
        return ""
    also = "".join(f"&also={quote_plus(word)}" for word in answer.expanded[:MOST_ALSO])
    return f"?q={quote_plus(answer.query)}{also}"


def with_words(hit: Found, said: str) -> str:
    """The address of a hit, with the words, so that they can be marked there."""
    path, sharp, anchor = hit.url.partition("#")
    if hit.type == ANNOTATION and hit.state == RESOLVED:  # not among those shown at first
        said += f"{'&' if said else '?'}resolved=1"
    return f"{path}{said}{sharp}{anchor}"


def answered(
    session: Session,
    identity: Identity,
    sent: dict[str, str],
    asked: Asked,
    day: date,
) -> dict[str, Any]:
    """What the templates show of an answer."""
    links, wanted, answer = Links(sent), asked.wanted, asked.answer
    after = wanted.offset + wanted.limit
    more = after < min(answer.total, MOST_OFFSET + 1) and not answer.degraded
    return {
        "answer": answer,
        "rows": rows(session, answer, day),
        "facets": facet_groups(asked, links) if answer.total else [],
        "periods": periods(links, answer.changed) if answer.total else [],
        "chosen": chosen_filters(session, identity, asked, links),
        "first": wanted.offset + 1,
        "last": wanted.offset + len(answer.hits),
        "prev_href": links.at(max(0, wanted.offset - wanted.limit), answer.at) if wanted.offset else None,
        "next_href": links.at(after, answer.at) if more else None,
        "first_href": links.without(),
        "clear_href": links.typed(untyped(asked)).without_filters(),
        "moved": None not in (wanted.at, answer.at) and answer.at != wanted.at,
        **_ways(links, wanted, answer),
        "about": untyped(asked),
        "only_leaves_out": not answer.total and _only_leaves_out(asked),
        **(
            _nowhere(session, identity, asked, day)
            if not answer.total or answer.missing or answer.guessed
            else {}
        ),
    }


def _ways(links: Links, wanted: SearchRequest, answer: Answer) -> dict[str, Any]:
    """The same search in another order, with other words, without those that were added."""
    return {
        "newest": wanted.sort == Sort.NEWEST,
        "best_href": links.without("sort"),
        "newest_href": links.having("sort", Sort.NEWEST),
        "meant_href": links.having("q", answer.suggestion) if answer.suggestion else "",
        "as_typed": not wanted.expand,
        "as_typed_href": links.having("expand", "0"),
        "widened_href": links.without("expand"),
    }


def _only_leaves_out(asked: Asked) -> bool:
    """Whether only what must not be there was said."""
    query = parse(asked.narrowed.text)
    negated = query.unwanted or any(field.negated for field in query.fields)
    return bool(negated) and not query.wanted and not query.lists_all


def _nowhere(session: Session, identity: Identity, asked: Asked, day: date) -> dict[str, Any]:
    """Where to go when nothing was found, or not all of it: who may know, and that they hear of it."""
    might_know = _who_might_know(session, identity, asked.filters.handover)
    typed = untyped(asked)
    return {
        "ask": [(handover, (handover.last_day - day).days) for handover in might_know],
        "is_kept": (not asked.answer.total or asked.answer.missed) and _is_kept(identity, asked.kept),
        "title_query": urlencode({"kind": "case", **({"title": typed[:120]} if typed else {})}),
    }


def _is_kept(identity: Identity, kept: SearchRequest) -> bool:
    """Whether a search that found nothing becomes a gap somebody sees; see kb.search.gaps."""
    said, filters = read(kept.text), kept.filters
    if said is None or not said.plain or filters.updated_after or filters.active().keys() - {"handover"}:
        return False
    if filters.handover:
        return filters.handover in identity.roles
    return bool(identity.handovers_as(*SEARCHERS))


def _who_might_know(session: Session, identity: Identity, chosen: str | None) -> list[Handover]:
    """The handovers in which an answer could still be asked for and written down, the liveliest first."""
    query = my_handovers(identity).where(Handover.stage.not_in([Stage.CLOSED, Stage.CANCELLED]))
    if chosen in identity.roles:
        query = query.where(Handover.id == chosen)
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


def numbers(found: Iterable[tuple[int, int]]) -> str:
    """Places as a script reads them: start and end, by turns."""
    return " ".join(f"{start} {end}" for start, end in found)

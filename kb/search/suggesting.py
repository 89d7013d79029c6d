"""What is offered while somebody types: titles, headings, passages, tags, people, one's own searches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.search.analysis import fold_value
from kb.search.changes import ITEM, NOTE, REGISTER
from kb.search.fallback import search_database
from kb.search.found import Found, show
from kb.search.interface import Filters, Hit, IndexUnavailable
from kb.search.language import parse
from kb.search.live import LiveIndex
from kb.search.offers import Suggestion, people, recent, tags
from kb.search.pinyin import split
from kb.search.query import Query
from kb.search.reading import View
from kb.search.rows import entry_rows, item_rows, note_rows
from kb.search.service import scopes_of, unfinished
from kb.search.sounding import begins_so, first_characters
from kb.search.spelling import suggest as correction
from kb.search.spelling.readings import read
from kb.search.spelling.scope import Scope
from kb.search.waiting import hidden

MOST_TYPED = 100  # characters looked at
ENOUGH = 6  # titles; with fewer, passages fill up
MOST_READINGS = 2  # Chinese titles by their pinyin
MOST_BEGINNINGS = 4  # characters such a title may begin with, the most frequent
MOST_ALIKE = 2  # headings with the same words
BEGINS = 1.0  # what a title is worth that begins as typed
HEADING = "heading"
_FOLDERS = {NOTE: "notes", ITEM: "items", REGISTER: "register"}


@dataclass(frozen=True)
class _Hits:
    titles: tuple[Hit, ...] = ()
    passages: tuple[Hit, ...] = ()
    tags: tuple[Suggestion, ...] = ()
    half: frozenset[str] = frozenset()  # titles that begin with a character that sounds so
    meant: str | None = None  # what was probably meant, where titles are found by that


def suggest(
    session: Session, live: LiveIndex, identity: Identity, text: str, limit: int = 10
) -> list[Suggestion]:
    """Titles that fit what stands in the box, people, headings, passages, tags, former searches."""
    typed = text.replace("\0", " ").strip()[:MOST_TYPED]
    folded = fold_value(typed)
    if not folded:
        return []
    query = parse(unfinished(typed))
    hits = _hits(session, live, identity, typed, query, limit)
    named = list(people(session, identity, folded))
    behind = [*hits.tags, *recent(session, identity, folded)]
    titles, headings = _titles(session, identity, hits, fold_value(hits.meant or typed))
    known = {hit.id for hit in hits.titles}
    room = ENOUGH - len(titles) - len(headings)
    more = [hit for hit in hits.passages if hit.id not in known][: max(0, room)]
    within = [*headings, *(_passage(one) for one in show(session, identity, more, query))]
    # Titles come first, but leave room for what is of another kind.
    most = max(limit - len(named) - len(behind), limit // 2)
    titles = titles[:most]
    return [*titles, *named, *within[: most - len(titles)], *behind][:limit]


def _hits(
    session: Session, live: LiveIndex, identity: Identity, typed: str, query: Query, limit: int
) -> _Hits:
    """Hits by title, and by text where those are few; from the database while there is no index."""
    try:
        view, scopes = live.view(), scopes_of(identity)
        without = hidden(session, identity, view)
        titles = view.suggest(typed, scopes, limit, without)
        half: frozenset[str] = frozenset()
        if len(titles) < ENOUGH:
            titles += tuple(_by_sound(view, typed, scopes, without, limit - len(titles)))
            beginning = tuple(_by_half(view, typed, scopes, without, {hit.id for hit in titles}))
            half = frozenset(hit.id for hit in beginning)
            titles += beginning
        tagged = tuple(tags(view, fold_value(typed), scopes, without))
        if len(titles) >= ENOUGH:
            return _Hits(titles, tags=tagged, half=half)
        passages = view.search(query, scopes, Filters(), ENOUGH + len(titles), 0, without).hits
        if not titles and not passages and (meant := correction(parse(typed), view.lexicon(scopes, without))):
            return _Hits(view.suggest(meant, scopes, limit, without), tags=tagged, meant=meant)
        return _Hits(titles, passages, tagged, half)
    except IndexUnavailable:
        return _Hits(passages=search_database(session, identity, query, Filters(), ENOUGH, 0).hits)


def _by_half(
    view: View, typed: str, scopes: frozenset[str], without: frozenset[str], known: set[str]
) -> Iterator[Hit]:
    """Titles with a first character that is pronounced as what was typed begins."""
    possible = first_characters(fold_value(typed))
    if not possible:
        return
    lexicon = view.lexicon(scopes, without)
    counted = [(lexicon.count(char), char) for char in possible]
    for count, char in sorted(counted, reverse=True)[:MOST_BEGINNINGS]:
        if count:
            for hit in view.suggest(char, scopes, ENOUGH, without):
                if hit.score >= BEGINS and hit.id not in known:
                    known.add(hit.id)
                    yield hit


def _by_sound(
    view: View, typed: str, scopes: frozenset[str], without: frozenset[str], limit: int
) -> Iterator[Hit]:
    """Titles with Chinese that is pronounced as what was typed."""
    letters = fold_value(typed).replace(" ", "'")
    if not letters.isascii() or len(next(iter(split(letters)), ())) < 2:
        return
    seen: set[str] = set()
    for run in read(letters, Scope(view.lexicon(scopes, without)), MOST_READINGS):
        for hit in view.suggest(run, scopes, limit, without):
            if hit.id not in seen:
                seen.add(hit.id)
                yield hit


def _titles(
    session: Session, identity: Identity, hits: _Hits, folded: str
) -> tuple[list[Suggestion], list[Suggestion]]:
    """The things themselves, and the headings where those are what fits; of the same heading only few."""
    rows = {NOTE: note_rows, ITEM: item_rows, REGISTER: entry_rows}
    ids = {kind: [hit.id.partition(":")[2] for hit in hits.titles if hit.type == kind] for kind in rows}
    loaded = {f"{kind}:{row.id}": row for kind in rows for row in rows[kind](session, identity, ids[kind])}
    words = folded.split()
    titles: list[Suggestion] = []
    headings: list[Suggestion] = []
    alike: Counter[str] = Counter()
    for hit in hits.titles:
        row = loaded.get(hit.id)
        if row is None or (hit.id in hits.half and not begins_so(row.title, folded)):
            continue
        one = _title(row, hit.type, words)
        if one.type != HEADING:
            titles.append(one)
        elif alike[fold_value(one.label)] < MOST_ALIKE:
            alike[fold_value(one.label)] += 1
            headings.append(one)
    return titles, headings


def _title(row: Any, kind: str, words: list[str]) -> Suggestion:
    if kind == NOTE and not all(word in fold_value(row.title) for word in words):
        for heading in row.outline or ():
            if all(word in fold_value(heading["text"]) for word in words):
                return Suggestion(heading["text"], f"/notes/{row.id}#{heading['anchor']}", HEADING, row.title)
    return Suggestion(row.title, f"/{_FOLDERS[kind]}/{row.id}", kind, row.handover_title)


def _passage(one: Found) -> Suggestion:
    return Suggestion(one.title, one.url, one.type, one.section or one.handover_title)

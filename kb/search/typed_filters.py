"""Typed filters as the filters that a click on a facet sets, so that lists, counts and addresses agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.checklists.models import Item, Module
from kb.handovers.models import Handover
from kb.people.models import User
from kb.search.analysis import fold_value
from kb.search.fields import UPDATED
from kb.search.interface import Filters, IndexUnavailable
from kb.search.language import TypedField, typed_fields
from kb.search.live import LiveIndex
from kb.search.offers import tags_in_sight
from kb.search.service import Answer, SearchRequest, scopes_of, search
from kb.search.waiting import hidden

MOST_FITTING = 8  # handovers or items one typed title may stand for
MOST_TITLES = 2000  # looked at for it
_BY_ID = frozenset({"handover", "item"})
_NAMED = frozenset({"handover", "item", "updated_after"})
_FILTERS = [field.name for field in fields(Filters)]


@dataclass(frozen=True)
class _Reader:
    session: Session
    live: LiveIndex
    identity: Identity

    @property
    def handovers(self) -> list[str]:
        return list(self.identity.handovers_as())


@dataclass(frozen=True)
class Asked:
    """An answered search: `wanted` as it was sent, `narrowed` as it was asked of the index."""

    answer: Answer
    wanted: SearchRequest
    narrowed: SearchRequest

    @property
    def filters(self) -> Filters:
        """The filters in force, typed or chosen."""
        return self.narrowed.filters

    @property
    def kept(self) -> SearchRequest:
        """What is kept of it: as it was typed, but for filters that are text to whoever reads it later."""
        changed = {
            name for name in _FILTERS if getattr(self.filters, name) != getattr(self.wanted.filters, name)
        }
        return self.narrowed if changed <= _NAMED else self.wanted

    @property
    def typed(self) -> list[TypedField]:
        """The filters that were typed and understood, in order."""
        text = self.wanted.text
        return [
            one
            for one in typed_fields(text)
            if one.term or text[one.start : one.end] not in self.narrowed.text
        ]


def ask(session: Session, live: LiveIndex, identity: Identity, request: SearchRequest) -> Asked:
    """Answer a search whose typed filters have become filters; what is said of it is said of what was typed."""
    asked = narrowed(session, live, identity, request)
    answer = search(session, live, identity, asked)
    if asked is not request:
        suggestion = answer.suggestion and _with_filters(request.text, answer.suggestion)
        answer = replace(answer, query=request.text, suggestion=suggestion)
    return Asked(answer, request, asked)


def narrowed(session: Session, live: LiveIndex, identity: Identity, request: SearchRequest) -> SearchRequest:
    """The request with its typed filters as filters; negated and several of one name stay typed."""
    typed = list(typed_fields(request.text))
    if not typed:
        return request
    reader = _Reader(session, live, identity)
    meant = [(one, _values(reader, one)) for one in typed]
    filters = request.filters
    changes: list[tuple[TypedField, str]] = []
    for name in dict.fromkeys(one.name for one, _ in meant):
        wanted = [(one, values) for one, values in meant if one.name == name and not one.negated]
        values = {value for _, fitting in wanted for value in fitting}
        if name == UPDATED and values:
            days = [datetime.fromisoformat(value).replace(tzinfo=UTC) for value in values]
            filters = replace(filters, updated_after=max(filter(None, [*days, filters.updated_after])))
        elif len(values) == 1 and all(fitting for _, fitting in wanted) and getattr(filters, name) is None:
            chosen: dict[str, Any] = {name: values.pop()}
            filters = replace(filters, **chosen)
        else:
            continue
        changes += [(one, "") for one, _ in wanted if one.name != UPDATED or one.term]
    done = {one.start for one, _ in changes}
    changes += [
        (one, _by_id(one, values))
        for one, values in meant
        if one.name in _BY_ID and values and one.start not in done
    ]
    return replace(request, text=_changed(request.text, changes), filters=filters) if changes else request


def without(text: str, fields: Iterable[TypedField]) -> str:
    """What was typed, less some of its filters."""
    return _changed(text, [(field, "") for field in fields])


def _with_filters(text: str, suggestion: str) -> str:
    """A better wording with the filters that were typed, which it does not hold: before it, or behind it."""
    ahead: list[str] = []
    behind: list[str] = []
    done = 0
    for one in typed_fields(text):
        typed = text[one.start : one.end]
        if typed not in suggestion:
            (behind if behind or text[done : one.start].strip() else ahead).append(typed)
        if not behind and not text[done : one.start].strip():
            done = one.end
    return " ".join([*ahead, suggestion, *behind])


def _by_id(field: TypedField, ids: Iterable[str]) -> str:
    return " ".join(f"{'-' * field.negated}{field.name}:{one}" for one in ids)


def _changed(text: str, changes: Iterable[tuple[TypedField, str]]) -> str:
    for field, instead in sorted(changes, key=lambda change: -change[0].start):
        before, after = text[: field.start], text[field.end :]
        text = f"{before}{instead}{after}" if instead else f"{before.rstrip()} {after.lstrip()}".strip()
    return text


def _values(reader: _Reader, field: TypedField) -> Sequence[str]:
    """The values of the facet a typed one stands for; none where it must stay as it is."""
    if field.name in _LOOKED_UP:
        return _LOOKED_UP[field.name](reader, field.raw)
    return (field.term.value,) if field.term else ()


def _tags(reader: _Reader, raw: str) -> Sequence[str]:
    try:
        view = reader.live.view()
        scopes, gone = scopes_of(reader.identity), hidden(reader.session, reader.identity, view)
        wanted = fold_value(raw)
        return [tag for folded, tag, _ in tags_in_sight(view, scopes, gone) if folded == wanted]
    except IndexUnavailable:
        return ()


def _authors(reader: _Reader, raw: str) -> Sequence[str]:
    named = or_(User.name.icontains(raw, autoescape=True), User.email.icontains(raw, autoescape=True))
    return reader.session.scalars(select(User.email).where(named).limit(MOST_FITTING)).all()


def _modules(reader: _Reader, raw: str) -> Sequence[str]:
    titles = reader.session.scalars(
        select(Module.title).where(Module.handover_id.in_(reader.handovers)).distinct().limit(MOST_TITLES)
    )
    return _fitting([(title, title) for title in titles], raw)


def handovers_called(session: Session, identity: Identity, called: str) -> Sequence[str]:
    """The ids of the caller's handovers with this id or title; where there is none, with it in their titles."""
    if called in identity.roles:
        return (called,)
    query = select(Handover.id, Handover.title).where(Handover.id.in_(list(identity.handovers_as())))
    return _fitting([(one, title) for one, title in session.execute(query)], called)


def _items(reader: _Reader, raw: str) -> Sequence[str]:
    query = select(Item.id, Item.title).where(Item.handover_id.in_(reader.handovers))
    found = [(one, title) for one, title in reader.session.execute(query.limit(MOST_TITLES))]
    return (raw,) if raw in dict(found) else _fitting(found, raw)


def _fitting(named: Iterable[tuple[str, str]], raw: str) -> list[str]:
    """What is called so; where nothing is, what is called so in part."""
    wanted = fold_value(raw)
    folded = [(one, fold_value(title)) for one, title in named]
    same = [one for one, title in folded if title == wanted]
    return (same or [one for one, title in folded if wanted in title])[:MOST_FITTING]


_LOOKED_UP: dict[str, Callable[[_Reader, str], Sequence[str]]] = {
    "tag": _tags,
    "author": _authors,
    "module": _modules,
    "handover": lambda reader, raw: handovers_called(reader.session, reader.identity, raw),
    "item": _items,
}

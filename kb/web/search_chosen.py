"""The filters that are on, chosen or typed, each with the way to take it off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.checklists.queries import item_title
from kb.handovers.models import Handover
from kb.search.fields import UPDATED
from kb.search.language import TypedField
from kb.search.typed_filters import Asked, without
from kb.web.search_links import ENTRIES, FILTERS, MARKS, Links


@dataclass(frozen=True)
class Chosen:
    """A filter that is on; templates know better words than `label` where the value is one of the domain."""

    name: str
    value: str
    label: str
    href: str
    negated: bool = False


def chosen_filters(session: Session, identity: Identity, asked: Asked, links: Links) -> list[Chosen]:
    """Every filter that is on, by the name people know; one they may not read is shown as it was typed."""
    chosen = []
    for name in FILTERS:
        value = links.sent.get(name)
        if value is not None:
            label = _label(session, identity, asked, name, value) or value
            chosen.append(Chosen(_shown(name, value), value, label, links.without(name)))
    return [*chosen, *_typed(session, identity, asked, links)]


def _typed(session: Session, identity: Identity, asked: Asked, links: Links) -> Iterator[Chosen]:
    for one in asked.typed:
        name = "updated_after" if one.name == UPDATED else one.name
        value = _value(asked, one, name)
        label = (not one.negated and _label(session, identity, asked, name, value)) or one.raw
        if name == "updated_after":
            label = value
        href = links.typed(without(asked.wanted.text, [one])).without()
        yield Chosen(_shown(name, value), value, label, href, one.negated)


def _value(asked: Asked, one: TypedField, name: str) -> str:
    """The filter's value where the typed one became a filter; else as it was read."""
    in_force = getattr(asked.filters, name)
    if not one.negated and isinstance(in_force, str) and getattr(asked.wanted.filters, name) is None:
        return in_force
    return one.term.value if one.term else one.raw


def _shown(name: str, value: str) -> str:
    """Kinds of notes, of remarks and of register entries are one filter with three names."""
    if name != "kind":
        return name
    return "mark" if value in MARKS else "entry" if value in ENTRIES else name


def _label(session: Session, identity: Identity, asked: Asked, name: str, value: str) -> str | None:
    """What people call a value, as far as it is in sight."""
    if name == "item":
        return item_title(session, identity, value)
    known = (facet.label for facet in asked.answer.facets.get(name, ()) if facet.value == value)
    label = next(known, None)
    if label is None and name == "handover" and value in identity.roles:  # nothing was found in it
        return session.scalar(select(Handover.title).where(Handover.id == value))
    return label

"""Facets as people read them: handovers by title, authors by name, words of the domain in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from kb.handovers.models import Handover
from kb.i18n import _, mark
from kb.people.models import User
from kb.search.interface import FACETS, Results

# Made once: facets are shown at every key pressed.
_TITLES = select(Handover.id, Handover.title).where(Handover.id.in_(bindparam("values", expanding=True)))
_NAMES = select(User.email, User.name).where(User.email.in_(bindparam("values", expanding=True)))
_LABELS = {"handover": _TITLES, "author": _NAMES}
_WORDS = {
    "kind": {
        "procedure": mark("Procedure"), "pitfall": mark("Pitfall"), "case": mark("Case"),
        "comment": mark("Comment"), "question": mark("Question"), "correction": mark("Correction"),
        "highlight": mark("Highlight"), "account": mark("Account"), "domain": mark("Domain"),
        "vendor": mark("Vendor"), "filing": mark("Filing"), "customer": mark("Customer"),
        "document": mark("Document"), "equipment": mark("Equipment"),
    },
    "type": {
        "note": mark("Note"), "item": mark("Checklist item"), "annotation": mark("Annotation"),
        "register": mark("Register entry"),
    },
    "importance": {
        "critical": mark("Critical"), "high": mark("High"), "normal": mark("Normal"), "low": mark("Low"),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Facet:
    """One value of a facet, as it is called, and how many hits have it."""

    value: str
    label: str
    count: int


def labelled(session: Session, results: Results) -> dict[str, tuple[Facet, ...]]:
    """The facets of results by the names people know."""
    found = {}
    for name in FACETS:
        entries = results.facets.get(name, ())
        labels: dict[str, str] = {}
        if entries and name in _LABELS:
            values = [entry.value for entry in entries]
            labels = dict(session.execute(_LABELS[name], {"values": values}).all())
        elif name in _WORDS:
            labels = {value: _(word) for value, word in _WORDS[name].items()}
        found[name] = tuple(
            [Facet(entry.value, labels.get(entry.value, entry.value), entry.count) for entry in entries]
        )
    return found

"""An edit put onto a note that was saved meanwhile: the three-way merge of its text and of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from kb.notes.merge import Merge, beside, merge
from kb.notes.models import Revision
from kb.notes.queries import get_revision

FIELDS = ("title", "kind", "purpose", "importance", "tags", "language", "items")


@dataclass(frozen=True)
class Fields:
    """The fields beside the text: as merged, and of those that both sides changed what the other side made of them."""

    merged: Mapping[str, Any]
    theirs: Mapping[str, Any]


def merge_onto(session: Session, note_id: str, base: int, newest: int, yours: str) -> Merge:
    """The edit `yours` of revision `base` merged with what revision `newest` says.

    Of a base that there never was nothing is known: every difference is a conflict then.
    """
    theirs = get_revision(session, note_id, newest).body
    if not 1 <= base <= newest:
        return beside(theirs, yours)
    return merge(get_revision(session, note_id, base).body, theirs, yours)


def merge_fields(base: Revision | None, newest: Revision, yours: Mapping[str, Any]) -> Fields:
    """What one side changed is taken; where both did, yours stays and theirs is told."""
    theirs, before = fields_of(newest), fields_of(base or newest)
    merged: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for name, mine in yours.items():
        if name not in theirs or mine == theirs[name]:
            continue
        if base is not None and mine == before[name]:
            merged[name] = theirs[name]
        elif base is None or theirs[name] != before[name]:
            told[name] = theirs[name]
    return Fields(merged, told)


def fields_of(revision: Revision) -> dict[str, Any]:
    """The fields of a revision that an editor shows."""
    return {name: revision.title if name == "title" else revision.facts.get(name) for name in FIELDS}

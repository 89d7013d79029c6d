"""Titles and tags of one handover that fit what is being typed, as written or by the beginning of their pinyin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.notes.models import Note
from kb.notes.queries import visible_notes
from kb.notes.titles import title_key
from kb.search.sounding import begins_so, first_characters

MOST = 10  # rows that are offered
MOST_TYPED = 60  # characters looked at
MOST_SOUNDING = 500  # titles that begin with a character that may be meant
MOST_TAGGED = 5_000  # notes whose tags are gathered, last changed first
_LINKABLE = re.compile(r"[^\[\]|\n^\\][^\[\]|\n\\]*")


@dataclass(frozen=True)
class Title:
    """A note to link to: what is shown, and what stands between [[ and ]]."""

    title: str
    kind: str
    status: str
    link: str


def complete_titles(
    session: Session, identity: Identity, handover_id: str, typed: str, but: str | None = None
) -> list[Title]:
    """At most MOST notes: those that begin as typed first, then last changed; `but`: a note not to be offered."""
    key = title_key(_bounded(typed))
    notes = visible_notes(identity).where(Note.handover_id == handover_id, Note.id != (but or ""))
    columns = (Note.id, Note.title, Note.title_key, Note.kind, Note.status)
    rows = notes.with_only_columns(*columns).order_by(*_order(key), Note.updated_at.desc(), Note.id)
    found = list(session.execute(rows.where(*_holds(key)).limit(MOST)))
    letters = key.replace(" ", "").replace("'", "")
    if len(found) < MOST and (possible := first_characters(letters)):
        sounding = rows.where(func.substr(Note.title_key, 1, 1).in_(list(possible))).limit(MOST_SOUNDING)
        known = {row.id for row in found}
        alike = [
            row
            for row in session.execute(sounding)
            if row.id not in known and begins_so(row.title_key, letters)
        ]
        found += alike[: MOST - len(found)]
    shared = _shared(session, identity, handover_id, [row.title_key for row in found])
    return [Title(row.title, row.kind, row.status, _link(row, shared)) for row in found]


def complete_tags(
    session: Session, identity: Identity, handover_id: str, typed: str
) -> list[tuple[str, int]]:
    """At most MOST (tag, number of notes): those that begin as typed first, the most used first."""
    key = title_key(_bounded(typed).lstrip("#"))
    notes = visible_notes(identity).where(Note.handover_id == handover_id)
    lists = session.scalars(
        notes.with_only_columns(Note.tags).order_by(Note.updated_at.desc(), Note.id).limit(MOST_TAGGED)
    )
    counted = Counter(tag for tags in lists for tag in tags or ())
    fitting = [
        (rank, -count, tag)
        for tag, count in counted.items()
        if (rank := _fits(title_key(tag), key)) is not None
    ]
    return [(tag, -count) for _rank, count, tag in sorted(fitting)[:MOST]]


def _bounded(typed: str) -> str:
    return typed.replace("\0", " ").strip()[:MOST_TYPED]


def _holds(key: str) -> list[ColumnElement[bool]]:
    """Every word of what was typed stands in the title."""
    return [Note.title_key.contains(word, autoescape=True) for word in key.split()]


def _order(key: str) -> list[ColumnElement[bool]]:
    return [Note.title_key.startswith(key, autoescape=True).desc()] if key else []


def _fits(tag: str, key: str) -> int | None:
    """How well a tag fits, 0 best; None: not at all."""
    if tag.startswith(key):
        return 0
    if key in tag and (len(key) > 1 or not key.isascii()):
        return 1
    letters = key.replace(" ", "").replace("'", "")
    return 2 if first_characters(letters) and begins_so(tag, letters) else None


def _shared(session: Session, identity: Identity, handover_id: str, keys: Iterable[str]) -> set[str]:
    """The titles among these that more than one note has."""
    notes = visible_notes(identity).where(Note.handover_id == handover_id, Note.title_key.in_(list(keys)))
    counted = notes.with_only_columns(Note.title_key).group_by(Note.title_key).having(func.count() > 1)
    return set(session.scalars(counted))


def _link(row: object, shared: set[str]) -> str:
    """The title where that names one note and can stand in a link, else the id and a label."""
    note_id, title, key = (getattr(row, name) for name in ("id", "title", "title_key"))
    if key not in shared and _LINKABLE.fullmatch(title):
        return str(title)
    label = " ".join(re.sub(r"[\[\]|\\]", " ", title).split())
    return f"{note_id}|{label}" if label else str(note_id)

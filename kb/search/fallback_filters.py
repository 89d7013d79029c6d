"""The filters of the index as the database can tell them, for each type; then how they are when typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, exists, false, select, true

from kb.annotations.models import Annotation
from kb.checklists.models import Item, Module
from kb.notes.models import Note, note_items
from kb.people.models import User
from kb.registers.models import Entry
from kb.search.changes import ANNOTATION, ITEM, NOTE, REGISTER

Condition = ColumnElement[bool]


def _nothing(_value: str) -> Condition:
    return false()


def _is(kind: str) -> Callable[[str], Condition]:
    return lambda value: true() if value == kind else false()


def _linked(*conditions: Condition) -> Condition:
    """The note is linked to an item of which this holds."""
    items = select(note_items.c.item_id).join(Item, Item.id == note_items.c.item_id).join(Item.module)
    return exists(items.where(note_items.c.note_id == Note.id, *conditions).correlate(Note))


def _belongs(condition: Condition) -> Condition:
    """The register entry belongs to an item in such a module."""
    return Entry.item_id.in_(select(Item.id).join(Item.module).where(condition))


def _people(value: str) -> Select[Any]:
    return select(User.id).where(User.email == value)


def _people_like(value: str) -> Select[Any]:
    return select(User.id).where(User.email.icontains(value, autoescape=True))


def _modules(value: str) -> Select[Any]:
    return select(Module.id).where(Module.title.icontains(value, autoescape=True))


_TAGS = cast(Note.tags, String)
_ABOUT_NOTE: dict[str, Callable[[str], Condition]] = {
    "handover": lambda value: Note.handover_id == value,
    "item": lambda value: _linked(Item.id == value),
    "module": lambda value: _linked(Module.title == value),
}
FILTERS: dict[str, dict[str, Callable[[str], Condition]]] = {
    NOTE: _ABOUT_NOTE | {
        "type": _is(NOTE),
        "kind": lambda value: Note.kind == value,
        "importance": lambda value: Note.importance == value,
        "author": lambda value: Note.author_id.in_(_people(value)),
        "tag": lambda value: _TAGS.contains(json.dumps(value), autoescape=True),
    },
    ITEM: {
        "type": _is(ITEM),
        "kind": _nothing,
        "tag": _nothing,
        "handover": lambda value: Item.handover_id == value,
        "importance": lambda value: Item.importance == value,
        "author": lambda value: Item.owner_id.in_(_people(value)),
        "item": lambda value: Item.id == value,
        "module": lambda value: Item.module_id.in_(select(Module.id).where(Module.title == value)),
    },
    ANNOTATION: _ABOUT_NOTE | {
        "type": _is(ANNOTATION),
        "kind": lambda value: Annotation.kind == value,
        "importance": _nothing,
        "tag": _nothing,
        "author": lambda value: Annotation.author_id.in_(_people(value)),
    },
    REGISTER: {
        "type": _is(REGISTER),
        "kind": lambda value: Entry.kind == value,
        "tag": _nothing,
        "handover": lambda value: Entry.handover_id == value,
        "importance": lambda value: Entry.importance == value,
        "author": lambda value: Entry.holder_id.in_(_people(value)),
        "item": lambda value: Entry.item_id == value,
        "module": lambda value: _belongs(Module.title == value),
    },
}  # fmt: skip
TYPED: dict[str, dict[str, Callable[[str], Condition]]] = {
    NOTE: FILTERS[NOTE] | {
        "module": lambda value: _linked(Module.title.icontains(value, autoescape=True)),
        "author": lambda value: Note.author_id.in_(_people_like(value)),
        "tag": lambda value: _TAGS.icontains(json.dumps(value), autoescape=True),
    },
    ITEM: FILTERS[ITEM] | {
        "module": lambda value: Item.module_id.in_(_modules(value)),
        "author": lambda value: Item.owner_id.in_(_people_like(value)),
    },
    ANNOTATION: FILTERS[ANNOTATION] | {
        "module": lambda value: _linked(Module.title.icontains(value, autoescape=True)),
        "author": lambda value: Annotation.author_id.in_(_people_like(value)),
    },
    REGISTER: FILTERS[REGISTER] | {
        "module": lambda value: _belongs(Module.title.icontains(value, autoescape=True)),
        "author": lambda value: Entry.holder_id.in_(_people_like(value)),
    },
}  # fmt: skip

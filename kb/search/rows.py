"""What a list of results shows of notes, items, entries and remarks, under the caller's rights.

Twenty hits are shown at every key pressed: one statement for each type, made once, of columns and not of objects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from kb.access.identity import Identity
from kb.annotations.models import Annotation, Reply
from kb.checklists.models import Item, Module
from kb.handovers.models import Handover
from kb.notes.models import Note, Rendering
from kb.notes.queries import VISIBLE, reader_values
from kb.notes.rendering import key_of
from kb.people.models import User
from kb.registers.models import Entry

_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_PLACE = (Handover.id.label("handover_id"), Handover.title.label("handover_title"))
_NOTES = (
    select(
        Note.id, Note.title, Note.kind, Note.importance, Note.status, Note.updated_at, Note.body_sha256,
        User.name.label("author"), *_PLACE, Rendering.text, Rendering.outline,
    )
    .join(Handover, Handover.id == Note.handover_id)
    .outerjoin(User, User.id == Note.author_id)
    .outerjoin(Rendering, Rendering.key == key_of(Note.body_sha256))
    .where(Note.id.in_(_IDS), VISIBLE)
)  # fmt: skip
_ITEMS = (
    select(
        Item.id, Item.title, Item.guidance, Item.importance, Item.state, Item.updated_at,
        Module.title.label("module"), User.name.label("owner"), *_PLACE,
    )
    .join(Handover, Handover.id == Item.handover_id)
    .join(Module, Module.id == Item.module_id)
    .outerjoin(User, User.id == Item.owner_id)
    .where(Item.id.in_(_IDS), Item.handover_id.concat("").in_(bindparam("member_of", expanding=True)))
)  # fmt: skip
_NEXT = aliased(User)
_ENTRIES = (
    select(
        Entry.id, Entry.name.label("title"), Entry.kind, Entry.remark, Entry.location, Entry.contact, Entry.vault_ref,
        Entry.importance, Entry.state, Entry.updated_at, func.coalesce(User.name, Entry.holder_name).label("holder"),
        func.coalesce(_NEXT.name, Entry.new_holder_name).label("new_holder"), *_PLACE,
    )
    .join(Handover, Handover.id == Entry.handover_id)
    .outerjoin(User, User.id == Entry.holder_id)
    .outerjoin(_NEXT, _NEXT.id == Entry.new_holder_id)
    .where(Entry.id.in_(_IDS), Entry.handover_id.concat("").in_(bindparam("member_of", expanding=True)))
)  # fmt: skip
_REMARKS = (
    select(
        Annotation.id, Annotation.note_id, Annotation.kind, Annotation.state, Annotation.body, Annotation.quote,
        Annotation.updated_at, Note.title, User.name.label("author"), *_PLACE,
    )
    .join(Note, Note.id == Annotation.note_id)
    .join(Handover, Handover.id == Note.handover_id)
    .outerjoin(User, User.id == Annotation.author_id)
    .where(Annotation.id.in_(_IDS), VISIBLE)
)  # fmt: skip
_REPLIES = (
    select(Reply.annotation_id, Reply.body).where(Reply.annotation_id.in_(_IDS)).order_by(Reply.created_at)
)


def note_rows(session: Session, identity: Identity, ids: list[str]) -> Sequence[Any]:
    """Those of the notes that may be read; `text` is None where no rendering of this version is kept."""
    return session.execute(_NOTES, {"ids": ids, **reader_values(identity)}).all() if ids else ()


def item_rows(session: Session, identity: Identity, ids: list[str]) -> Sequence[Any]:
    """Those of the items that may be read."""
    asked = {"ids": ids, "member_of": list(identity.handovers_as())}
    return session.execute(_ITEMS, asked).all() if ids else ()


def entry_rows(session: Session, identity: Identity, ids: list[str]) -> Sequence[Any]:
    """Those of the register entries that may be read."""
    asked = {"ids": ids, "member_of": list(identity.handovers_as())}
    return session.execute(_ENTRIES, asked).all() if ids else ()


def remark_rows(session: Session, identity: Identity, ids: list[str]) -> Sequence[Any]:
    """Those of the annotations that may be read."""
    return session.execute(_REMARKS, {"ids": ids, **reader_values(identity)}).all() if ids else ()


def replies_to(session: Session, ids: list[str]) -> dict[str, list[str]]:
    """What was answered to annotations, oldest first, by the annotation's id."""
    found: dict[str, list[str]] = defaultdict(list)
    if ids:
        for annotation_id, body in session.execute(_REPLIES, {"ids": ids}):
            found[annotation_id].append(body)
    return found

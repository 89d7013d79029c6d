"""A note as it is read: this page must answer in milliseconds, so its statements are few, made once, and fetch
columns instead of objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permits import not_found
from kb.access.policy import DRAFT_READERS
from kb.checklists.models import Item
from kb.handovers.models import Handover, Membership
from kb.notes.former import former_keys
from kb.notes.models import Note, NoteLink, NoteStatus, Rendering, note_items
from kb.notes.queries import body_of
from kb.notes.rendering import key_of, rendered
from kb.people.models import User

_note, _item, _link = Note.__table__.c, Item.__table__.c, NoteLink.__table__.c
_rendering, _handover = Rendering.__table__.c, Handover.__table__.c
_author, _owner, _checker = (User.__table__.alias() for _ in range(3))
_member = Membership.__table__.c
# Who answers for a note can be asked: they are in the handover, and their account is in use.
_OWNER_STAYS = and_(
    _owner.c.is_active,
    exists().where(_member.handover_id == _note.handover_id, _member.user_id == _note.owner_id),
)

_READ = (
    select(
        *(_note[name] for name in (
            "id", "handover_id", "kind", "title", "title_key", "body_sha256", "language", "purpose", "importance",
            "status", "tags", "revision", "author_id", "owner_id", "updated_at", "deleted_at",
            "check_by", "checked_at",
        )),
        _author.c.name.label("author"), _owner.c.name.label("owner"),
        _checker.c.name.label("checked_by"), _OWNER_STAYS.label("owner_stays"),
        _handover.title.label("handover_title"), _handover.language.label("handover_language"),
        _handover.stage.label("handover_stage"),
        _rendering.html, _rendering.outline, _rendering.truncated,
    )
    .select_from(
        Note.__table__.join(Handover.__table__, _handover.id == _note.handover_id)
        .outerjoin(_author, _author.c.id == _note.author_id)
        .outerjoin(_owner, _owner.c.id == _note.owner_id)
        .outerjoin(_checker, _checker.c.id == _note.checked_by_id)
        .outerjoin(Rendering.__table__, _rendering.key == key_of(_note.body_sha256))
    )
    .where(_note.id == bindparam("note_id"))
)  # fmt: skip
_ITEMS = (
    select(_item.id, _item.title, _item.state)
    .select_from(Item.__table__.join(note_items, note_items.c.item_id == _item.id))
    .where(note_items.c.note_id == bindparam("note_id"))
    .order_by(_item.position, _item.id)
)
_POINTING = (
    select(_note.id, _note.title, _note.kind, _note.language, _note.status)
    .where(
        # Concatenated, or SQLite walks the whole handover by its index instead of the few notes that link here.
        _note.handover_id.concat("") == bindparam("handover_id"),
        _note.id != bindparam("note_id"), _note.deleted_at.is_(None),
        _note.id.in_(
            select(_link.note_id).where(_link.target_key.in_(bindparam("keys", expanding=True)))
        ),
        or_(_note.status == NoteStatus.PUBLISHED, _note.author_id == bindparam("reader_id"), bindparam("all_drafts")),
    )
    .order_by(_note.title, _note.id)
)  # fmt: skip


@dataclass(frozen=True)
class ReadNote:
    """A note to be shown: its columns, the names of people, its items, its HTML with links still unfilled."""

    id: str
    handover_id: str
    kind: str
    title: str
    title_key: str
    body_sha256: str
    language: str
    purpose: str
    importance: str
    status: str
    tags: list[str]
    revision: int
    author_id: str | None
    owner_id: str | None
    updated_at: datetime
    deleted_at: datetime | None
    check_by: date | None
    checked_at: datetime | None
    author: str | None
    owner: str | None
    checked_by: str | None
    owner_stays: bool | None
    handover_title: str
    handover_language: str
    handover_stage: str
    html: str
    outline: list[dict[str, Any]]  # {level, text, anchor, …} as kb.markdown.Heading
    truncated: bool
    covers: Sequence[Any]  # items: id, title, state


def read_note(session: Session, note_id: str) -> ReadNote:
    """One note, in two statements; raises NotFound. In the bin or not."""
    row = session.execute(_READ, {"note_id": note_id}).one_or_none()
    if row is None:
        raise not_found()
    facts = dict(row._mapping)
    if facts["html"] is None:  # kept by another version of the renderer
        made = rendered(session, body_of(session, note_id), facts["body_sha256"])
        outline = [vars(heading) for heading in made.outline]
        facts |= {"html": made.html, "outline": outline, "truncated": made.truncated}
    return ReadNote(**facts, covers=session.execute(_ITEMS, {"note_id": note_id}).all())


def pointing_here(session: Session, identity: Identity, note: ReadNote) -> Sequence[Any]:
    """The notes of the same handover that link to this one and may be read: id, title, kind, language, status."""
    former: set[str] = set()
    if note.revision > 1:
        former = former_keys(session, note.id, note.handover_id, note.title_key, drafts_of=identity.user_id)
    asked = {
        "handover_id": note.handover_id, "note_id": note.id, "keys": [note.title_key, note.id, *sorted(former)],
        "reader_id": identity.user_id,
        "all_drafts": bool(identity.roles_in(note.handover_id) & DRAFT_READERS),
    }  # fmt: skip
    return session.execute(_POINTING, asked).all()

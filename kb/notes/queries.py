"""Reading notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from kb.access.identity import Facts, Identity
from kb.access.permits import not_found
from kb.access.policy import DRAFT_READERS
from kb.checklists.models import Item
from kb.notes.models import Note, NoteStatus, Revision, note_items
from kb.people.models import User

# Revisions whose texts are compared to tell who wrote what: many of a short note, fewer of a long one.
MOST_BODIES, MOST_COMPARED = 500, 5_000_000  # revisions, characters together

_FACTS = select(Note.handover_id, Note.author_id, Note.owner_id, Note.status, Note.deleted_at).where(
    Note.id == bindparam("note_id")
)


def note_facts(session: Session, note_id: str, *, in_bin: bool = False) -> Facts:
    """Facts for the policy; raises NotFound. A note in the bin is found only when asked for."""
    row = session.execute(_FACTS, {"note_id": note_id}).one_or_none()
    if row is None or (row.deleted_at is not None) != in_bin:
        raise not_found()
    return Facts(row.handover_id, row.author_id, row.status == NoteStatus.DRAFT, row.owner_id)


def get_note(session: Session, note_id: str) -> Note:
    """One note with handover, author, owner and items; raises NotFound. In the bin or not."""
    found = session.scalar(
        select(Note)
        .where(Note.id == note_id)
        .options(
            joinedload(Note.author),
            joinedload(Note.owner),
            joinedload(Note.checked_by),
            joinedload(Note.handover),
            selectinload(Note.items).joinedload(Item.module),
        )
    )
    if found is None:
        raise not_found()
    return found


def _visible(handover_id: Any, reader_id: Any, member_of: Any, managed: Any) -> ColumnElement[bool]:
    """The rule, of values or of parameters."""
    return and_(
        Note.deleted_at.is_(None),
        handover_id.in_(member_of),
        or_(
            Note.status == NoteStatus.PUBLISHED,
            Note.author_id == reader_id,
            handover_id.in_(managed),
        ),
    )


def _reader(identity: Identity) -> dict[str, Any]:
    managed = identity.handovers_as(*DRAFT_READERS)
    return {"reader_id": identity.user_id, "member_of": identity.handovers_as(), "managed": managed}


def body_of(session: Session, note_id: str) -> str:
    """A note's text as it was typed; empty if there is no such note."""
    return session.scalar(select(Note.body).where(Note.id == note_id)) or ""


def visible_notes(identity: Identity) -> Select[Note]:
    """Notes a person may read in any handover: published ones, and drafts that are theirs or they manage."""
    return select(Note).where(_visible(Note.handover_id, **_reader(identity)))


# The same rule for statements that are made once and name their notes; `reader_values` fills it in.
# Concatenated, or SQLite walks whole handovers by their index instead of the few notes that are named.
VISIBLE = _visible(
    Note.handover_id.concat(""), bindparam("reader_id"), bindparam("member_of", expanding=True),
    bindparam("managed", expanding=True),
)  # fmt: skip


def reader_values(identity: Identity) -> Mapping[str, Any]:
    """The parameters of `VISIBLE` for a person."""
    return {name: value if name == "reader_id" else list(value) for name, value in _reader(identity).items()}


def notes_in(identity: Identity, handover_id: str) -> Select[Note]:
    """A handover's notes without their bodies, newest change first."""
    return (
        visible_notes(identity)
        .where(Note.handover_id == handover_id)
        .options(
            defer(Note.body, raiseload=True), joinedload(Note.author), joinedload(Note.owner),
            joinedload(Note.checked_by), selectinload(Note.items),
        )
        .order_by(Note.updated_at.desc(), Note.id)
    )  # fmt: skip


def notes_about(identity: Identity, item_id: str) -> Select[Note]:
    """The notes linked to an item, newest change first."""
    return (
        visible_notes(identity)
        .join(note_items, note_items.c.note_id == Note.id)
        .where(note_items.c.item_id == item_id)
        .options(defer(Note.body, raiseload=True), joinedload(Note.author), joinedload(Note.owner))
        .order_by(Note.updated_at.desc(), Note.id)
    )


def bin_of(identity: Identity, handover_id: str) -> Select[Note]:
    """A handover's deleted notes a person may know of, last deleted first."""
    query = (
        select(Note)
        .where(Note.handover_id == handover_id, Note.deleted_at.is_not(None))
        .options(defer(Note.body, raiseload=True), joinedload(Note.author), joinedload(Note.owner))
        .options(joinedload(Note.checked_by), selectinload(Note.items))
        .order_by(Note.deleted_at.desc(), Note.id)
    )
    if handover_id not in identity.handovers_as(*DRAFT_READERS):
        query = query.where(or_(Note.status == NoteStatus.PUBLISHED, Note.author_id == identity.user_id))
    return query


def revisions_of(note_id: str) -> Select[Revision]:
    """Every revision of a note, newest first, without bodies."""
    return (
        select(Revision)
        .where(Revision.note_id == note_id)
        .options(defer(Revision.body), joinedload(Revision.author), joinedload(Revision.proposed_by))
        .order_by(Revision.number.desc())
    )


def bodies_of(session: Session, note_id: str, size: int) -> Sequence[Any]:
    """The newest revisions of a note of so many characters, oldest first, as many as can be compared.

    Of each: number, body, created_at, author (a name), minor, reason.
    """
    newest = (
        select(
            Revision.number, Revision.body, Revision.created_at, Revision.minor, Revision.reason,
            User.name.label("author"),
        )
        .outerjoin(User, User.id == Revision.author_id)
        .where(Revision.note_id == note_id)
        .order_by(Revision.number.desc())
        .limit(min(MOST_BODIES, max(2, MOST_COMPARED // (size + 1))))
    )  # fmt: skip
    return session.execute(newest).all()[::-1]


def get_revision(session: Session, note_id: str, number: int) -> Revision:
    """One revision with body and author; raises NotFound."""
    if not 0 < number < 2**31:  # more than the column holds: PostgreSQL would refuse to look
        raise not_found()
    found = session.scalar(
        select(Revision)
        .where(Revision.note_id == note_id, Revision.number == number)
        .options(joinedload(Revision.author), joinedload(Revision.proposed_by))
    )
    if found is None:
        raise not_found()
    return found


def my_drafts(identity: Identity) -> Select[Note]:
    """Drafts a person wrote, newest change first."""
    return (
        visible_notes(identity)
        .where(Note.status == NoteStatus.DRAFT, Note.author_id == identity.user_id)
        .options(defer(Note.body, raiseload=True), joinedload(Note.handover))
        .order_by(Note.updated_at.desc())
    )


def changed_lately(identity: Identity) -> Select[Note]:
    """Published notes a person may read, newest change first, with handover and without bodies."""
    return (
        visible_notes(identity)
        .where(Note.status == NoteStatus.PUBLISHED)
        .options(defer(Note.body, raiseload=True), joinedload(Note.handover))
        .order_by(Note.updated_at.desc(), Note.id)
    )

"""Tables of notes: the note, its revisions, drafts, links, and the cache of rendered text."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.checklists.models import Item
from kb.db import Base, UtcDateTime
from kb.handovers.models import Handover
from kb.ids import new_id
from kb.people.models import User


class Kind(StrEnum):
    PROCEDURE = "procedure"
    PITFALL = "pitfall"
    CASE = "case"


class NoteStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


note_items = Table(
    "note_items",
    Base.metadata,
    Column("note_id", String(12), ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True),
    Column("item_id", String(12), ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Note(Base):
    """One Markdown document; its body is that of its newest revision."""

    __tablename__ = "notes"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    title_key: Mapped[str] = mapped_column(String(200), index=True)  # how [[links]] find it
    body: Mapped[str] = mapped_column(Text)
    body_sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(10))
    purpose: Mapped[str] = mapped_column(String(500), default="")
    importance: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20))
    tags: Mapped[list[Any]] = mapped_column(JSON, default=list)
    covers: Mapped[list[Any]] = mapped_column(
        JSON, default=list
    )  # [{slot, heading, anchor}] found in the body
    revision: Mapped[int] = mapped_column(Integer, default=1)
    check_by: Mapped[date | None]  # the day by which somebody shall say that it is still right
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    author_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    owner_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handover: Mapped[Handover] = relationship(lazy="raise")
    author: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[author_id])
    owner: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[owner_id])
    checked_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[checked_by_id])
    items: Mapped[list[Item]] = relationship(lazy="raise", secondary=note_items, order_by=Item.position)


class Revision(Base):
    """A note as it was saved once, by whom and when; never changed."""

    __tablename__ = "revisions"

    note_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))  # of the body, UTF-8
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # the other fields as they were
    reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    minor: Mapped[bool] = mapped_column(default=False, server_default=false())
    author_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    # Whose correction it takes up, where it does.
    proposed_by_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[author_id])
    proposed_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[proposed_by_id])


class Draft(Base):
    """What somebody has typed and not saved yet; it never touches the note."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("user_id", "place"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(String(12), ForeignKey("users.id", ondelete="CASCADE"))
    # "note:ID", or "new:RANDOM" for one of several new notes
    place: Mapped[str] = mapped_column(String(40))
    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), index=True
    )
    note_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("notes.id", ondelete="CASCADE"), index=True
    )
    base_revision: Mapped[int | None]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)  # as the editor's form sends them
    version: Mapped[int] = mapped_column(
        default=1
    )  # goes up with every save, so that two devices notice each other
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[Note | None] = relationship(lazy="raise")
    handover: Mapped[Handover] = relationship(lazy="raise")


class SlotMark(Base):
    """What somebody said of an item's slot: which passage fills it, that it is accepted, or why it is not needed."""

    __tablename__ = "slot_marks"

    item_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("items.id", ondelete="CASCADE"), primary_key=True
    )
    slot: Mapped[str] = mapped_column(String(20), primary_key=True)
    note_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("notes.id", ondelete="SET NULL"), index=True
    )
    heading: Mapped[str | None] = mapped_column(String(300))  # of the passage; null: the whole note
    passage_sha256: Mapped[str | None] = mapped_column(
        String(64)
    )  # of the passage's text when last looked at
    pointed_by_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="SET NULL")
    )
    stale_revision: Mapped[int | None]  # the major revision that changed the passage since
    waived_because: Mapped[str | None] = mapped_column(String(500))
    waived_by_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoteLink(Base):
    """A [[link]] in a note's current body, by the key of what it points at."""

    __tablename__ = "note_links"

    note_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True
    )
    target_key: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)


class Rendering(Base):
    """Rendered text by content hash and renderer version: made once, the same everywhere."""

    __tablename__ = "renderings"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    outline: Mapped[list[Any]] = mapped_column(JSON)
    truncated: Mapped[bool]

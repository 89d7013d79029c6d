"""Tables of meetings, demonstrations and practice runs."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.checklists.models import Item
from kb.checklists.models import Level as Level
from kb.db import Base, UtcDateTime
from kb.ids import new_id
from kb.notes.models import Note
from kb.people.models import User


class MeetingKind(StrEnum):
    KICKOFF = "kickoff"
    DEMONSTRATION = "demonstration"
    REVIEW = "review"
    OTHER = "other"


class Outcome(StrEnum):
    PASSED = "passed"
    PASSED_WITH_HELP = "passed_with_help"
    FAILED = "failed"


class Meeting(Base):
    """A talk or a demonstration: `session` in the API. Without minutes it is still to come."""

    __tablename__ = "meetings"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attendees: Mapped[list[Any]] = mapped_column(JSON, default=list)  # [{name, user_id?}]
    agenda: Mapped[str] = mapped_column(Text, default="")  # Markdown
    minutes: Mapped[str] = mapped_column(Text, default="")  # Markdown
    problem: Mapped[str] = mapped_column(Text, default="")  # what went wrong in the demonstration
    recording: Mapped[str] = mapped_column(String(500), default="")  # where a recording lies
    language: Mapped[str] = mapped_column(String(10))
    recorded_by_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="SET NULL")
    )
    # The case note the problem became.
    note_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("notes.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[User | None] = relationship(lazy="raise")
    note: Mapped[Note | None] = relationship(lazy="raise")
    links: Mapped[list[MeetingItem]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )


class MeetingItem(Base):
    """An item shown or talked about in a meeting, or, if `agreed`, one that was agreed on there."""

    __tablename__ = "meeting_items"

    meeting_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    agreed: Mapped[bool] = mapped_column(default=False)
    item: Mapped[Item] = relationship(lazy="raise")


class PracticeRun(Base):
    """One attempt of a successor at an item."""

    __tablename__ = "practice_runs"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    item_id: Mapped[str] = mapped_column(String(12), ForeignKey("items.id", ondelete="CASCADE"), index=True)
    successor_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    recorded_by_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="SET NULL")
    )
    level: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    feedback: Mapped[str] = mapped_column(Text, default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    fix: Mapped[str] = mapped_column(Text, default="")
    next_on: Mapped[date | None]  # when it is tried again
    # The pitfall or case that the problem became.
    note_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("notes.id", ondelete="SET NULL"))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    item: Mapped[Item] = relationship(lazy="raise")
    successor: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[successor_id])
    recorded_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[recorded_by_id])
    note: Mapped[Note | None] = relationship(lazy="raise")

"""Tables of handovers and their members."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.db import Base, UtcDateTime
from kb.ids import new_id
from kb.people.models import User


class Stage(StrEnum):
    PREPARING = "preparing"
    CAPTURING = "capturing"
    TRANSFERRING = "transferring"
    SIGNED_OFF = "signed_off"
    SUPPORTING = "supporting"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Handover(Base):
    """One person leaving one position."""

    __tablename__ = "handovers"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(200))
    department: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(10))
    stage: Mapped[str] = mapped_column(String(20), default=Stage.PREPARING)
    last_day: Mapped[date]
    support_until: Mapped[date | None]
    confirmed_on: Mapped[date | None]  # when the resignation was confirmed in writing (E1)
    confirmed_by: Mapped[str] = mapped_column(Text, default="")
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when colleagues were told (E3)
    announced_by_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="SET NULL")
    )
    announcement: Mapped[str] = mapped_column(Text, default="", server_default="")  # as it was sent
    template_id: Mapped[str | None] = mapped_column(String(60))
    template_version: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="handover", lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )


class Membership(Base):
    """One role of one person in one handover."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("handover_id", "user_id", "role"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    handover_id: Mapped[str] = mapped_column(String(12), ForeignKey("handovers.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(String(12), ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    handover: Mapped[Handover] = relationship(back_populates="memberships", lazy="raise")
    user: Mapped[User] = relationship(lazy="raise")


class StageChange(Base):
    """A handover that went on, or back, from one stage to another; never changed."""

    __tablename__ = "stage_changes"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), index=True
    )
    was: Mapped[str] = mapped_column(String(20))
    became: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(
        String(500), default=""
    )  # why all the same, where something was unmet
    unmet: Mapped[list[Any]] = mapped_column(JSON, default=list)  # the needs that were not met, by name
    by: Mapped[User | None] = relationship(lazy="raise")

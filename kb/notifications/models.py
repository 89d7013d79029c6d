"""Tables of mail to be sent, what people want to hear, calendar feeds, and who works the jobs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kb.db import Base, UtcDateTime
from kb.ids import new_id


class Mail(Base):
    """A mail that waits, was sent, or was given up; `key` keeps the same one from being sent twice."""

    __tablename__ = "mails"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    user_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)  # null: sent or given up
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(500), default="")


class MailChoice(Base):
    """What somebody wants by mail; whoever has no row gets what is usual."""

    __tablename__ = "mail_choices"

    user_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    weekly: Mapped[bool] = mapped_column(default=True)


class CalendarFeed(Base):
    """One member's private feed of one handover; another token makes the old address worthless."""

    __tablename__ = "calendar_feeds"

    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    renewals: Mapped[int] = mapped_column(default=0)  # part of what the token is derived from


class Lease(Base):
    """Which process works a kind of job, until when."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str] = mapped_column(String(60))
    until: Mapped[datetime] = mapped_column(UtcDateTime)

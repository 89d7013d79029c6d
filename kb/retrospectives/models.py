"""Tables of the retrospective: answers, and what they propose for the template."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.db import Base, UtcDateTime
from kb.ids import new_id
from kb.people.models import User


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class RetrospectiveAnswer(Base):
    """One person's answer to one question about one handover."""

    __tablename__ = "retrospective_answers"

    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(30), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship(lazy="raise")


class TemplateProposal(Base):
    """A change to the template a handover was started from, for a manager to accept."""

    __tablename__ = "template_proposals"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), index=True
    )
    template_id: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))  # add, change or drop an item
    question: Mapped[str] = mapped_column(String(30), default="")  # whose answer it comes from
    item_key: Mapped[str | None] = mapped_column(String(60))
    change: Mapped[dict[str, Any]] = mapped_column(JSON)  # the item's fields as proposed
    why: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(20), default=ProposalState.OPEN)
    proposed_by_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="SET NULL")
    )
    decided_by_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    template_version: Mapped[int | None]  # the version that took it up
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])

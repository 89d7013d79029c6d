"""Tables of transfers: what somebody owns, offered to somebody else who accepts or declines."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.db import Base, UtcDateTime
from kb.ids import new_id
from kb.people.models import User


class TransferState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Transfer(Base):
    """One person's things in a handover, offered in one step to a named person."""

    __tablename__ = "transfers"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), index=True
    )
    from_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    to_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    offered_by_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    objects: Mapped[list[Any]] = mapped_column(JSON)  # [{type, id, title}]
    state: Mapped[str] = mapped_column(String(20), default=TransferState.OFFERED)
    reason: Mapped[str] = mapped_column(String(500), default="")  # why it was declined
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    giver: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[from_id])
    taker: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[to_id])

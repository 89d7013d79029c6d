"""Tables of the sign-off: what was signed, byte for byte, and who signed it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.db import Base, UtcDateTime
from kb.ids import new_id


class SignoffState(StrEnum):
    OPEN = "open"
    SIGNED = "signed"
    SUPERSEDED = "superseded"


class Signoff(Base):
    """One signing of a handover. The manifest is fixed at the first signature and never changed."""

    __tablename__ = "signoffs"
    __table_args__ = (UniqueConstraint("handover_id", "number"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    handover_id: Mapped[str] = mapped_column(String(12), ForeignKey("handovers.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default=SignoffState.OPEN)
    manifest: Mapped[str] = mapped_column(Text)  # canonical JSON
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    certificate: Mapped[str | None] = mapped_column(Text)  # JSON, once all have signed
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signatures: Mapped[list[Signature]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True, order_by="Signature.signed_at"
    )


class Signature(Base):
    """One role's signature; name and address as they were, whatever becomes of the account."""

    __tablename__ = "signatures"
    __table_args__ = (UniqueConstraint("signoff_id", "role"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    signoff_id: Mapped[str] = mapped_column(String(12), ForeignKey("signoffs.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    reservations: Mapped[list[Any]] = mapped_column(JSON, default=list)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)

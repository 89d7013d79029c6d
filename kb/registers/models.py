"""Tables of the register: entries, and the steps by which each changed hands."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.checklists.models import Item
from kb.db import Base, UtcDateTime
from kb.ids import new_id
from kb.people.models import User


class EntryKind(StrEnum):
    ACCOUNT = "account"
    DOMAIN = "domain"
    VENDOR = "vendor"
    FILING = "filing"
    CUSTOMER = "customer"
    DOCUMENT = "document"
    EQUIPMENT = "equipment"


class EntryState(StrEnum):
    HELD = "held"
    SHARED = "shared"
    TRANSFERRED = "transferred"
    CONFIRMED = "confirmed"
    REVOKED = "revoked"


class Entry(Base):
    """Something with a holder. A holder is an account, or only a name where `…_id` is null."""

    __tablename__ = "register_entries"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), index=True
    )
    item_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("items.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    location: Mapped[str] = mapped_column(String(500), default="")  # where it is, or where a paper lies
    contact: Mapped[str] = mapped_column(String(500), default="")  # whom one calls
    remark: Mapped[str] = mapped_column(Text, default="")
    holder_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    holder_name: Mapped[str] = mapped_column(String(200), default="")
    new_holder_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    new_holder_name: Mapped[str] = mapped_column(String(200), default="")
    vault_ref: Mapped[str] = mapped_column(
        String(300), default=""
    )  # where the secret is kept, never the secret
    expires_on: Mapped[date | None]
    importance: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), default=EntryState.HELD)
    language: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    item: Mapped[Item | None] = relationship(lazy="raise")
    holder: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[holder_id])
    new_holder: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[new_holder_id])


class EntryStep(Base):
    """One step of an entry from a state to the next, with what shows it; never changed."""

    __tablename__ = "register_steps"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("register_entries.id", ondelete="CASCADE"), index=True
    )
    was: Mapped[str] = mapped_column(String(20))
    became: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[User | None] = relationship(lazy="raise")

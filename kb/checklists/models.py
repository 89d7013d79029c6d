"""Tables of the checklist: modules, items, and the slots each item must have captured."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.db import Base, UtcDateTime
from kb.ids import new_id
from kb.people.models import User


class Importance(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class ItemState(StrEnum):
    OPEN = "open"
    DOCUMENTED = "documented"
    DEMONSTRATED = "demonstrated"
    PRACTISED = "practised"
    ACCEPTED = "accepted"


class Slot(StrEnum):
    STEPS = "steps"
    KEY_POINTS = "key_points"
    CAUTIONS = "cautions"
    EXCEPTIONS = "exceptions"
    CONTACTS = "contacts"
    ACCESS = "access"
    DATA = "data"


class Rhythm(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    CAMPAIGN = "campaign"
    RARE = "rare"


class Level(StrEnum):
    """How much of a piece of work a successor does alone, from least to most."""

    OBSERVED = "observed"
    ASSISTED = "assisted"
    INDEPENDENT = "independent"


class Module(Base):
    """A part of the work: order processing, customer service …"""

    __tablename__ = "modules"
    __table_args__ = (UniqueConstraint("handover_id", "title"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    handover_id: Mapped[str] = mapped_column(String(12), ForeignKey("handovers.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]


class Item(Base):
    """One thing that must be handed over, with one named owner."""

    __tablename__ = "items"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), index=True
    )
    module_id: Mapped[str] = mapped_column(String(12), ForeignKey("modules.id", ondelete="CASCADE"))
    template_key: Mapped[str | None] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    guidance: Mapped[str] = mapped_column(Text, default="")
    importance: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), default=ItemState.OPEN)
    rhythm: Mapped[str | None] = mapped_column(String(20))
    kinds: Mapped[list[Any]] = mapped_column(JSON, default=list)  # note kinds to offer first
    next_on: Mapped[date | None]  # when it comes round next, where its rhythm does not tell
    # Practice asked for before it can be accepted: so many runs passed at this level.
    required_level: Mapped[str | None] = mapped_column(String(20))
    required_runs: Mapped[int] = mapped_column(default=0, server_default="0")
    due: Mapped[date | None]
    owner_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    position: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    module: Mapped[Module] = relationship(lazy="raise")
    owner: Mapped[User | None] = relationship(lazy="raise")
    slots: Mapped[list[ItemSlot]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True, order_by="ItemSlot.position"
    )


class ItemSlot(Base):
    """Something that must be captured for an item."""

    __tablename__ = "item_slots"

    item_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("items.id", ondelete="CASCADE"), primary_key=True
    )
    slot: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int]


class TemplateVersion(Base):
    """A template as an administrator saved it; never changed. A shipped one stays version 1 of its own file."""

    __tablename__ = "template_versions"

    template_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # as in its YAML file
    why: Mapped[str] = mapped_column(String(300), default="")
    retired: Mapped[bool] = mapped_column(default=False)  # offered no longer, from this version on
    saved_by_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[User | None] = relationship(lazy="raise")

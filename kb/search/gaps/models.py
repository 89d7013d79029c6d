"""Tables of kept searches: what was asked, in which handovers it counts, which pairs of them say nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.db import Base, UtcDateTime
from kb.ids import new_id

MOST_TEXT = 300  # characters of a search as typed; of a longer one the beginning
MOST_KEY = 200
MOST_FILTERS = 600  # characters of filters as they stand in an address


class Search(Base):
    """One search of a person; what was typed on within half a minute is the same one, with its last text."""

    __tablename__ = "searches"
    __table_args__ = (Index("ix_searches_user_id_at", "user_id", "at"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(MOST_KEY), index=True)  # the same for what asks the same
    total: Mapped[int]
    # Some of its words stand nowhere, or all hits were guesses: what was looked for was not found.
    partial: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Taken off after 30 days; only what nobody has found since stays longer, without a name.
    user_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    # What it was limited to.
    handover_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="SET NULL")
    )
    # What else it was narrowed to, as in an address: kind=case&tag=money.
    filters: Mapped[str] = mapped_column(String(MOST_FILTERS), default="", server_default="")
    # What the same person found soon after having found nothing.
    then_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("searches.id", ondelete="SET NULL"), index=True
    )
    places: Mapped[list[SearchPlace]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )


class SearchPlace(Base):
    """A handover that a search counts for, and how much it found there."""

    __tablename__ = "search_places"

    search_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("searches.id", ondelete="CASCADE"), primary_key=True
    )
    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    hits: Mapped[int]
    # Somebody has found something since, or it was set aside: no gap any more.
    answered: Mapped[bool] = mapped_column(default=False)
    # Stands for a person whose name was taken off: drawn by chance, for this gap alone.
    searcher: Mapped[str | None] = mapped_column(String(12))


class DismissedPair(Base):
    """Somebody said that two searches do not mean the same: for a handover, or for themselves."""

    __tablename__ = "dismissed_pairs"
    __table_args__ = (Index("ix_dismissed_pairs_missed_found", "missed", "found"),)

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    missed: Mapped[str] = mapped_column(String(MOST_KEY))  # keys of the searches, as in `searches`
    found: Mapped[str] = mapped_column(String(MOST_KEY))
    handover_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)

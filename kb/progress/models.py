"""How far a handover was on each day, for the trend."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kb.db import Base


class CoverageDay(Base):
    """The last known coverage of a handover on one day of the organisation's calendar."""

    __tablename__ = "coverage_days"

    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    asked: Mapped[int]
    filled: Mapped[int]
    accepted: Mapped[int]
    risk: Mapped[str] = mapped_column(String(10))

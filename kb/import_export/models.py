"""The table of long imports."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kb.db import Base, UtcDateTime
from kb.ids import new_id


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """An import too long for one answer; `answer` is what the call would have said."""

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    handover_id: Mapped[str] = mapped_column(String(12), ForeignKey("handovers.id", ondelete="CASCADE"))
    user_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(20), default=JobState.RUNNING)
    stage: Mapped[str] = mapped_column(String(20), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""Table of attachments; the bytes lie in the data folder, by their hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.db import Base, UtcDateTime
from kb.handovers.models import Handover
from kb.notes.models import Note
from kb.people.models import User


class Attachment(Base):
    """A file of a note, or of a handover until the note it was put into is saved."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)  # not to be guessed
    handover_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("handovers.id", ondelete="CASCADE"), index=True
    )
    note_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("notes.id", ondelete="CASCADE"), index=True
    )
    uploader_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))  # by its bytes, not by what was said of it
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handover: Mapped[Handover] = relationship(lazy="raise")
    note: Mapped[Note | None] = relationship(lazy="raise")
    uploader: Mapped[User | None] = relationship(lazy="raise")

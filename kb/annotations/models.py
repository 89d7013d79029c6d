"""Tables of annotations (W3C Web Annotation: a text quote and a text position selector) and their replies."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.db import Base, UtcDateTime
from kb.ids import new_id
from kb.notes.models import Note
from kb.people.models import User


class AnnotationKind(StrEnum):
    COMMENT = "comment"
    QUESTION = "question"
    CORRECTION = "correction"
    HIGHLIGHT = "highlight"


class AnnotationState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


class AnchorStatus(StrEnum):
    ANCHORED = "anchored"
    CHANGED = "changed"
    ORPHANED = "orphaned"


class Annotation(Base):
    """A remark on a passage; the quote stays as first marked, the anchor moves with the text."""

    __tablename__ = "annotations"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    note_id: Mapped[str] = mapped_column(String(12), ForeignKey("notes.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(Text, default="")
    replacement: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default=AnnotationState.OPEN)
    author_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    # As first marked, over the canonical text of `revision`, in code points.
    revision: Mapped[int]
    quote: Mapped[str] = mapped_column(Text)
    prefix: Mapped[str] = mapped_column(Text, default="")
    suffix: Mapped[str] = mapped_column(Text, default="")
    # Where it stands in the current text.
    anchor_status: Mapped[str] = mapped_column(String(20), default=AnchorStatus.ANCHORED)
    anchor_start: Mapped[int | None]
    anchor_end: Mapped[int | None]
    anchor_exact: Mapped[str | None] = mapped_column(Text)
    # What stood around it where it was put last by hand, or where it was lost.
    last_prefix: Mapped[str | None] = mapped_column(Text)
    last_suffix: Mapped[str | None] = mapped_column(Text)
    # Of an orphan: the revision that took the passage away, and where it stood before.
    lost_revision: Mapped[int | None]
    lost_start: Mapped[int | None]
    # Of a changed one: the words that somebody confirmed to be its passage now.
    confirmed_exact: Mapped[str | None] = mapped_column(Text)
    # Of a correction: the revision that took it up.
    accepted_revision: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_by_id: Mapped[str | None] = mapped_column(
        String(12), ForeignKey("users.id", ondelete="SET NULL")
    )
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[Note] = relationship(lazy="raise")
    author: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[author_id])
    resolved_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[resolved_by_id])
    replies: Mapped[list[Reply]] = relationship(
        lazy="raise", order_by="Reply.created_at", passive_deletes=True
    )


class Reply(Base):
    """An answer under an annotation."""

    __tablename__ = "annotation_replies"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    annotation_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("annotations.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[User | None] = relationship(lazy="raise")

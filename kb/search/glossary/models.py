"""Tables of the glossary: groups of words that mean the same, and one stamp that says whether any has changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kb.db import Base, UtcDateTime
from kb.ids import new_id
from kb.people.models import User

MOST_CHARACTERS = 80  # of a word as written
MOST_KEY = 200  # folding can lengthen: one character may stand for several


class GlossaryGroup(Base):
    """Words that mean the same; the first is the term, the others its synonyms."""

    __tablename__ = "glossary_groups"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    author_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[User | None] = relationship(lazy="raise")
    words: Mapped[list[GlossaryWord]] = relationship(
        lazy="raise", order_by="GlossaryWord.position", cascade="all, delete-orphan", passive_deletes=True
    )


class GlossaryWord(Base):
    """One word of a group as somebody wrote it; folded it belongs to one group only."""

    __tablename__ = "glossary_words"

    id: Mapped[str] = mapped_column(String(12), primary_key=True, default=new_id)
    group_id: Mapped[str] = mapped_column(
        String(12), ForeignKey("glossary_groups.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(Integer)
    word: Mapped[str] = mapped_column(String(MOST_CHARACTERS))
    key: Mapped[str] = mapped_column(String(MOST_KEY), unique=True)
    author_id: Mapped[str | None] = mapped_column(String(12), ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[User | None] = relationship(lazy="raise")


class GlossaryStamp(Base):
    """One row, drawn anew by every change: who holds its value holds the glossary as it is.

    Writers lock it first, so that two who add the same word take turns on both databases.
    """

    __tablename__ = "glossary_stamp"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    stamp: Mapped[str] = mapped_column(String(12))

"""The margin of a note: its remarks a page at a time, as the template and the marks on the text need them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.annotations.models import Annotation, AnnotationState
from kb.annotations.queries import annotations_of, remark_counts
from kb.i18n import _
from kb.people.models import User
from kb.search.query import Query
from kb.web.found_words import with_marks

PER_PAGE = 100
OPEN, RESOLVED = str(AnnotationState.OPEN), str(AnnotationState.RESOLVED)


@dataclass(frozen=True)
class View:
    """Which remarks are looked at: open ones or all, and which page of them."""

    resolved: bool = False
    page: int = 1

    @classmethod
    def of(cls, query: Any) -> View:
        """From an address's query; what cannot be read is the first page."""
        page = query.get("remarks", "1")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
        return cls(query.get("resolved") == "1", max(1, number))

    def query(self, page: int | None = None, resolved: bool | None = None) -> str:
        """The query of another view beside this one, with its question mark; empty for the plain one."""
        pairs = []
        if self.resolved if resolved is None else resolved:
            pairs.append(("resolved", "1"))
        if (page or self.page) > 1:
            pairs.append(("remarks", str(page or self.page)))
        return f"?{urlencode(pairs)}" if pairs else ""


@dataclass(frozen=True)
class Margin:
    """What the template of the margin shows."""

    note_id: str
    view: View
    remarks: list[dict[str, Any]]
    marks: list[dict[str, Any]]  # for the script that paints them
    shown: int  # how many there are in this view
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    changed: str | None = None  # the remark just written or changed
    made: bool = False
    error: str | None = None
    words: Query | None = None  # of the search that led here, marked in what was said
    typed: tuple[str, str] = ("", "")  # in which of the changed remark's forms (replies, edit), and what

    @property
    def resolved_count(self) -> int:
        return sum(number for (_kind, state), number in self.counts.items() if state == RESOLVED)

    @property
    def pages(self) -> int:
        return max(1, -(-self.shown // PER_PAGE))

    def said(self, text: str) -> str:
        """What somebody wrote, with the words of the search marked."""
        return with_marks(text, self.words)

    def open_of(self, kind: str) -> int:
        """How many open remarks of a kind there are."""
        return self.counts.get((kind, OPEN), 0)


def margin_of(session: Session, note_id: str, handover_id: str, view: View, **said: Any) -> Margin:
    """The margin in one statement for a note without remarks, in three for others."""
    counts = remark_counts(session, note_id)
    shown = sum(number for (_kind, state), number in counts.items() if view.resolved or state == OPEN)
    found: Iterable[Annotation] = ()
    if shown:
        query = annotations_of(note_id)
        if not view.resolved:
            query = query.where(Annotation.state == OPEN)
        found = list(session.scalars(query.limit(PER_PAGE).offset((view.page - 1) * PER_PAGE)))
    marks = [
        {"id": one.id, "start": one.anchor_start, "end": one.anchor_end, "state": one.state, "kind": one.kind}
        for one in found
    ]
    remarks = [_remark(one, handover_id) for one in found]
    return Margin(note_id, view, remarks, marks, shown, counts, **said)


def view_with(session: Session, annotation: Annotation) -> View:
    """The view in which a remark is seen."""
    resolved = annotation.state == RESOLVED
    ids = annotations_of(annotation.note_id).with_only_columns(Annotation.id, maintain_column_froms=True)
    if not resolved:
        ids = ids.where(Annotation.state == OPEN)
    total = session.scalar(select(func.count()).select_from(ids.order_by(None).subquery())) or 0
    if total <= PER_PAGE:
        return View(resolved)
    place = list(session.scalars(ids)).index(annotation.id)
    return View(resolved, place // PER_PAGE + 1)


_HAN = re.compile(r"[\u3400-\u9fff]")


def language_of(text: str) -> str:
    """The language a remark is most likely in: nobody is asked for it, and the right face and voice depend on it."""
    return "zh-Hans" if _HAN.search(text) else "en"


def _name(user: User | None) -> str:
    return user.name if user else _("former colleague")


def _remark(one: Annotation, handover_id: str) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "state": one.state, "author": _name(one.author),
        "created_at": one.created_at, "body": one.body, "language": language_of(one.body),
        "status": one.anchor_status, "exact": one.anchor_exact, "quote": one.quote,
        "replacement": one.replacement,
        "resolved_by": _name(one.resolved_by) if one.state == RESOLVED else None, "resolved_at": one.resolved_at,
        "facts": Facts(handover_id, one.author_id),
        "replies": [
            {
                "author": _name(reply.author), "created_at": reply.created_at, "body": reply.body,
                "language": language_of(reply.body),
            }
            for reply in one.replies
        ],
    }  # fmt: skip

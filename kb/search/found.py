"""Hits as they are shown: loaded from the database under the caller's rights, with title, passage and address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.markdown import Heading
from kb.notes.queries import body_of
from kb.notes.rendering import rendered
from kb.search.changes import ANNOTATION, ITEM, NOTE, REGISTER
from kb.search.interface import Hit
from kb.search.marking import mark
from kb.search.query import Query
from kb.search.rows import entry_rows, item_rows, note_rows, remark_rows, replies_to
from kb.search.snippets import snippet


@dataclass(frozen=True)
class Found:
    """One hit; `title_html` and `snippet` hold nothing but escaped text and <mark>."""

    type: str
    id: str
    note_id: str | None
    title: str
    title_html: str
    url: str
    section: str | None
    snippet: str
    score: float
    handover_id: str
    handover_title: str
    updated_at: datetime
    kind: str | None = None
    importance: str | None = None
    state: str | None = None
    status: str | None = None
    author: str | None = None
    path: tuple[str, ...] = ()  # the headings above the passage, outermost first
    outline: tuple[Heading, ...] = ()  # a note's headings


def show(session: Session, identity: Identity, hits: Iterable[Hit], query: Query) -> list[Found]:
    """Load the hits in their order; what the caller may not read, or what is gone, is left out."""
    order = list(hits)
    ids: dict[str, list[str]] = {NOTE: [], ITEM: [], ANNOTATION: [], REGISTER: []}
    for hit in order:
        ids[hit.type].append(hit.id.partition(":")[2])
    rows = {NOTE: note_rows, ITEM: item_rows, ANNOTATION: remark_rows, REGISTER: entry_rows}
    loaded = {f"{kind}:{row.id}": row for kind in rows for row in rows[kind](session, identity, ids[kind])}
    replies = replies_to(session, [row.id for name, row in loaded.items() if name.startswith(ANNOTATION)])
    found = []
    for hit in order:
        row = loaded.get(hit.id)
        if row is None:
            continue
        if hit.type == NOTE:
            found.append(_note(session, row, hit, query))
        elif hit.type == ITEM:
            found.append(_item(row, hit, query))
        elif hit.type == REGISTER:
            found.append(_entry(row, hit, query))
        else:
            found.append(_remark(row, replies.get(row.id, ()), hit, query))
    return found


def _note(session: Session, row: Any, hit: Hit, query: Query) -> Found:
    if row.text is None:  # kept by another version of the renderer
        made = rendered(session, body_of(session, row.id), row.body_sha256)
        text, outline = made.text, made.outline
    else:
        text, outline = row.text, tuple(Heading(**heading) for heading in row.outline)
    passage = snippet(text, outline, query)
    anchor = f"#{passage.anchor}" if passage.anchor else ""
    return Found(
        type=NOTE, id=row.id, note_id=row.id, title=row.title, title_html=mark(row.title, query),
        url=f"/notes/{row.id}{anchor}", section=passage.heading, snippet=passage.html, score=round(hit.score, 4),
        handover_id=row.handover_id, handover_title=row.handover_title, updated_at=row.updated_at, kind=row.kind,
        importance=row.importance, status=row.status, author=row.author, path=passage.path, outline=outline,
    )  # fmt: skip


def _item(row: Any, hit: Hit, query: Query) -> Found:
    return Found(
        type=ITEM, id=row.id, note_id=None, title=row.title, title_html=mark(row.title, query),
        url=f"/items/{row.id}", section=row.module, snippet=snippet(row.guidance, (), query).html,
        score=round(hit.score, 4), handover_id=row.handover_id, handover_title=row.handover_title,
        updated_at=row.updated_at, importance=row.importance, state=row.state, author=row.owner,
    )  # fmt: skip


def _entry(row: Any, hit: Hit, query: Query) -> Found:
    said = (row.remark, row.location, row.contact, row.vault_ref, row.new_holder)
    return Found(
        type=REGISTER, id=row.id, note_id=None, title=row.title, title_html=mark(row.title, query),
        url=f"/register/{row.id}", section=None, snippet=snippet(" · ".join(filter(None, said)), (), query).html,
        score=round(hit.score, 4), handover_id=row.handover_id, handover_title=row.handover_title,
        updated_at=row.updated_at, kind=row.kind, importance=row.importance, state=row.state, author=row.holder,
    )  # fmt: skip


def _remark(row: Any, replies: Sequence[str], hit: Hit, query: Query) -> Found:
    said = "\n".join([row.body, *replies, row.quote]).strip()
    return Found(
        type=ANNOTATION, id=row.id, note_id=row.note_id, title=row.title, title_html=mark(row.title, query),
        url=f"/notes/{row.note_id}#a-{row.id}", section=None, snippet=snippet(said, (), query).html,
        score=round(hit.score, 4), handover_id=row.handover_id, handover_title=row.handover_title,
        updated_at=row.updated_at, kind=row.kind, state=row.state, author=row.author,
    )  # fmt: skip

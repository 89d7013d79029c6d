"""Hits as they are shown: loaded from the database under the caller's rights, with title, passage and address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.access.identity import Identity
from kb.annotations.models import Annotation
from kb.checklists.models import Item
from kb.handovers.models import Handover
from kb.notes.models import Note
from kb.notes.queries import visible_notes
from kb.notes.rendering import rendered
from kb.search.changes import ANNOTATION, ITEM, NOTE
from kb.search.interface import Hit
from kb.search.marking import mark
from kb.search.query import Query
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


def show(session: Session, identity: Identity, hits: Iterable[Hit], query: Query) -> list[Found]:
    """Load the hits in their order; what the caller may not read, or what is gone, is left out."""
    order = list(hits)
    ids: dict[str, list[str]] = {NOTE: [], ITEM: [], ANNOTATION: []}
    for hit in order:
        ids[hit.type].append(hit.id.partition(":")[2])
    loaded = {
        **_notes(session, identity, ids[NOTE], query),
        **_items(session, identity, ids[ITEM], query),
        **_annotations(session, identity, ids[ANNOTATION], query),
    }
    titles = _handover_titles(session, {one.handover_id for one in loaded.values()})
    return [
        _with(loaded[hit.id], hit.score, titles.get(loaded[hit.id].handover_id, ""))
        for hit in order
        if hit.id in loaded
    ]


def _with(found: Found, score: float, handover_title: str) -> Found:
    return Found(**{**vars(found), "score": round(score, 4), "handover_title": handover_title})


def _handover_titles(session: Session, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    return dict(session.execute(select(Handover.id, Handover.title).where(Handover.id.in_(ids))).all())


def _notes(session: Session, identity: Identity, ids: list[str], query: Query) -> dict[str, Found]:
    if not ids:
        return {}
    rows = session.scalars(visible_notes(identity).where(Note.id.in_(ids)).options(joinedload(Note.author)))
    found: dict[str, Found] = {}
    for note in rows:
        made = rendered(session, note.body, note.body_sha256)
        passage = snippet(made.text, made.outline, query)
        anchor = f"#{passage.anchor}" if passage.anchor else ""
        found[f"{NOTE}:{note.id}"] = Found(
            type=NOTE, id=note.id, note_id=note.id, title=note.title, title_html=mark(note.title, query),
            url=f"/notes/{note.id}{anchor}", section=passage.heading, snippet=passage.html, score=0,
            handover_id=note.handover_id, handover_title="", updated_at=note.updated_at, kind=note.kind,
            importance=note.importance, status=note.status, author=note.author.name if note.author else None,
            path=passage.path,
        )  # fmt: skip
    return found


def _items(session: Session, identity: Identity, ids: list[str], query: Query) -> dict[str, Found]:
    if not ids:
        return {}
    rows = session.scalars(
        select(Item)
        .where(Item.id.in_(ids), Item.handover_id.in_(identity.handovers_as()))
        .options(joinedload(Item.module), joinedload(Item.owner))
    )
    return {
        f"{ITEM}:{item.id}": Found(
            type=ITEM,
            id=item.id,
            note_id=None,
            title=item.title,
            title_html=mark(item.title, query),
            url=f"/items/{item.id}",
            section=item.module.title,
            snippet=snippet(item.guidance, (), query).html,
            score=0,
            handover_id=item.handover_id,
            handover_title="",
            updated_at=item.updated_at,
            importance=item.importance,
            state=item.state,
            author=item.owner.name if item.owner else None,
        )
        for item in rows
    }


def _annotations(session: Session, identity: Identity, ids: list[str], query: Query) -> dict[str, Found]:
    if not ids:
        return {}
    readable = visible_notes(identity).with_only_columns(Note.id)
    rows = session.scalars(
        select(Annotation)
        .where(Annotation.id.in_(ids), Annotation.note_id.in_(readable))
        .options(joinedload(Annotation.note), joinedload(Annotation.author), selectinload(Annotation.replies))
    )
    found: dict[str, Found] = {}
    for remark in rows:
        said = "\n".join([remark.body, *(reply.body for reply in remark.replies), remark.quote])
        found[f"{ANNOTATION}:{remark.id}"] = Found(
            type=ANNOTATION, id=remark.id, note_id=remark.note_id, title=remark.note.title,
            title_html=mark(remark.note.title, query), url=f"/notes/{remark.note_id}#a-{remark.id}",
            section=None, snippet=snippet(said.strip(), (), query).html, score=0,
            handover_id=remark.note.handover_id, handover_title="", updated_at=remark.updated_at,
            kind=remark.kind, state=remark.state, author=remark.author.name if remark.author else None,
        )  # fmt: skip
    return found

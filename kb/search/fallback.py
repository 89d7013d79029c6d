"""Searching in the database while there is no index: plain containment, newest first, never an error."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.notes.models import Note, Rendering
from kb.notes.queries import visible_notes
from kb.notes.rendering import RENDERER_VERSION
from kb.search.changes import NOTE
from kb.search.documents import document_id
from kb.search.interface import Filters, Hit, Results

MOST_WORDS = 6


def search_database(session: Session, identity: Identity, text: str, filters: Filters, limit: int) -> Results:
    """Notes that contain every typed word, by the filters the database can apply; no facets."""
    query = visible_notes(identity).join(
        Rendering, Rendering.key == RENDERER_VERSION + ":" + Note.body_sha256, isouter=True
    )
    for word in text.split()[:MOST_WORDS]:
        query = query.where(
            or_(Note.title.icontains(word, autoescape=True), Rendering.text.icontains(word, autoescape=True))
        )
    for name, column in (
        ("kind", Note.kind),
        ("handover", Note.handover_id),
        ("importance", Note.importance),
    ):
        value = getattr(filters, name)
        if value:
            query = query.where(column == value)
    if filters.updated_after:
        query = query.where(Note.updated_at > filters.updated_after)
    if filters.type not in (None, NOTE):
        return Results(0, (), {})
    total = session.scalar(select(func.count()).select_from(query.with_only_columns(Note.id).subquery())) or 0
    ids = session.scalars(query.with_only_columns(Note.id).order_by(Note.updated_at.desc()).limit(limit))
    return Results(total, tuple(Hit(document_id(NOTE, note_id), NOTE, 0.0) for note_id in ids), {})

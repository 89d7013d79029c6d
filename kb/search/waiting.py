"""What the index still shows although the database no longer does: changes that wait to be indexed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.annotations.models import Annotation
from kb.checklists.models import Item
from kb.notes.models import Note
from kb.notes.queries import visible_notes
from kb.registers.models import Entry
from kb.search import changes
from kb.search.changes import ANNOTATION, ITEM, NOTE, REGISTER
from kb.search.documents import document_id
from kb.search.interface import IndexUnavailable
from kb.search.reading import View

MOST_WAITING = 2000  # changes; the database answers while more wait


def hidden(session: Session, identity: Identity, view: View) -> frozenset[str]:
    """Documents with waiting changes that the caller may not read as things stand now.

    Hits are checked one by one anyway; counts and facets would tell of these. Raises IndexUnavailable
    when the index is too far behind to be asked.
    """
    rows = changes.after(session, view.position or 0, MOST_WAITING + 1)
    if not rows:
        return frozenset()
    if len(rows) > MOST_WAITING:
        raise IndexUnavailable("too many changes wait to be indexed")
    touched = {
        kind: {row.object_id for row in rows if row.type == kind}
        for kind in (NOTE, ITEM, ANNOTATION, REGISTER)
    }
    readable = visible_notes(identity).with_only_columns(Note.id)
    gone = touched[NOTE] - set(session.scalars(readable.where(Note.id.in_(touched[NOTE]))))
    items = select(Item.id).where(Item.id.in_(touched[ITEM]), Item.handover_id.in_(identity.handovers_as()))
    entries = select(Entry.id).where(
        Entry.id.in_(touched[REGISTER]), Entry.handover_id.in_(identity.handovers_as())
    )
    remarks = touched[ANNOTATION] | set(
        session.scalars(select(Annotation.id).where(Annotation.note_id.in_(gone)))
    )
    seen = select(Annotation.id).where(Annotation.id.in_(remarks), Annotation.note_id.in_(readable))
    return frozenset(
        [document_id(NOTE, one) for one in gone]
        + [document_id(ITEM, one) for one in touched[ITEM] - set(session.scalars(items))]
        + [document_id(REGISTER, one) for one in touched[REGISTER] - set(session.scalars(entries))]
        + [document_id(ANNOTATION, one) for one in remarks - set(session.scalars(seen))]
    )

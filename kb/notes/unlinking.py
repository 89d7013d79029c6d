"""Taking an item off the checklist: its notes stay, linked to it no longer."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, selectinload

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.checklists.models import Item
from kb.checklists.queries import get_item, item_facts
from kb.notes.models import Note, note_items


def linked_notes(session: Session, item_id: str) -> int:
    """How many notes are linked to an item, drafts and those in the bin too."""
    counted = select(func.count()).select_from(note_items).where(note_items.c.item_id == item_id)
    return session.scalar(counted) or 0


def delete_item(session: Session, identity: Identity, item_id: str) -> str:
    """Remove an item for good, and its module with the last one; returns the handover's id.

    Links are cut one by one, not by the database: search must hear of every note that loses one.
    """
    require(identity, Permission.ITEM_WRITE, item_facts(session, item_id))
    item = get_item(session, item_id)
    handover_id, module, title = item.handover_id, item.module, item.title
    linked = select(Note).where(Note.items.any(Item.id == item_id))
    for note in session.scalars(linked.options(defer(Note.body, raiseload=True), selectinload(Note.items))):
        note.items = [other for other in note.items if other.id != item_id]
    session.flush()
    session.delete(item)
    session.flush()
    if session.scalar(select(Item.id).where(Item.module_id == module.id).limit(1)) is None:
        session.delete(module)
    record(
        session, actor_id=identity.user_id, action="item.deleted", object_type="item", object_id=item_id,
        handover_id=handover_id, title=title,
    )  # fmt: skip
    return handover_id

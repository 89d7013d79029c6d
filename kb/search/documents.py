"""What is put into the index: search documents made from the database's rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.annotations.models import Annotation, Reply
from kb.checklists.models import Item
from kb.notes.models import Note, NoteStatus, note_items
from kb.notes.rendering import rendered
from kb.registers.models import Entry
from kb.registers.schemas import holder_name
from kb.search.changes import ANNOTATION, ITEM, NOTE, REGISTER
from kb.search.interface import SearchDocument

BATCH = 200


def document_id(kind: str, object_id: str) -> str:
    """How the index names a thing."""
    return f"{kind}:{object_id}"


def _scopes(note: Note) -> tuple[str, ...]:
    if note.status == NoteStatus.DRAFT:
        return (f"m:{note.handover_id}", f"a:{note.handover_id}:{note.author_id}")
    return (f"h:{note.handover_id}",)


def _note(session: Session, note: Note) -> SearchDocument:
    made = rendered(session, note.body, note.body_sha256)
    return SearchDocument(
        id=document_id(NOTE, note.id), type=NOTE, note_id=note.id, handover=note.handover_id,
        scopes=_scopes(note), kind=note.kind, title=note.title,
        headings=tuple(heading.text for heading in made.outline),
        body=f"{note.purpose}\n{made.text}" if note.purpose else made.text,
        tags=tuple(note.tags), modules=tuple(dict.fromkeys(item.module.title for item in note.items)),
        items=tuple(item.id for item in note.items), author=note.author.email if note.author else None,
        importance=note.importance, language=note.language, updated_at=note.updated_at,
    )  # fmt: skip


def _item(item: Item) -> SearchDocument:
    return SearchDocument(
        id=document_id(ITEM, item.id), type=ITEM, handover=item.handover_id, scopes=(f"h:{item.handover_id}",),
        title=item.title, body=item.guidance, modules=(item.module.title,), items=(item.id,),
        author=item.owner.email if item.owner else None, importance=item.importance, updated_at=item.updated_at,
    )  # fmt: skip


def _annotation(annotation: Annotation) -> SearchDocument:
    note = annotation.note
    said = [annotation.body, annotation.quote, annotation.replacement or ""]
    said += [reply.body for reply in annotation.replies]
    return SearchDocument(
        id=document_id(ANNOTATION, annotation.id), type=ANNOTATION, note_id=note.id, handover=note.handover_id,
        scopes=_scopes(note), kind=annotation.kind, title="", body="\n".join(text for text in said if text),
        modules=tuple(dict.fromkeys(item.module.title for item in note.items)),
        items=tuple(item.id for item in note.items),
        author=annotation.author.email if annotation.author else None, updated_at=annotation.updated_at,
    )  # fmt: skip


def _entry(entry: Entry) -> SearchDocument:
    item = entry.item
    holders = (
        holder_name(entry.holder, entry.holder_name),
        holder_name(entry.new_holder, entry.new_holder_name),
    )
    said = [entry.remark, entry.location, entry.contact, entry.vault_ref, *holders]
    return SearchDocument(
        id=document_id(REGISTER, entry.id), type=REGISTER, handover=entry.handover_id,
        scopes=(f"h:{entry.handover_id}",), kind=entry.kind, title=entry.name,
        body="\n".join(text for text in said if text), modules=(item.module.title,) if item else (),
        items=(item.id,) if item else (), author=entry.holder.email if entry.holder else None,
        importance=entry.importance, language=entry.language, updated_at=entry.updated_at,
    )  # fmt: skip


def load(session: Session, kind: str, ids: list[str]) -> list[SearchDocument]:
    """The documents of those of the named things that exist and are to be found."""
    if kind == NOTE:
        notes = session.scalars(
            select(Note)
            .where(Note.id.in_(ids), Note.deleted_at.is_(None))
            .options(joinedload(Note.author), selectinload(Note.items).joinedload(Item.module))
        )
        return [_note(session, note) for note in notes]
    if kind == ITEM:
        items = session.scalars(
            select(Item).where(Item.id.in_(ids)).options(joinedload(Item.module), joinedload(Item.owner))
        )
        return [_item(item) for item in items]
    if kind == REGISTER:
        entries = session.scalars(
            select(Entry)
            .where(Entry.id.in_(ids))
            .options(
                joinedload(Entry.holder),
                joinedload(Entry.new_holder),
                joinedload(Entry.item).joinedload(Item.module),
            )
        )
        return [_entry(entry) for entry in entries]
    remarks = session.scalars(
        select(Annotation)
        .join(Annotation.note)
        .where(Annotation.id.in_(ids), Note.deleted_at.is_(None))
        .options(
            joinedload(Annotation.author),
            selectinload(Annotation.replies).raiseload(Reply.author),
            joinedload(Annotation.note).selectinload(Note.items).joinedload(Item.module),
        )
    )
    return [_annotation(remark) for remark in remarks]


def affected(session: Session, touched: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What must be indexed again: the things themselves and those that repeat something of them."""
    found: dict[str, dict[str, None]] = {NOTE: {}, ITEM: {}, ANNOTATION: {}, REGISTER: {}}
    for kind, object_id in touched:
        found[kind][object_id] = None
    items = list(found[ITEM])
    for start in range(0, len(items), BATCH):
        linked = select(note_items.c.note_id).where(note_items.c.item_id.in_(items[start : start + BATCH]))
        found[NOTE].update(dict.fromkeys(session.scalars(linked)))
        entries = select(Entry.id).where(Entry.item_id.in_(items[start : start + BATCH]))
        found[REGISTER].update(dict.fromkeys(session.scalars(entries)))
    notes = list(found[NOTE])
    for start in range(0, len(notes), BATCH):
        remarks = select(Annotation.id).where(Annotation.note_id.in_(notes[start : start + BATCH]))
        found[ANNOTATION].update(dict.fromkeys(session.scalars(remarks)))
    return {kind: list(ids) for kind, ids in found.items()}


def all_versions(session: Session) -> Iterator[tuple[str, datetime]]:
    """Id and time of last change of everything that should be in the index."""
    for note_id, at in session.execute(select(Note.id, Note.updated_at).where(Note.deleted_at.is_(None))):
        yield document_id(NOTE, note_id), at
    for item_id, at in session.execute(select(Item.id, Item.updated_at)):
        yield document_id(ITEM, item_id), at
    for entry_id, at in session.execute(select(Entry.id, Entry.updated_at)):
        yield document_id(REGISTER, entry_id), at
    remarks = (
        select(Annotation.id, Annotation.updated_at).join(Annotation.note).where(Note.deleted_at.is_(None))
    )
    for annotation_id, at in session.execute(remarks):
        yield document_id(ANNOTATION, annotation_id), at

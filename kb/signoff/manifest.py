"""The manifest: everything that is handed over, as facts that can be written down and hashed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from kb.access.roles import Role
from kb.attachments.models import Attachment
from kb.handovers.models import Handover
from kb.notes.coverage import ItemCoverage, SlotCoverage, coverage_of
from kb.notes.models import Note, NoteStatus
from kb.people.models import User
from kb.signoff.register_facts import register_facts
from kb.signoff.rehearsal_facts import meeting_facts, practice_facts
from kb.signoff.summary import MANIFEST, VERSION

# What is handed over; the rest of a manifest says when and how it was fixed.
SECTIONS = ("handover", "members", "items", "notes", "attachments", "register", "meetings", "practice_runs")
Facts = dict[str, Any]
_ROLES = list(Role)


def handed_over(session: Session, handover: Handover) -> Facts:
    """The sections of the manifest as things are now; `handover` with its members loaded. Moments are UTC."""
    return {
        "handover": _handover(handover),
        "members": _members(handover),
        "items": _items(session, handover.id),
        "notes": _notes(session, handover.id),
        "attachments": _attachments(session, handover.id),
        "register": register_facts(session, handover.id),
        "meetings": meeting_facts(session, handover.id),
        "practice_runs": practice_facts(session, handover.id),
    }


def manifest_of(
    sections: Mapping[str, Any], *, number: int, at: datetime, zone: str, exceptions: Sequence[Facts]
) -> Facts:
    """The whole manifest: what is handed over, and what was still open and why it was signed all the same."""
    return {
        "format": MANIFEST, "version": VERSION, "number": number, "fixed_at": at.isoformat(), "time_zone": zone,
        "exceptions": list(exceptions), **sections,
    }  # fmt: skip


def _handover(handover: Handover) -> Facts:
    return {
        "id": handover.id, "title": handover.title, "position": handover.position, "department": handover.department,
        "language": handover.language, "last_day": _day(handover.last_day),
        "support_until": _day(handover.support_until), "confirmed_on": _day(handover.confirmed_on),
        "confirmed_by": handover.confirmed_by, "template": handover.template_id,
        "template_version": handover.template_version,
    }  # fmt: skip


def _members(handover: Handover) -> list[Facts]:
    entries = sorted(handover.memberships, key=lambda m: (_ROLES.index(Role(m.role)), m.user.email))
    return [{"role": m.role, "name": m.user.name, "email": m.user.email} for m in entries]


def _items(session: Session, handover_id: str) -> list[Facts]:
    return [_item(one) for one in coverage_of(session, handover_id).items]


def _item(one: ItemCoverage) -> Facts:
    item = one.item
    return {
        "id": item.id, "module": item.module.title, "title": item.title, "importance": item.importance,
        "state": item.state, "covered": one.covered, "notes": one.notes, "owner": person(item.owner),
        "due": _day(item.due), "rhythm": item.rhythm, "required_level": item.required_level,
        "required_runs": item.required_runs, "slots": [_slot(slot) for slot in one.slots],
    }  # fmt: skip


def _slot(slot: SlotCoverage) -> Facts:
    return {
        "slot": str(slot.slot), "state": str(slot.state), "note": slot.note_id, "heading": slot.heading,
        "reason": slot.reason,
    }  # fmt: skip


def _published(handover_id: str) -> tuple[Any, ...]:
    """Drafts and what lies in the bin are not handed over."""
    return (
        Note.handover_id == handover_id, Note.status == NoteStatus.PUBLISHED, Note.deleted_at.is_(None),
    )  # fmt: skip


def _notes(session: Session, handover_id: str) -> list[Facts]:
    notes = session.scalars(
        select(Note)
        .where(*_published(handover_id))
        .options(joinedload(Note.author), joinedload(Note.owner), selectinload(Note.items), defer(Note.body))
        .order_by(Note.id)
    )
    return [
        {
            "id": note.id, "title": note.title, "kind": note.kind, "revision": note.revision,
            "sha256": note.body_sha256, "language": note.language, "importance": note.importance,
            "items": sorted(item.id for item in note.items), "author": person(note.author),
            "owner": person(note.owner), "updated_at": note.updated_at.isoformat(),
        }
        for note in notes
    ]  # fmt: skip


def _attachments(session: Session, handover_id: str) -> list[Facts]:
    files = session.scalars(
        select(Attachment)
        .join(Note, Note.id == Attachment.note_id)
        .where(*_published(handover_id))
        .order_by(Attachment.id)
    )
    return [
        {"id": one.id, "note": one.note_id, "name": one.name, "size": one.size, "sha256": one.sha256}
        for one in files
    ]


def person(user: User | None) -> str | None:
    """A person by their address, which is what stays the same."""
    return user.email if user else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

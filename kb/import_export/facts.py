"""What an export holds beside notes, as plain data: checklist, register, meetings, practice, remarks, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.annotations.models import Annotation, Reply
from kb.attachments.models import Attachment
from kb.checklists.models import Item
from kb.checklists.queries import items_of
from kb.handovers.models import Handover
from kb.notes.models import SlotMark
from kb.people.models import User
from kb.registers.models import Entry
from kb.registers.queries import entries_of
from kb.rehearsals.models import Meeting, MeetingItem, PracticeRun

Facts = dict[str, Any]


def of_handover(handover: Handover) -> Facts:
    """The handover itself; members must be loaded."""
    names = ("id", "title", "position", "department", "language", "stage", "confirmed_by", "announcement",
             "template_id", "template_version")  # fmt: skip
    days = ("last_day", "support_until", "confirmed_on", "created_at", "announced_at")
    return {
        **{name: getattr(handover, name) for name in names},
        **{name: _iso(getattr(handover, name)) for name in days},
        "members": sorted(
            ({"role": m.role, "name": m.user.name, "email": m.user.email} for m in handover.memberships),
            key=lambda one: (one["role"], one["email"]),
        ),
    }


def of_items(session: Session, handover_id: str) -> list[Facts]:
    """The checklist in order, each slot with what was said of it."""
    marks: dict[str, list[SlotMark]] = {}
    query = select(SlotMark).join(Item, Item.id == SlotMark.item_id).where(Item.handover_id == handover_id)
    for mark in session.scalars(query):
        marks.setdefault(mark.item_id, []).append(mark)
    return [_item(item, marks.get(item.id, ())) for item in session.scalars(items_of(handover_id))]


def _item(item: Item, marks: Iterable[SlotMark]) -> Facts:
    said = {mark.slot: mark for mark in marks}
    plain = ("id", "title", "guidance", "importance", "state", "rhythm", "kinds", "template_key",
             "required_level", "required_runs")  # fmt: skip
    return {
        **{name: getattr(item, name) for name in plain},
        "module": item.module.title,
        "due": _iso(item.due),
        "next_on": _iso(item.next_on),
        "owner": _email(item.owner),
        "slots": [_slot(slot.slot, said.get(slot.slot)) for slot in item.slots],
    }


def _slot(slot: str, mark: SlotMark | None) -> Facts:
    if mark is None:
        return {"slot": slot}
    said = {"note": mark.note_id, "heading": mark.heading, "waived_because": mark.waived_because,
            "accepted_at": _iso(mark.accepted_at)}  # fmt: skip
    return {"slot": slot, **{name: value for name, value in said.items() if value is not None}}


def of_register(session: Session, handover_id: str) -> list[Facts]:
    """The register in order; a holder is an address, or a name where there is no account."""
    return [_entry(entry) for entry in session.scalars(entries_of(handover_id))]


def _entry(entry: Entry) -> Facts:
    plain = (
        "id",
        "kind",
        "name",
        "location",
        "contact",
        "remark",
        "vault_ref",
        "importance",
        "state",
        "language",
    )
    return {
        **{name: getattr(entry, name) for name in plain},
        "item": entry.item.title if entry.item else None,
        "holder": _email(entry.holder) or entry.holder_name or None,
        "new_holder": _email(entry.new_holder) or entry.new_holder_name or None,
        "expires_on": _iso(entry.expires_on),
    }


def of_meetings(session: Session, handover_id: str) -> list[Facts]:
    """Meetings and demonstrations in the order they were held."""
    query = (
        select(Meeting)
        .where(Meeting.handover_id == handover_id)
        .options(selectinload(Meeting.links).joinedload(MeetingItem.item), joinedload(Meeting.recorded_by))
        .order_by(Meeting.held_at, Meeting.id)
    )
    plain = ("id", "kind", "agenda", "minutes", "problem", "recording", "language")
    return [
        {
            **{name: getattr(meeting, name) for name in plain},
            "held_at": _iso(meeting.held_at),
            "attendees": [one.get("name") for one in meeting.attendees],
            "items": [link.item.title for link in meeting.links if not link.agreed],
            "agreed": [link.item.title for link in meeting.links if link.agreed],
            "recorded_by": _email(meeting.recorded_by),
            "case_note": meeting.note_id,
        }
        for meeting in session.scalars(query)
    ]


def of_practice(session: Session, handover_id: str) -> list[Facts]:
    """Practice runs in the order they were made."""
    query = (
        select(PracticeRun)
        .join(PracticeRun.item)
        .where(Item.handover_id == handover_id)
        .options(
            *(joinedload(one) for one in (PracticeRun.item, PracticeRun.successor, PracticeRun.recorded_by))
        )
        .order_by(PracticeRun.held_at, PracticeRun.id)
    )
    plain = ("id", "level", "outcome", "feedback", "problem", "fix")
    return [
        {
            **{name: getattr(run, name) for name in plain},
            "item": run.item.title,
            "successor": _email(run.successor),
            "recorded_by": _email(run.recorded_by),
            "held_at": _iso(run.held_at),
            "next_on": _iso(run.next_on),
            "note": run.note_id,
        }
        for run in session.scalars(query)
    ]


def of_remarks(session: Session, note_ids: Iterable[str]) -> list[Facts]:
    """The remarks on these notes with their replies."""
    replies = selectinload(Annotation.replies).joinedload(Reply.author)
    query = (
        select(Annotation)
        .where(Annotation.note_id.in_(list(note_ids)))
        .options(joinedload(Annotation.author), replies)
        .order_by(Annotation.note_id, Annotation.created_at, Annotation.id)
    )
    plain = ("id", "kind", "body", "replacement", "state", "quote", "revision")
    return [
        {
            **{name: getattr(one, name) for name in plain},
            "note": one.note_id,
            "author": _email(one.author),
            "created_at": _iso(one.created_at),
            "replies": [
                {"author": _email(reply.author), "body": reply.body, "created_at": _iso(reply.created_at)}
                for reply in one.replies
            ],
        }
        for one in session.scalars(query)
    ]


def of_attachment(attachment: Attachment, file: str) -> Mapping[str, Any]:
    """A file and where it lies in the export."""
    return {
        "id": attachment.id, "note": attachment.note_id, "name": attachment.name, "type": attachment.media_type,
        "size": attachment.size, "sha256": attachment.sha256, "file": file,
    }  # fmt: skip


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _email(user: User | None) -> str | None:
    return user.email if user else None

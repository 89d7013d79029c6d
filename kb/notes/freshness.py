"""How far a note can still be relied on, and saying that it is still right.

KCS calls it the solve loop, "reuse is review": whoever uses a note says whether it still holds. Content health is
what is left over: notes nobody has looked at in their time. A published note has a day by which it is to be checked,
from the day it is published or last checked: critical 90 days, high 180, normal 365; low has none, unless somebody
names a day. A click on "still right" is a check, and so is a major change by the owner; a minor one is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, defer, joinedload

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.checklists.models import Importance
from kb.clock import now
from kb.errors import Conflict, Invalid
from kb.i18n import _
from kb.notes.models import Note, NoteStatus
from kb.notes.queries import get_note, note_facts, visible_notes

DAYS = {Importance.CRITICAL: 90, Importance.HIGH: 180, Importance.NORMAL: 365}  # from one check to the next
SOON, LONG_PAST = 14, 30  # days before the day, and after it


class Freshness(StrEnum):
    """Within its time; its day has come or is near; long past it; nobody asks for a check."""

    FRESH = "fresh"
    DUE = "due"
    STALE = "stale"
    UNSET = "unset"


def freshness(check_by: date | None, today: date) -> Freshness:
    """The state of a note that is to be checked by a day: due from 14 days before it, stale 31 days after it."""
    if check_by is None:
        return Freshness.UNSET
    left = (check_by - today).days
    if left > SOON:
        return Freshness.FRESH
    return Freshness.DUE if left >= -LONG_PAST else Freshness.STALE


def default_check_by(importance: str, day: date) -> date | None:
    """The day by which a note published or checked on `day` is to be checked; None: never."""
    days = DAYS.get(Importance(importance))
    return day + timedelta(days=days) if days else None


def next_check_by(importance: str, check_by: date | None, day: date) -> date | None:
    """The next day after a check on `day`; a later one that somebody has named stays."""
    following = default_check_by(importance, day)
    if following is None and check_by is not None:  # of low importance, but somebody wants it checked: yearly
        following = default_check_by(Importance.NORMAL, day)
    return max(following, check_by) if following and check_by else following


def first_check_by(fields: Mapping[str, Any], day: date) -> date | None:
    """The day of a new note by its checked fields: the one named, or what follows from its importance."""
    if fields.get("check_by") or fields["status"] != NoteStatus.PUBLISHED:
        return fields.get("check_by")
    return default_check_by(fields["importance"], day)


def after_save(
    note: Note, identity: Identity, before: Mapping[str, Any], after: Mapping[str, Any], *, minor: bool
) -> None:
    """Let a note's next day follow from what a save has changed; a day that was named in it stays as named.

    Whoever only names a day or an owner has not checked the note.
    """
    changed = {name for name in after if after[name] != before[name]}
    named, today = note.check_by, note.updated_at.date()
    if note.status != NoteStatus.PUBLISHED:
        return
    if "status" in changed:  # its time begins
        note.check_by = note.check_by or default_check_by(note.importance, today)
    elif "importance" in changed:  # more important: sooner; low: no longer asked for
        following = default_check_by(note.importance, today)
        note.check_by = min(following, note.check_by or following) if following else None
    if changed - {"owner_id", "check_by", "status"} and not minor and identity.user_id == note.owner_id:
        mark_checked(note, identity.user_id)
    if "check_by" in changed and (named or "status" not in changed):
        note.check_by = named


def mark_checked(note: Note, user_id: str) -> None:
    """Write down that somebody has checked a note now; its next day follows from its importance."""
    note.checked_at, note.checked_by_id = now(), user_id
    note.check_by = next_check_by(note.importance, note.check_by, note.checked_at.date())


def still_right(session: Session, identity: Identity, note_id: str, revision: int | None) -> Note:
    """Say that a note is still right in the revision one has read; raises Conflict if there is a newer."""
    require(identity, Permission.NOTE_CHECK, note_facts(session, note_id))
    if revision is None:
        raise Invalid.field("revision", _("Say which revision you have read."))
    newest = select(Note).where(Note.id == note_id).with_for_update()
    session.scalar(newest.execution_options(populate_existing=True))
    note = get_note(session, note_id)
    if revision != note.revision:
        raise Conflict(_newer(revision, note.revision), current_revision=note.revision)
    mark_checked(note, identity.user_id)
    record(
        session, actor_id=identity.user_id, action="note.checked", object_type="note", object_id=note.id,
        handover_id=note.handover_id, revision=revision,
        check_by=note.check_by.isoformat() if note.check_by else None,
    )  # fmt: skip
    session.flush()
    session.expire(note, ["checked_by"])
    return get_note(session, note_id)


def _newer(read: int, current: int) -> str:
    if read > current:
        return _("There is no revision %(number)s of this note.") % {"number": read}
    return _(
        "Somebody has changed this note since you opened it. Read revision %(number)s, then say so again."
    ) % {"number": current}


def is_due(today: date) -> ColumnElement[bool]:
    """Published notes whose day has come or is near, long past ones too."""
    return and_(Note.status == NoteStatus.PUBLISHED, Note.check_by <= today + timedelta(days=SOON))


def due_of(identity: Identity, today: date) -> Select[Note]:
    """The notes a person owns that are to be checked, longest overdue first, with handover and without bodies."""
    return (
        visible_notes(identity)
        .where(Note.owner_id == identity.user_id, is_due(today))
        .options(defer(Note.body, raiseload=True), joinedload(Note.handover))
        .order_by(Note.check_by, Note.id)
    )


def count_due(session: Session, handover_id: str, today: date) -> tuple[int, int]:
    """How many published notes of a handover are to be checked, and how many of them are overdue."""
    overdue = func.count().filter(Note.check_by < today)
    found = select(func.count(), overdue).where(
        Note.handover_id == handover_id, Note.deleted_at.is_(None), is_due(today)
    )
    due, past = session.execute(found).one()
    return due, past

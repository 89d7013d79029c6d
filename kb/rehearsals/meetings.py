"""Planning and recording meetings: who, what about, what was said, and what was agreed as checklist items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.checklists.models import Importance, ItemState, Slot
from kb.checklists.queries import items_among
from kb.checklists.services import add_item
from kb.clock import now
from kb.errors import Conflict, FieldError, Invalid
from kb.handovers.models import Handover
from kb.i18n import _, in_locale
from kb.ids import new_id
from kb.notes.guarding import Finding, accepts, guard, record_accepted
from kb.notes.rendering import body_hash, keep_rendering
from kb.rehearsals.models import Meeting, MeetingItem, MeetingKind
from kb.rehearsals.practice import move_on
from kb.rehearsals.reading import get_meeting, meeting_facts, members_of
from kb.rehearsals.schemas import meeting_fields

WORDS = ("agenda", "minutes", "problem", "recording")  # in which a secret may stand
_PLAIN = ("kind", "held_at", "language", *WORDS)


def record_meeting(
    session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any], zone: str
) -> Meeting:
    """Plan a meeting or record one that was held; moments without an offset are in `zone`."""
    require(identity, Permission.MEETING_RECORD, Facts(handover_id))
    fields = meeting_fields(data, zone, creating=True)
    language = session.scalar(select(Handover.language).where(Handover.id == handover_id)) or "en"
    guard({"attendees": fields["attendees"]})
    secrets = guard({name: fields[name] for name in WORDS}, accepted=accepts(data))
    moment = now()
    meeting = Meeting(
        id=new_id(), handover_id=handover_id, recorded_by_id=identity.user_id, created_at=moment,
        updated_at=moment, attendees=[], links=[], kind=fields["kind"], language=language,
    )  # fmt: skip
    _put(session, meeting, fields)
    session.add(meeting)
    session.flush()
    _settle(session, identity, meeting, fields, data)
    _record(session, identity, "meeting.recorded", meeting, secrets)
    session.expire(meeting)
    return get_meeting(session, meeting.id)


def change_meeting(
    session: Session, identity: Identity, meeting_id: str, data: Mapping[str, Any], zone: str
) -> Meeting:
    """Change the fields that were sent; `base`, the `updated_at` they were typed on, must not be stale (Conflict)."""
    require(identity, Permission.MEETING_RECORD, meeting_facts(session, meeting_id))
    fields = meeting_fields(data, zone, creating=False)
    session.scalar(select(Meeting.id).where(Meeting.id == meeting_id).with_for_update())
    meeting = get_meeting(session, meeting_id)
    if data.get("base") and data["base"] != meeting.updated_at.isoformat():
        message = _(
            "Somebody saved this meeting while you were writing. Your text is kept; nothing was overwritten."
        )
        raise Conflict(message, updated_at=meeting.updated_at.isoformat())
    stood = {name: getattr(meeting, name) for name in WORDS}
    guard({"attendees": fields.get("attendees")}, {"attendees": [one["name"] for one in meeting.attendees]})
    said = {name: fields[name] for name in WORDS if name in fields}
    secrets = guard(said, stood, accepted=accepts(data))
    _put(session, meeting, fields)
    meeting.updated_at = now()
    session.flush()
    _settle(session, identity, meeting, fields, data)
    _record(session, identity, "meeting.changed", meeting, secrets)
    session.expire(meeting)
    return get_meeting(session, meeting_id)


def remove_meeting(session: Session, identity: Identity, meeting_id: str) -> str:
    """Take a meeting off the plan; returns its handover's id. One with minutes is part of the record and stays."""
    require(identity, Permission.MEETING_RECORD, meeting_facts(session, meeting_id))
    meeting = get_meeting(session, meeting_id)
    if meeting.minutes:
        raise Conflict(_("This meeting was held and has minutes: it is part of the record and stays."))
    handover_id = meeting.handover_id
    _record(session, identity, "meeting.removed", meeting)
    session.delete(meeting)
    session.flush()
    return handover_id


def _put(session: Session, meeting: Meeting, fields: Mapping[str, Any]) -> None:
    for name in _PLAIN:
        if name in fields:
            setattr(meeting, name, fields[name])
    if "attendees" in fields:
        meeting.attendees = _attendees(session, meeting.handover_id, fields["attendees"])
    if "items" in fields:
        _show(session, meeting, fields["items"])
    for text in (meeting.agenda, meeting.minutes):
        if text:
            keep_rendering(session, text, body_hash(text))


def _attendees(session: Session, handover_id: str, named: Iterable[str]) -> list[dict[str, str]]:
    """Members by their account; everybody else by what they were called."""
    members = {user.email: user for user in members_of(session, handover_id)}
    found = [(members.get(name.lower()), name) for name in named]
    return [{"name": user.name, "user_id": user.id} if user else {"name": name} for user, name in found]


def _show(session: Session, meeting: Meeting, ids: list[str]) -> None:
    """The items it is about; those that were agreed on in it stay."""
    if len(items_among(session, meeting.handover_id, ids)) != len(ids):
        raise Invalid.field("items", _("One of these checklist items is not in this handover."))
    kept = [link for link in meeting.links if link.agreed or link.item_id in ids]
    there = {link.item_id for link in kept}
    meeting.links = [*kept, *(MeetingItem(item_id=one) for one in ids if one not in there)]


def _settle(
    session: Session, identity: Identity, meeting: Meeting, fields: Mapping[str, Any], data: Mapping[str, Any]
) -> None:
    """What follows from it: items from what was agreed, and with `set_state` those shown are demonstrated."""
    if fields["agreed"]:
        _agree(session, identity, meeting, fields["agreed"])
    if data.get("set_state") and meeting.kind == MeetingKind.DEMONSTRATION and meeting.minutes:
        for link in [link for link in meeting.links if not link.agreed]:
            move_on(session, identity, link.item_id, ItemState.DEMONSTRATED)
    session.flush()


def _agree(
    session: Session, identity: Identity, meeting: Meeting, lines: Iterable[Mapping[str, Any]]
) -> None:
    """Each line becomes an item; what is wrong is told by line, as `agreed-0`."""
    language = session.scalar(select(Handover.language).where(Handover.id == meeting.handover_id)) or "en"
    with in_locale(language):  # a module's title is content
        module = _("Agreed in meetings")
    errors: list[FieldError] = []
    for number, line in enumerate(lines):
        # A slot, so that it can be answered by a passage or by a sentence saying how it was settled.
        about = {"module": module, "importance": str(Importance.NORMAL), "slots": [str(Slot.KEY_POINTS)]}
        said = {name: line.get(name) or None for name in ("title", "owner", "due")}
        try:
            item = add_item(session, identity, meeting.handover_id, about | said)
        except Invalid as invalid:
            errors += [FieldError(f"agreed-{number}", error.message) for error in invalid.errors]
        else:
            session.add(MeetingItem(meeting_id=meeting.id, item_id=item.id, agreed=True))
    if errors:
        raise Invalid(errors)


def _record(
    session: Session, identity: Identity, action: str, meeting: Meeting, secrets: tuple[Finding, ...] = ()
) -> None:
    record(
        session, actor_id=identity.user_id, action=action, object_type="meeting", object_id=meeting.id,
        handover_id=meeting.handover_id, kind=meeting.kind, held=bool(meeting.minutes),
    )  # fmt: skip
    record_accepted(session, identity, secrets, "meeting", meeting.id, meeting.handover_id)

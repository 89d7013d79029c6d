"""Meetings and demonstrations: `sessions` of a handover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.api.calls import ApiRequest, Json, call, created, page_of
from kb.api.note_json import email_of, name_of
from kb.api.people import caller
from kb.api.rehearsal_shapes import MeetingAnswer
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.notes.rendering import prepare, rendered, with_links
from kb.people.models import User
from kb.rehearsals.meetings import change_meeting, record_meeting, remove_meeting
from kb.rehearsals.models import Meeting, MeetingKind
from kb.rehearsals.reading import agreed_in, get_meeting, meetings_of, people_at, readable, shown_in
from kb.rehearsals.schemas import MeetingBody

ON_MEETING = [allow(Permission.MEETING_RECORD, "meeting_id")]


def zone_of(request: ApiRequest) -> str:
    """The organisation's time zone, in which moments without an offset are meant."""
    return services_of(request).settings.time_zone


def _meeting_json(
    session: Session, identity: Identity, meeting: Meeting, people: Mapping[str, User]
) -> MeetingAnswer:
    made = rendered(session, meeting.minutes).html if meeting.minutes else ""
    here = [(people.get(one.get("user_id", "")), one["name"]) for one in meeting.attendees]
    note = readable(identity, meeting.note)
    return MeetingAnswer(
        id=meeting.id,
        handover=meeting.handover_id,
        kind=MeetingKind(meeting.kind),
        held_at=meeting.held_at.isoformat(),
        held=bool(meeting.minutes),
        attendees=[user.email if user else name for user, name in here],
        attendee_names=[user.name if user else name for user, name in here],
        agenda=meeting.agenda,
        minutes=meeting.minutes,
        html=with_links(session, meeting.handover_id, made, drafts_of=identity.user_id),
        items=[item.id for item in shown_in(meeting)],
        agreed=[item.id for item in agreed_in(meeting)],
        problem=meeting.problem,
        recording=meeting.recording,
        note=note.id if note else None,
        language=meeting.language,
        recorded_by=email_of(meeting.recorded_by),
        recorded_by_name=name_of(meeting.recorded_by),
        url=f"/meetings/{meeting.id}",
        created_at=meeting.created_at.isoformat(),
        updated_at=meeting.updated_at.isoformat(),
    )


def _one(session: Session, identity: Identity, meeting: Meeting) -> MeetingAnswer:
    return _meeting_json(session, identity, meeting, people_at(session, [meeting]))


@get(
    "/handovers/{handover_id:str}/sessions",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    **call(MeetingAnswer, listing=True),
)
def get_sessions(request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]) -> Json:
    """A handover's meetings, the latest first."""
    found = page_of(request, session, meetings_of(handover_id))
    people, identity = people_at(session, found.items), caller(request)
    return found.map(lambda meeting: _meeting_json(session, identity, meeting, people))


@post(
    "/handovers/{handover_id:str}/sessions",
    guards=[allow(Permission.MEETING_RECORD, "handover_id")],
    **call(MeetingAnswer, body=MeetingBody, required="kind held_at", creating=True),
)
def post_session(
    request: ApiRequest,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    sent: NamedDependency[Json],
) -> Response[MeetingAnswer]:
    """Record a meeting that was held, or plan one; `agreed` lines become checklist items."""
    prepare(session, sent.get("minutes"))
    meeting = record_meeting(session, caller(request), handover_id, sent, zone_of(request))
    return created(_one(session, caller(request), meeting), f"sessions/{meeting.id}")


@get(
    "/sessions/{meeting_id:str}",
    guards=[allow(Permission.HANDOVER_READ, "meeting_id")],
    **call(MeetingAnswer),
)
def get_session(
    request: ApiRequest, session: NamedDependency[Session], meeting_id: FromPath[str]
) -> MeetingAnswer:
    """One meeting."""
    return _one(session, caller(request), get_meeting(session, meeting_id))


@patch(
    "/sessions/{meeting_id:str}",
    guards=ON_MEETING,
    **call(MeetingAnswer, body=MeetingBody, errors=(409,)),
)
def patch_session(
    request: ApiRequest,
    session: NamedDependency[Session],
    meeting_id: FromPath[str],
    sent: NamedDependency[Json],
) -> MeetingAnswer:
    """Change the fields that are sent, or write the minutes; a stale `base` is a conflict."""
    prepare(session, sent.get("minutes"))
    return _one(
        session, caller(request), change_meeting(session, caller(request), meeting_id, sent, zone_of(request))
    )


@delete("/sessions/{meeting_id:str}", guards=ON_MEETING, **call(errors=(409,)))
def delete_session(request: ApiRequest, session: NamedDependency[Session], meeting_id: FromPath[str]) -> None:
    """Take a meeting off the plan; one with minutes stays."""
    remove_meeting(session, caller(request), meeting_id)


HANDLERS: list[Any] = [get_sessions, post_session, get_session, patch_session, delete_session]

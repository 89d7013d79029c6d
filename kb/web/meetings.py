"""Pages of meetings: what comes next, what was said, what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.clock import now
from kb.gate.guards import allow
from kb.handovers.queries import get_handover
from kb.notes.fillers import is_filler
from kb.notes.models import Kind
from kb.notes.rendering import rendered, with_links
from kb.pagination import paginate
from kb.people.models import User
from kb.rehearsals.models import Meeting, MeetingKind
from kb.rehearsals.reading import agreed_in, get_meeting, meetings_of, people_at, readable, shown_in
from kb.web.forms import read_form
from kb.web.handover_views import may_write_in, write_address
from kb.web.pages import page
from kb.web.sessions import reader_of

Asked = Request[Any, Any, Any]
FORM = {"form": Provide(read_form)}
BECOMES = (Kind.CASE, Kind.PITFALL)  # what a problem that was met is made into
HERE = [allow(Permission.HANDOVER_READ, "handover_id")]
RECORD = [allow(Permission.MEETING_RECORD, "handover_id")]
CHANGE = [allow(Permission.MEETING_RECORD, "meeting_id")]


@get("/handovers/{handover_id:str}/meetings", guards=HERE, sync_to_thread=True)
def list_meetings(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """The meetings of a handover, the next one first."""
    found = paginate(session, meetings_of(handover_id), cursor=request.query_params.get("cursor"))
    people, moment = people_at(session, found.items), now()
    rows = [_row(meeting, people, moment) for meeting in found.items]
    to_come = [row for row in rows if row["standing"] == "to_come"][::-1]
    return page(
        request, "meetings/list.html", handover=get_handover(session, handover_id), facts=Facts(handover_id),
        groups=[(key, some) for key, some in (
            ("to_come", to_come), ("waiting", [row for row in rows if row["standing"] == "waiting"]),
            ("held", [row for row in rows if row["standing"] == "held"]),
        ) if some],
        kicked_off=any(row["meeting"].kind == MeetingKind.KICKOFF for row in rows), next=found.next,
        total=found.total,
    )  # fmt: skip


def _row(meeting: Meeting, people: Mapping[str, User], moment: datetime) -> dict[str, Any]:
    """A meeting with who was there; without minutes it is to come, or waits for them."""
    standing = "held" if meeting.minutes else "to_come" if meeting.held_at > moment else "waiting"
    return {
        "meeting": meeting,
        "standing": standing,
        "names": [_name(one, people) for one in meeting.attendees],
        "shown": shown_in(meeting),
        "agreed": agreed_in(meeting),
    }


def _name(attendee: Mapping[str, str], people: Mapping[str, User]) -> str:
    user = people.get(attendee.get("user_id", ""))
    return user.name if user else attendee["name"]


@get(
    "/meetings/{meeting_id:str}", guards=[allow(Permission.HANDOVER_READ, "meeting_id")], sync_to_thread=True
)
def show_meeting(
    request: Asked, session: NamedDependency[Session], meeting_id: FromPath[str]
) -> Response[str]:
    """One meeting: agenda, minutes, what was agreed, the problem met and what it became."""
    identity, meeting = reader_of(request), get_meeting(session, meeting_id)
    note, handover_id = readable(identity, meeting.note), meeting.handover_id
    texts = {
        name: with_links(session, handover_id, rendered(session, text).html, drafts_of=identity.user_id)
        for name, text in (("agenda", meeting.agenda), ("minutes", meeting.minutes))
    }
    may_write = may_write_in(identity, handover_id)
    begin = [(str(kind), write_address(handover_id, kind, out_of=meeting.id)) for kind in BECOMES]
    return page(
        request, "meetings/meeting.html", handover=get_handover(session, handover_id), facts=Facts(handover_id),
        texts=texts, note=note, begin=begin if may_write and not is_filler(meeting.problem) else [],
        hidden=meeting.note is not None and meeting.note.deleted_at is None and note is None,
        **_row(meeting, people_at(session, [meeting]), now()),
    )  # fmt: skip


HANDLERS: list[Any] = [list_meetings, show_meeting]

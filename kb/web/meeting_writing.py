"""Writing about meetings: planned, recorded, changed, taken off the plan."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.clock import now
from kb.errors import Conflict, Invalid
from kb.gate.guards import allow
from kb.handovers.queries import get_handover
from kb.notes.rendering import prepare
from kb.rehearsals.meetings import change_meeting, record_meeting, remove_meeting
from kb.rehearsals.models import Meeting
from kb.rehearsals.reading import get_meeting
from kb.web import meeting_forms as forms
from kb.web.draft_offers import saved
from kb.web.forms import Form, read_form
from kb.web.handover_forms import problems
from kb.web.pages import go, page
from kb.web.sessions import reader_of

Asked = Request[Any, Any, Any]
FORM = {"form": Provide(read_form)}
RECORD = [allow(Permission.MEETING_RECORD, "handover_id")]
CHANGE = [allow(Permission.MEETING_RECORD, "meeting_id")]


@get("/handovers/{handover_id:str}/meetings/new", guards=RECORD, sync_to_thread=True)
def new_meeting(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """The form to plan a meeting, or with `held=1` to record one."""
    values, held = forms.of_address(request, session, get_handover(session, handover_id))
    return _form_page(request, session, handover_id, values, held=held)


@post("/handovers/{handover_id:str}/meetings", guards=RECORD, dependencies=FORM, sync_to_thread=True)
def create_meeting(
    request: Asked, session: NamedDependency[Session], handover_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Plan or record a meeting."""
    prepare(session, form.get("minutes"))
    values = forms.typed(form)
    if asked := _asked_again(request, session, handover_id, values, form):
        return asked
    try:
        forms.check_times(values, forms.zone_of(request))
        made = record_meeting(
            session, reader_of(request), handover_id, forms.sent(values), forms.zone_of(request)
        )
    except Invalid as why:
        session.rollback()
        return _form_page(request, session, handover_id, values, why=why, held=bool(form.get("held")))
    return saved(request, form, go(request, f"/meetings/{made.id}", flash="saved"))


@get("/meetings/{meeting_id:str}/edit", guards=CHANGE, sync_to_thread=True)
def edit_meeting(
    request: Asked, session: NamedDependency[Session], meeting_id: FromPath[str]
) -> Response[str]:
    """The form to change a meeting or to write its minutes."""
    meeting = get_meeting(session, meeting_id)
    values = forms.of_meeting(request, session, meeting)
    return _form_page(request, session, meeting.handover_id, values, meeting=meeting)


@post("/meetings/{meeting_id:str}/edit", guards=CHANGE, dependencies=FORM, sync_to_thread=True)
def save_meeting(
    request: Asked, session: NamedDependency[Session], meeting_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Save a meeting; where somebody was faster, both texts are shown and nothing typed is lost."""
    prepare(session, form.get("minutes"))
    values = forms.typed(form)
    meeting = get_meeting(session, meeting_id)
    if asked := _asked_again(request, session, meeting.handover_id, values, form, meeting):
        return asked
    try:
        forms.check_times(values, forms.zone_of(request))
        change_meeting(session, reader_of(request), meeting_id, forms.sent(values), forms.zone_of(request))
    except Invalid as why:
        session.rollback()
        meeting = get_meeting(session, meeting_id)
        return _form_page(request, session, meeting.handover_id, values, meeting=meeting, why=why)
    except Conflict as why:
        session.rollback()
        meeting = get_meeting(session, meeting_id)
        values |= {"base": meeting.updated_at.isoformat()}
        return _form_page(request, session, meeting.handover_id, values, meeting=meeting, clash=why)
    return saved(request, form, go(request, f"/meetings/{meeting_id}", flash="saved"))


@post("/meetings/{meeting_id:str}/delete", guards=CHANGE, sync_to_thread=True)
def drop_meeting(
    request: Asked, session: NamedDependency[Session], meeting_id: FromPath[str]
) -> Response[Any]:
    """Take a meeting off the plan."""
    handover_id = remove_meeting(session, reader_of(request), meeting_id)
    return go(request, f"/handovers/{handover_id}/meetings", flash="removed")


def _asked_again(
    request: Asked, session: Session, handover_id: str, values: dict[str, Any], form: Form,
    meeting: Meeting | None = None,
) -> Response[str] | None:  # fmt: skip
    """The same form with more lines, or with an agenda from the checklist after what is typed."""
    if form.get("intent") == "agenda":
        drawn = forms.agenda_for(request, session, get_handover(session, handover_id))
        values["agenda"] = f"{values['agenda'].rstrip()}\n\n{drawn}".lstrip()
    elif form.get("intent") != "more":
        return None
    return _form_page(request, session, handover_id, values, meeting=meeting, held=bool(form.get("held")))


def _form_page(
    request: Asked, session: Session, handover_id: str, values: dict[str, Any], *, meeting: Meeting | None = None,
    why: Invalid | None = None, clash: Conflict | None = None, held: bool = False,
) -> Response[str]:  # fmt: skip
    said = problems(why.errors if why else ())
    return page(
        request, "meetings/form.html", status=422 if why else 409 if clash else 200, meeting=meeting,
        values=values, facts=Facts(handover_id), clash=clash, guarded=bool(why and "secrets" in why.extra),
        zone=forms.zone_of(request), recording=held or meeting is not None or bool(values["minutes"]),
        waiting=meeting is not None and not meeting.minutes and meeting.held_at <= now(),
        **forms.context(session, handover_id, values), **said,
    )  # fmt: skip


@get("/meetings/{meeting_id:str}/delete", guards=[allow(Permission.HANDOVER_READ, "meeting_id")],
     sync_to_thread=True)  # fmt: skip
def back_to_meeting(request: Asked, meeting_id: FromPath[str]) -> Response[None]:
    """Where a reload or a change of language leads after a refused form."""
    return go(request, f"/meetings/{meeting_id}")


HANDLERS: list[Any] = [
    new_meeting, create_meeting, edit_meeting, save_meeting, drop_meeting, back_to_meeting,
]  # fmt: skip

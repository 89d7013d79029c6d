"""Pages of one register entry: what it is and how it changed hands, moving it on, entering and changing one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.checklists.queries import items_of
from kb.clock import today
from kb.errors import FieldError, Invalid
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.handovers.queries import get_handover
from kb.registers.models import Entry, EntryKind
from kb.registers.queries import get_entry, leavers_of, named_in, steps_of
from kb.registers.schemas import MOVES
from kb.registers.services import add_entry, change_entry, delete_entry
from kb.web import register_view as views
from kb.web.formats import days_left
from kb.web.forms import Form, read_form
from kb.web.found_words import with_marks, words_of
from kb.web.pages import go, page
from kb.web.register_words import example_of_evidence, intros, problems, words_for
from kb.web.sessions import reader_of

FORM = {"form": Provide(read_form)}
READ = [allow(Permission.HANDOVER_READ, "entry_id")]
WRITE = [allow(Permission.REGISTER_WRITE, "entry_id")]
ENTER = [allow(Permission.REGISTER_WRITE, "handover_id")]
AnyRequest = Request[Any, Any, Any]


@get("/register/{entry_id:str}", guards=READ, sync_to_thread=True)
def show(request: AnyRequest, session: NamedDependency[Session], entry_id: FromPath[str]) -> Response[str]:
    """An entry: what it is, who has it, how it changed hands."""
    return _entry_page(request, session, entry_id)


def _entry_page(
    request: AnyRequest, session: Session, entry_id: str, *, status: int = 200, form: Form | None = None,
    errors: Iterable[FieldError] = (),
) -> Response[str]:  # fmt: skip
    entry = get_entry(session, entry_id)
    handover = get_handover(session, entry.handover_id)
    day = today(services_of(request).settings.time_zone)
    leavers = leavers_of(session, entry.handover_id)
    named, words = named_in(entry, leavers), words_for(entry.kind)
    names = views.names_of(handover)
    searched = words_of(request.query_params)
    marked = {name: with_marks(getattr(entry, name), searched)
              for name in ("name", "location", "contact", "remark", "vault_ref")}  # fmt: skip
    first = {"state": views.next_state(entry), "new_holder": views.values(entry, names)["new_holder"]}
    return page(
        request, "register/entry.html", status=status, handover=handover, facts=Facts(entry.handover_id),
        entry=entry, row=views.row(entry, {entry.id} if named else (), day), marked=marked, words=words,
        steps=list(session.scalars(steps_of(entry_id))), people=list(names),
        named=[words[name][0] for name in named], leaver=leavers[0].name if leavers else "",
        days=days_left(handover.last_day, day), values=first | {"hand_on": form is None} | (form or {}),
        example=example_of_evidence(entry.kind), **problems(errors, entry.kind),
    )  # fmt: skip


@post(
    "/register/{entry_id:str}/move",
    guards=[allow(Permission.REGISTER_MOVE, "entry_id")],
    dependencies=FORM,
    sync_to_thread=True,
)
def move(
    request: AnyRequest, session: NamedDependency[Session], entry_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:  # fmt: skip
    """Record a step: the state, who takes it over, what shows it."""
    names = views.names_of(get_handover(session, get_entry(session, entry_id).handover_id))
    try:
        sent, hand_on = views.sent(form, names, MOVES), bool(form.get("hand_on"))
        change_entry(session, reader_of(request), entry_id, sent, strict=True, hand_on=hand_on)
    except Invalid as invalid:
        session.rollback()
        return _entry_page(request, session, entry_id, status=422, form=form, errors=invalid.errors)
    return go(request, f"/register/{entry_id}", flash="saved")


@get("/register/{entry_id:str}/move", guards=READ, sync_to_thread=True)
def back_to_entry(request: AnyRequest, entry_id: FromPath[str]) -> Response[None]:
    """Where a reload or a change of language leads after a refused form."""
    return go(request, f"/register/{entry_id}")


@get("/handovers/{handover_id:str}/register/new", guards=ENTER, sync_to_thread=True)
def new_form(
    request: AnyRequest, session: NamedDependency[Session], handover_id: FromPath[str],
    kind: FromQuery[str] = "", item: FromQuery[str] = "",
) -> Response[str]:  # fmt: skip
    """Choose the kind, then the form whose hints follow it."""
    handover = get_handover(session, handover_id)
    if kind not in set(EntryKind):
        return page(
            request, "register/kinds.html", handover=handover, facts=Facts(handover_id), intros=intros(), item=item
        )  # fmt: skip
    return _form_page(request, session, handover_id, views.first_values(handover, kind, item))


@post("/handovers/{handover_id:str}/register", guards=ENTER, dependencies=FORM, sync_to_thread=True)
def create(
    request: AnyRequest, session: NamedDependency[Session], handover_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:  # fmt: skip
    """Enter something with a holder."""
    sent = views.sent(form, views.names_of(get_handover(session, handover_id)))
    try:
        entry = add_entry(session, reader_of(request), handover_id, sent)
    except Invalid as invalid:
        session.rollback()
        return _form_page(request, session, handover_id, form, errors=invalid.errors, status=422)
    return go(request, f"/register/{entry.id}", flash="created")


@get("/register/{entry_id:str}/edit", guards=WRITE, sync_to_thread=True)
def edit_form(
    request: AnyRequest, session: NamedDependency[Session], entry_id: FromPath[str]
) -> Response[str]:
    """The form to change an entry."""
    entry = get_entry(session, entry_id)
    names = views.names_of(get_handover(session, entry.handover_id))
    return _form_page(request, session, entry.handover_id, views.values(entry, names), entry=entry)


@post("/register/{entry_id:str}/edit", guards=WRITE, dependencies=FORM, sync_to_thread=True)
def edit(
    request: AnyRequest, session: NamedDependency[Session], entry_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:  # fmt: skip
    """Change an entry; its state has a form of its own."""
    entry = get_entry(session, entry_id)
    handover_id = entry.handover_id
    sent = views.sent(form, views.names_of(get_handover(session, handover_id)))
    try:
        change_entry(session, reader_of(request), entry_id, sent)
    except Invalid as invalid:
        session.rollback()
        entry = get_entry(session, entry_id)
        return _form_page(request, session, handover_id, form, entry=entry, errors=invalid.errors, status=422)
    return go(request, f"/register/{entry_id}", flash="saved")


def _form_page(
    request: AnyRequest, session: Session, handover_id: str, values: dict[str, Any], *, entry: Entry | None = None,
    errors: Iterable[FieldError] = (), status: int = 200,
) -> Response[str]:  # fmt: skip
    handover = get_handover(session, handover_id)
    kind = values.get("kind") if values.get("kind") in set(EntryKind) else EntryKind.ACCOUNT
    return page(
        request, "register/form.html", status=status, handover=handover, facts=Facts(handover_id), entry=entry,
        values=dict.fromkeys(views.FIELDS, "") | values | {"kind": str(kind)}, words=words_for(str(kind)),
        asks_for_secret=views.asks_for_secret(str(kind), str(values.get("vault_ref") or "")),
        people=list(views.names_of(handover)), intro=intros()[EntryKind(str(kind))],
        items=[(item.id, item.title) for item in session.scalars(items_of(handover_id))], **problems(errors, str(kind)),
    )  # fmt: skip


@get("/register/{entry_id:str}/delete", guards=WRITE, sync_to_thread=True)
def delete_form(
    request: AnyRequest, session: NamedDependency[Session], entry_id: FromPath[str]
) -> Response[str]:
    """What deleting takes along, before it is done."""
    entry = get_entry(session, entry_id)
    steps = len(list(session.scalars(steps_of(entry_id))))
    handover = get_handover(session, entry.handover_id)
    return page(request, "register/delete.html", entry=entry, handover=handover, steps=steps)


@post("/register/{entry_id:str}/delete", guards=WRITE, sync_to_thread=True)
def delete(request: AnyRequest, session: NamedDependency[Session], entry_id: FromPath[str]) -> Response[Any]:
    """Take an entry out of the register."""
    handover_id = delete_entry(session, reader_of(request), entry_id)
    return go(request, f"/handovers/{handover_id}/register", flash="removed")


HANDLERS: list[Any] = [
    show, move, back_to_entry, new_form, create, edit_form, edit, delete_form, delete,
]  # fmt: skip

"""The register: what has a holder and must change hands."""

from __future__ import annotations

from typing import Any

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import Select
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.api.calls import ApiRequest, Json, Parameter, call, created, page_of
from kb.api.people import caller
from kb.gate.guards import allow
from kb.registers.models import Entry, EntryKind, EntryState
from kb.registers.queries import entries_of, get_entry, leavers_of, naming, steps_of
from kb.registers.schemas import EntryAnswer, EntryBody, EntryWithSteps, entry_json, step_json
from kb.registers.services import add_entry, change_entry, delete_entry
from kb.validation import Checker

NARROWED = (
    Parameter("kind", "Only entries of this kind: " + ", ".join(EntryKind) + "."),
    Parameter("state", "Only entries in this state: " + ", ".join(EntryState) + "."),
)


def _json(session: Session, entry: Entry) -> EntryAnswer:
    return entry_json(entry, names_leaver=bool(naming([entry], leavers_of(session, entry.handover_id))))


def _narrowed(request: ApiRequest, query: Select[Entry]) -> Select[Entry]:
    """The query with what the address narrows it to."""
    check = Checker(request.query_params)
    if check.data.get("kind"):
        query = query.where(Entry.kind == str(check.choice("kind", EntryKind)))
    if check.data.get("state"):
        query = query.where(Entry.state == str(check.choice("state", EntryState)))
    check.done()
    return query


@get(
    "/handovers/{handover_id:str}/register",
    guards=[allow(Permission.HANDOVER_READ, "handover_id")],
    **call(EntryAnswer, listing=True, parameters=NARROWED),
)
def get_register(request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]) -> Json:
    """A handover's register in the order it was entered."""
    leavers = leavers_of(session, handover_id)
    listed = page_of(request, session, _narrowed(request, entries_of(handover_id)))
    return listed.map(lambda entry: entry_json(entry, names_leaver=bool(naming([entry], leavers))))


@post(
    "/handovers/{handover_id:str}/register",
    guards=[allow(Permission.REGISTER_WRITE, "handover_id")],
    **call(EntryAnswer, body=EntryBody, required="kind name", creating=True),
)
def post_entry(
    request: ApiRequest,
    session: NamedDependency[Session],
    handover_id: FromPath[str],
    sent: NamedDependency[Json],
) -> Response[EntryAnswer]:
    """Enter something with a holder; a text that looks like a secret is refused in every field."""
    entry = add_entry(session, caller(request), handover_id, sent)
    return created(_json(session, entry), f"register/{entry.id}")


@get(
    "/register/{entry_id:str}",
    guards=[allow(Permission.HANDOVER_READ, "entry_id")],
    **call(EntryWithSteps),
)
def get_one(session: NamedDependency[Session], entry_id: FromPath[str]) -> EntryWithSteps:
    """One entry with the steps by which it changed hands, the newest first."""
    entry = get_entry(session, entry_id)
    steps = [step_json(step) for step in session.scalars(steps_of(entry_id))]
    return EntryWithSteps(**_json(session, entry), steps=steps)


@patch(
    "/register/{entry_id:str}",
    guards=[allow(Permission.REGISTER_MOVE, "entry_id")],
    **call(EntryAnswer, body=EntryBody),
)
def patch_one(
    request: ApiRequest,
    session: NamedDependency[Session],
    entry_id: FromPath[str],
    sent: NamedDependency[Json],
) -> EntryAnswer:
    """Change the fields that are sent; `evidence` says what shows a new state. A successor moves it on, no more."""
    return _json(session, change_entry(session, caller(request), entry_id, sent))


@delete("/register/{entry_id:str}", guards=[allow(Permission.REGISTER_WRITE, "entry_id")], **call())
def delete_one(request: ApiRequest, session: NamedDependency[Session], entry_id: FromPath[str]) -> None:
    """Take an entry out of the register for good, its history too."""
    delete_entry(session, caller(request), entry_id)


HANDLERS: list[Any] = [get_register, post_entry, get_one, patch_one, delete_one]

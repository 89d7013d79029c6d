"""The team's own words: synonyms across languages, used by search both ways."""

from __future__ import annotations

from typing import Any

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.api.calls import ApiRequest, Json, Parameter, call, created, page_of
from kb.api.glossary_shapes import GlossaryAdded, GlossaryAnswer
from kb.api.note_json import email_of, name_of
from kb.api.people import caller
from kb.gate.guards import allow, signed_in
from kb.search.glossary.models import GlossaryGroup
from kb.search.glossary.queries import get_group, groups
from kb.search.glossary.schemas import GlossaryBody, GlossaryPatch
from kb.search.glossary.services import add, change_group, remove_group

EDIT = [allow(Permission.GLOSSARY_EDIT, "glossary_id")]
HOLDING = Parameter("q", "Only groups with this in one of their words.")


def _group_json(group: GlossaryGroup) -> GlossaryAnswer:
    term, *synonyms = [word.word for word in group.words]
    return GlossaryAnswer(
        id=group.id,
        term=term,
        synonyms=synonyms,
        added_by=email_of(group.author),
        added_by_name=name_of(group.author),
        created_at=group.created_at.isoformat(),
        changed_at=group.changed_at.isoformat(),
    )


@get("/glossary", guards=[signed_in], **call(GlossaryAnswer, listing=True, parameters=(HOLDING,)))
def get_glossary(request: ApiRequest, session: NamedDependency[Session]) -> Json:
    """Groups of words that mean the same, the one changed last first."""
    return page_of(request, session, groups(request.query_params.get("q", ""))).map(_group_json)


@post(
    "/glossary",
    guards=[allow(Permission.GLOSSARY_ADD)],
    **call(GlossaryAdded, body=GlossaryBody, required="term synonyms", creating=True),
)
def post_glossary(
    request: ApiRequest, session: NamedDependency[Session], sent: NamedDependency[Json]
) -> Response[Any]:
    """Say that words mean the same: 201 for a new group, 200 where they joined what was there."""
    added = add(session, caller(request), sent)
    made = GlossaryAdded(**_group_json(added.group), joined=list(added.joined))
    return created(made, f"glossary/{added.group.id}") if added.created else Response(made, status_code=200)


@get("/glossary/{glossary_id:str}", guards=[signed_in], **call(GlossaryAnswer))
def get_one(session: NamedDependency[Session], glossary_id: FromPath[str]) -> GlossaryAnswer:
    """One group."""
    return _group_json(get_group(session, glossary_id))


@patch("/glossary/{glossary_id:str}", guards=EDIT, **call(GlossaryAnswer, body=GlossaryPatch, errors=(409,)))
def patch_one(
    request: ApiRequest,
    session: NamedDependency[Session],
    glossary_id: FromPath[str],
    sent: NamedDependency[Json],
) -> GlossaryAnswer:
    """Give a group other words; with `changed_at` only if nobody has changed it since."""
    return _group_json(change_group(session, caller(request), glossary_id, sent))


@delete("/glossary/{glossary_id:str}", guards=EDIT, **call())
def delete_one(request: ApiRequest, session: NamedDependency[Session], glossary_id: FromPath[str]) -> None:
    """Take a group out of the glossary."""
    remove_group(session, caller(request), glossary_id)


HANDLERS: list[Any] = [get_glossary, post_glossary, get_one, patch_one, delete_one]

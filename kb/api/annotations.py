"""Annotations and their replies."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.annotations.carrying import is_confirmed
from kb.annotations.corrections import accept_newest
from kb.annotations.models import AnchorStatus, Annotation, AnnotationKind, AnnotationState, Reply
from kb.annotations.queries import annotations_of, get_annotation
from kb.annotations.schemas import AcceptBody, AnnotationBody, AnnotationPatch, PlaceBody, ReplyBody
from kb.annotations.services import attach, change_annotation, create_annotation, reply
from kb.api.calls import ApiRequest, Json, call, created, page_of
from kb.api.note_json import email_of, name_of
from kb.api.people import caller
from kb.api.shapes import Anchor, AnnotationAnswer, Quote, ReplyAnswer
from kb.gate.guards import allow
from kb.gate.state import services_of
from kb.notes.schemas import base_revision


def _reply_json(one: Reply) -> ReplyAnswer:
    return ReplyAnswer(
        id=one.id,
        annotation=one.annotation_id,
        body=one.body,
        created_at=one.created_at.isoformat(),
        author=email_of(one.author),
        author_name=name_of(one.author),
    )


def _annotation_json(one: Annotation) -> AnnotationAnswer:
    return AnnotationAnswer(
        id=one.id,
        note=one.note_id,
        kind=AnnotationKind(one.kind),
        body=one.body,
        replacement=one.replacement,
        state=AnnotationState(one.state),
        resolved_by=email_of(one.resolved_by),
        resolved_at=one.resolved_at.isoformat() if one.resolved_at else None,
        anchor=Anchor(
            status=AnchorStatus(one.anchor_status),
            exact=one.anchor_exact,
            start=one.anchor_start,
            end=one.anchor_end,
        ),
        confirmed=is_confirmed(one),
        lost_revision=one.lost_revision,
        accepted_revision=one.accepted_revision,
        quote=Quote(exact=one.quote, prefix=one.prefix, suffix=one.suffix),
        revision=one.revision,
        replies=[_reply_json(answer) for answer in one.replies],
        created_at=one.created_at.isoformat(),
        updated_at=one.updated_at.isoformat(),
        author=email_of(one.author),
        author_name=name_of(one.author),
    )


@get(
    "/notes/{note_id:str}/annotations",
    guards=[allow(Permission.NOTE_READ, "note_id")],
    **call(AnnotationAnswer, listing=True),
)
def get_annotations(request: ApiRequest, session: NamedDependency[Session], note_id: FromPath[str]) -> Json:
    """A note's remarks in the order of their passages, those without a place last."""
    return page_of(request, session, annotations_of(note_id)).map(_annotation_json)


@post(
    "/notes/{note_id:str}/annotations",
    guards=[allow(Permission.ANNOTATE, "note_id")],
    **call(AnnotationAnswer, body=AnnotationBody, creating=True, errors=(409,)),
)
def post_annotation(
    request: ApiRequest,
    session: NamedDependency[Session],
    note_id: FromPath[str],
    sent: NamedDependency[Json],
) -> Response[AnnotationAnswer]:
    """Remark on a passage of a note."""
    made = create_annotation(session, caller(request), note_id, sent)
    return created(_annotation_json(made), f"annotations/{made.id}")


@get(
    "/annotations/{annotation_id:str}",
    guards=[allow(Permission.ANNOTATE, "annotation_id")],
    **call(AnnotationAnswer),
)
def get_one(session: NamedDependency[Session], annotation_id: FromPath[str]) -> AnnotationAnswer:
    """One remark."""
    return _annotation_json(get_annotation(session, annotation_id))


@patch(
    "/annotations/{annotation_id:str}",
    guards=[allow(Permission.ANNOTATION_RESOLVE, "annotation_id")],
    **call(AnnotationAnswer, body=AnnotationPatch),
)
def patch_annotation(
    request: ApiRequest,
    session: NamedDependency[Session],
    annotation_id: FromPath[str],
    sent: NamedDependency[Json],
) -> AnnotationAnswer:
    """Resolve or reopen a remark, or change one's own words."""
    return _annotation_json(change_annotation(session, caller(request), annotation_id, sent))


@post(
    "/annotations/{annotation_id:str}/replies",
    guards=[allow(Permission.ANNOTATE, "annotation_id")],
    **call(ReplyAnswer, body=ReplyBody),
)
def post_reply(
    request: ApiRequest,
    session: NamedDependency[Session],
    annotation_id: FromPath[str],
    sent: NamedDependency[Json],
) -> Response[ReplyAnswer]:
    """Answer a remark."""
    identity = caller(request)
    remark = reply(session, identity, annotation_id, sent)
    mine = [one for one in remark.replies if one.author_id == identity.user_id]
    return Response(_reply_json(mine[-1]), status_code=201)


@put(
    "/annotations/{annotation_id:str}/anchor",
    guards=[allow(Permission.ANNOTATION_RESOLVE, "annotation_id")],
    **call(AnnotationAnswer, body=PlaceBody, errors=(409,)),
)
def put_anchor(
    request: ApiRequest,
    session: NamedDependency[Session],
    annotation_id: FromPath[str],
    sent: NamedDependency[Json],
) -> AnnotationAnswer:
    """Say where a remark's passage stands now; the place where it stands already confirms it."""
    return _annotation_json(attach(session, caller(request), annotation_id, sent))


@post(
    "/annotations/{correction_id:str}/accept",
    guards=[allow(Permission.NOTE_EDIT, "correction_id")],
    status_code=200,
    **call(AnnotationAnswer, body=AcceptBody, optional=True, errors=(409,)),
)
def post_accept(
    request: ApiRequest,
    session: NamedDependency[Session],
    correction_id: FromPath[str],
    sent: NamedDependency[Json],
) -> AnnotationAnswer:
    """Take a correction up: its words go into the note as a revision, and it is resolved."""
    base = base_revision(sent.get("base_revision"), request.headers.get("if-match"))
    identity = caller(request)
    database, secrets = services_of(request).database, sent.get("accept_secrets") is True
    return _annotation_json(accept_newest(database, session, identity, correction_id, base, secrets=secrets))


HANDLERS: list[Any] = [
    get_annotations, post_annotation, get_one, patch_annotation, post_reply, put_anchor, post_accept,
]  # fmt: skip

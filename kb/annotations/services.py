"""Writing annotations, and carrying them along when their note is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.annotations.anchoring import Carrier, Mark, locate, surroundings
from kb.annotations.models import Annotation, AnnotationState, Reply
from kb.annotations.queries import annotation_facts, get_annotation
from kb.annotations.schemas import annotation_changes, new_annotation, reply_body
from kb.clock import now
from kb.errors import Invalid
from kb.i18n import _
from kb.notes import services as notes
from kb.notes.guarding import accepts, guard, record_accepted
from kb.notes.models import Note
from kb.notes.queries import get_note, get_revision, note_facts
from kb.notes.rendering import rendered


def create_annotation(
    session: Session, identity: Identity, note_id: str, data: Mapping[str, Any]
) -> Annotation:
    """Remark on a passage; a quote that does not stand in the note is Invalid."""
    facts = note_facts(session, note_id)
    require(identity, Permission.ANNOTATE, facts)
    new = new_annotation(data)
    words = {"body": new.body, "replacement": new.replacement}
    secrets = guard(words, {"replacement": new.exact}, accepted=accepts(data))
    note = get_note(session, note_id)
    text = rendered(session, note.body, note.body_sha256).text
    span = locate(text, new.exact, position=new.start, prefix=new.prefix, suffix=new.suffix)
    if span is None:
        raise Invalid.field("target", _("This passage does not stand in the note as it is now."))
    quote, (prefix, suffix) = text[span.start : span.end], surroundings(text, span)
    moment = now()
    annotation = Annotation(
        note_id=note_id, kind=str(new.kind), body=new.body, replacement=new.replacement,
        author_id=identity.user_id, revision=note.revision, quote=quote, prefix=prefix, suffix=suffix,
        anchor_start=span.start, anchor_end=span.end, anchor_exact=quote, created_at=moment, updated_at=moment,
    )  # fmt: skip
    session.add(annotation)
    session.flush()
    _record(session, identity, "annotation.created", annotation, facts.handover_id)
    record_accepted(session, identity, secrets, "annotation", annotation.id, facts.handover_id)
    return get_annotation(session, annotation.id)


def change_annotation(
    session: Session, identity: Identity, annotation_id: str, data: Mapping[str, Any]
) -> Annotation:
    """Resolve or reopen a remark; its words are changed by their author only."""
    facts = annotation_facts(session, annotation_id)
    require(identity, Permission.ANNOTATE, facts)
    changes = annotation_changes(data)
    annotation = get_annotation(session, annotation_id)
    if "body" in changes:
        require(identity, Permission.ANNOTATION_EDIT, _own(facts.handover_id, annotation))
    if "state" in changes:
        require(identity, Permission.ANNOTATION_RESOLVE, _own(facts.handover_id, annotation))
    changes = {name: value for name, value in changes.items() if getattr(annotation, name) != value}
    if not changes:
        return annotation
    secrets = guard({"body": changes.get("body")}, {"body": annotation.body}, accepted=accepts(data))
    if "body" in changes:
        annotation.body = changes["body"]
    if "state" in changes:
        resolved = changes["state"] == AnnotationState.RESOLVED
        annotation.state = changes["state"]
        annotation.resolved_by_id = identity.user_id if resolved else None
        annotation.resolved_at = now() if resolved else None
    annotation.updated_at = now()
    _record(session, identity, "annotation.changed", annotation, facts.handover_id, **changes)
    record_accepted(session, identity, secrets, "annotation", annotation.id, facts.handover_id)
    session.flush()
    return get_annotation(session, annotation_id)


def reply(session: Session, identity: Identity, annotation_id: str, data: Mapping[str, Any]) -> Annotation:
    """Answer a remark."""
    facts = annotation_facts(session, annotation_id)
    require(identity, Permission.ANNOTATE, facts)
    body = reply_body(data)
    secrets = guard({"body": body}, accepted=accepts(data))
    annotation = get_annotation(session, annotation_id)
    session.add(Reply(annotation_id=annotation_id, author_id=identity.user_id, body=body, created_at=now()))
    annotation.updated_at = now()
    _record(session, identity, "annotation.replied", annotation, facts.handover_id)
    record_accepted(session, identity, secrets, "annotation", annotation.id, facts.handover_id)
    session.flush()
    return get_annotation(session, annotation_id)


def save_note(
    session: Session, identity: Identity, note_id: str, data: Mapping[str, Any], base: int | None
) -> tuple[Note, bool]:
    """Save a note and carry its remarks to the new text, in one transaction."""
    note, changed = notes.save_note(session, identity, note_id, data, base)
    if changed and "body" in data:
        _carry(session, note)
    return note, changed


def _carry(session: Session, note: Note) -> None:
    annotations = session.scalars(select(Annotation).where(Annotation.note_id == note.id)).all()
    if not annotations:
        return
    before = get_revision(session, note.id, note.revision - 1)
    old = rendered(session, before.body, before.sha256).text
    carrier = Carrier(old, rendered(session, note.body, note.body_sha256).text)
    for annotation in annotations:
        _place(annotation, carrier)
    session.flush()


def _place(annotation: Annotation, carrier: Carrier) -> None:
    """Carry a mark on; the words first marked are never changed."""
    start, end = annotation.anchor_start, annotation.anchor_end
    placed = carrier.place(Mark(annotation.quote, annotation.prefix, annotation.suffix, start, end))
    annotation.anchor_status = placed.status
    annotation.anchor_start, annotation.anchor_end = placed.start, placed.end
    annotation.anchor_exact = placed.exact


def _own(handover_id: str | None, annotation: Annotation) -> Facts:
    return Facts(handover_id, annotation.author_id)


def _record(
    session: Session,
    identity: Identity,
    action: str,
    annotation: Annotation,
    handover_id: str | None,
    **details: Any,
) -> None:
    details.pop("body", None)
    record(
        session, actor_id=identity.user_id, action=action, object_type="annotation", object_id=annotation.id,
        handover_id=handover_id, **details,
    )  # fmt: skip

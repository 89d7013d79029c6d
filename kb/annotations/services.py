"""Writing annotations, and carrying them along when their note is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.annotations.carrying import carry_marks, put
from kb.annotations.locating import find_passage, lock_note, lock_note_of
from kb.annotations.models import Annotation, AnnotationState, Reply
from kb.annotations.queries import annotation_facts, get_annotation
from kb.annotations.schemas import annotation_changes, new_annotation, new_place, reply_body
from kb.clock import now
from kb.notes import services as notes
from kb.notes.guarding import accepts, guard, record_accepted
from kb.notes.models import Note
from kb.notes.queries import get_note, note_facts


def create_annotation(
    session: Session, identity: Identity, note_id: str, data: Mapping[str, Any]
) -> Annotation:
    """Remark on a passage; Invalid where it does not stand in what was read, Conflict where it has gone since."""
    facts = note_facts(session, note_id)
    require(identity, Permission.ANNOTATE, facts)
    new = new_annotation(data)
    words = {"body": new.body, "replacement": new.replacement}
    secrets = guard(words, {"replacement": new.place.exact}, accepted=accepts(data))
    lock_note(session, note_id)
    found = find_passage(session, get_note(session, note_id), new.place)
    moment = now()
    annotation = Annotation(
        note_id=note_id, kind=str(new.kind), body=new.body, replacement=new.replacement,
        author_id=identity.user_id, revision=found.revision, quote=found.quote, prefix=found.prefix,
        suffix=found.suffix, created_at=moment, updated_at=moment,
    )  # fmt: skip
    put(annotation, found.start, found.end, found.text)
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
        annotation.accepted_revision = annotation.accepted_revision if resolved else None
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


def attach(session: Session, identity: Identity, annotation_id: str, data: Mapping[str, Any]) -> Annotation:
    """Say where a remark's passage stands now, or that it is still this one; the quote stays as first marked."""
    facts = annotation_facts(session, annotation_id)
    require(identity, Permission.ANNOTATE, facts)
    lock_note_of(session, annotation_id)
    annotation = get_annotation(session, annotation_id)
    require(identity, Permission.ANNOTATION_RESOLVE, _own(facts.handover_id, annotation))
    place, note = new_place(data), annotation.note
    if place.start is None and not place.prefix and not place.suffix:
        place = replace(place, prefix=annotation.prefix, suffix=annotation.suffix)
    found = find_passage(session, note, place)
    confirmed = (found.start, found.end) == (annotation.anchor_start, annotation.anchor_end)
    put(annotation, found.start, found.end, found.text, confirmed=found.reads_so_still)
    annotation.updated_at = now()
    action = "annotation.confirmed" if confirmed else "annotation.attached"
    _record(session, identity, action, annotation, facts.handover_id, revision=note.revision)
    session.flush()
    return get_annotation(session, annotation_id)


def save_note(
    session: Session, identity: Identity, note_id: str, data: Mapping[str, Any], base: int | None,
    *, proposed_by: str | None = None,
) -> tuple[Note, bool]:  # fmt: skip
    """Save a note and carry its remarks to the new text, in one transaction."""
    note, changed = notes.save_note(session, identity, note_id, data, base, proposed_by=proposed_by)
    if changed and "body" in data:
        carry_marks(session, note)
    return note, changed


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

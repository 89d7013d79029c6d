"""Notes and revisions as they are answered."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.api.calls import ApiRequest
from kb.api.shapes import NoteAnswer, NoteSummary, RevisionAnswer, RevisionSummary
from kb.checklists.models import Importance
from kb.clock import today
from kb.gate.state import services_of
from kb.notes.freshness import freshness
from kb.notes.models import Kind, Note, NoteStatus, Revision
from kb.notes.rendering import rendered, with_links
from kb.people.models import User


def email_of(user: User | None) -> str | None:
    """How the API names a person; null for an erased account."""
    return user.email if user else None


def name_of(user: User | None) -> str | None:
    """A person's name, for show."""
    return user.name if user else None


def etag(note: Note) -> str:
    """What If-Match takes: the revision in quotes."""
    return f'"{note.revision}"'


def day_of(request: ApiRequest) -> date:
    """Today in the organisation's time zone: how fresh a note is depends on it."""
    return today(services_of(request).settings.time_zone)


def note_summary(note: Note, day: date) -> NoteSummary:
    """A note without its text, as fresh as it is on a day."""
    return NoteSummary(
        id=note.id,
        handover=note.handover_id,
        kind=Kind(note.kind),
        title=note.title,
        purpose=note.purpose,
        importance=Importance(note.importance),
        status=NoteStatus(note.status),
        tags=list(note.tags),
        language=note.language,
        items=[item.id for item in note.items],
        revision=note.revision,
        etag=etag(note),
        url=f"/notes/{note.id}",
        created_at=note.created_at.isoformat(),
        updated_at=note.updated_at.isoformat(),
        deleted_at=note.deleted_at.isoformat() if note.deleted_at else None,
        author=email_of(note.author),
        author_name=name_of(note.author),
        owner=email_of(note.owner),
        owner_name=name_of(note.owner),
        check_by=note.check_by.isoformat() if note.check_by else None,
        checked_at=note.checked_at.isoformat() if note.checked_at else None,
        checked_by=email_of(note.checked_by),
        checked_by_name=name_of(note.checked_by),
        freshness=freshness(note.check_by, day),
    )


def note_json(session: Session, identity: Identity, note: Note, day: date) -> NoteAnswer:
    """The whole note; links in its HTML lead where this reader may go."""
    made = rendered(session, note.body, note.body_sha256)
    html = with_links(session, note.handover_id, made.html, drafts_of=identity.user_id)
    return NoteAnswer(**note_summary(note, day), body=note.body, html=html, text=made.text)


def revision_summary(revision: Revision) -> RevisionSummary:
    """A save without its text."""
    return RevisionSummary(
        note=revision.note_id,
        revision=revision.number,
        title=revision.title,
        sha256=revision.sha256,
        created_at=revision.created_at.isoformat(),
        author=email_of(revision.author),
        author_name=name_of(revision.author),
        reason=revision.reason,
        minor=revision.minor,
        proposed_by=email_of(revision.proposed_by),
    )


def revision_json(revision: Revision) -> RevisionAnswer:
    """A note as it was saved once."""
    return RevisionAnswer(**revision_summary(revision), **{"body": revision.body, **revision.facts})  # type: ignore[typeddict-item]

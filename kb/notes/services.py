"""Writing notes: every save is a revision, nothing is overwritten silently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.checklists.queries import items_among
from kb.clock import now
from kb.errors import BaseNeeded, Conflict, Invalid
from kb.handovers.models import Handover
from kb.handovers.queries import member_by_email
from kb.i18n import _
from kb.notes.covering import keep_covers
from kb.notes.freshness import after_save, first_check_by
from kb.notes.guarding import WORDS, Finding, guard, record_accepted, words_of
from kb.notes.merge import Merge
from kb.notes.merging import merge_onto
from kb.notes.models import Note, NoteLink, Revision
from kb.notes.queries import get_note, note_facts
from kb.notes.rendering import body_hash, keep_rendering, link_keys
from kb.notes.schemas import Saying, note_fields, saying_of
from kb.notes.staleness import carry_marks
from kb.notes.titles import title_key
from kb.validation import Checker


def create_note(session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any]) -> Note:
    """Write a new note; its author owns it until someone else is named."""
    require(identity, Permission.NOTE_CREATE, Facts(handover_id))
    language = session.scalar(select(Handover.language).where(Handover.id == handover_id)) or "en"
    fields, saying = note_fields(data, creating=True, default_language=language), saying_of(data)
    secrets = _guard(session, fields, saying, {})
    moment = now()
    owner = _owner_id(session, handover_id, fields.pop("owner", None))
    items = _items(session, handover_id, fields.pop("items"))
    fields["check_by"] = first_check_by(fields, moment.date())
    note = Note(
        handover_id=handover_id, author_id=identity.user_id, owner_id=owner or identity.user_id,
        revision=1, created_at=moment, updated_at=moment, title_key=title_key(fields["title"]),
        body_sha256=body_hash(fields["body"]), **fields, items=items,
    )  # fmt: skip
    session.add(note)
    session.flush()
    _derive(session, note)
    _keep_revision(session, note, identity, saying)
    _record(session, identity, "note.created", note)
    record_accepted(session, identity, secrets, "note", note.id, note.handover_id)
    return get_note(session, note.id)


def save_note(
    session: Session, identity: Identity, note_id: str, data: Mapping[str, Any], base: int | None,
    *, proposed_by: str | None = None,
) -> tuple[Note, bool]:  # fmt: skip
    """Save an edit made on revision `base`; returns the note and whether a revision was made.

    `proposed_by`: the id of whoever's correction it takes up. Raises BaseNeeded without a base, and Conflict with
    a proposed merge where it is stale.
    """
    facts = note_facts(session, note_id)
    require(identity, Permission.NOTE_EDIT, facts)
    if base is None:
        raise BaseNeeded(_("Say which revision the edit was made on: If-Match or base_revision."))
    fields, saying = note_fields(data, creating=False), saying_of(data)
    note = session.scalar(select(Note).where(Note.id == note_id).with_for_update())
    note = get_note(session, note_id)
    if base != note.revision:
        raise _stale(session, note, base, fields)
    secrets = _guard(session, fields, saying, {name: getattr(note, name) for name in WORDS})
    before, text = _snapshot(note), (note.body, note.body_sha256)
    _change(session, note, fields)
    if _snapshot(note) == before:
        return note, False
    note.revision += 1
    note.updated_at = now()
    after_save(note, identity, before, _snapshot(note), minor=saying.minor)
    note.title_key, note.body_sha256 = title_key(note.title), body_hash(note.body)
    carry_marks(session, note, text, minor=saying.minor, attached=_derive(session, note))
    _keep_revision(session, note, identity, saying, proposed_by)
    _record(session, identity, "note.saved", note, revision=note.revision)
    record_accepted(session, identity, secrets, "note", note.id, note.handover_id)
    session.expire(note, ["owner", "checked_by"])
    return get_note(session, note_id), True


def _change(session: Session, note: Note, fields: dict[str, Any]) -> None:
    if "items" in fields:
        note.items = _items(session, note.handover_id, fields.pop("items"))
    if "owner" in fields:
        note.owner_id = _owner_id(session, note.handover_id, fields.pop("owner"))
    for name, value in fields.items():
        setattr(note, name, value)


def delete_note(session: Session, identity: Identity, note_id: str) -> None:
    """Put a note into the bin; it can be restored."""
    require(identity, Permission.NOTE_DELETE, note_facts(session, note_id))
    note = get_note(session, note_id)
    note.deleted_at = now()
    _record(session, identity, "note.deleted", note)


def restore_note(session: Session, identity: Identity, note_id: str) -> Note:
    """Take a note out of the bin."""
    require(identity, Permission.NOTE_DELETE, note_facts(session, note_id, in_bin=True))
    note = get_note(session, note_id)
    note.deleted_at = None
    _record(session, identity, "note.restored", note)
    return note


def _guard(
    session: Session, fields: Mapping[str, Any], saying: Saying, stood: Mapping[str, str]
) -> tuple[Finding, ...]:
    said = words_of(fields, reason=saying.reason)
    return guard(said, stood, accepted=saying.accept_secrets, session=session)


def _snapshot(note: Note) -> dict[str, Any]:
    about = {"owner_id": note.owner_id, "check_by": note.check_by}
    return {"title": note.title, "body": note.body, **about, **revision_facts(note)}


def revision_facts(note: Note) -> dict[str, Any]:
    """What a revision keeps beside title and body."""
    return {
        "kind": str(note.kind), "purpose": note.purpose, "importance": str(note.importance),
        "tags": list(note.tags), "language": note.language, "status": str(note.status),
        "items": sorted(item.id for item in note.items),
    }  # fmt: skip


def _keep_revision(
    session: Session, note: Note, identity: Identity, saying: Saying, proposed_by: str | None = None
) -> None:
    session.add(
        Revision(
            note_id=note.id,
            number=note.revision,
            title=note.title,
            body=note.body,
            sha256=note.body_sha256,
            facts=revision_facts(note),
            reason=saying.reason,
            minor=saying.minor,
            proposed_by_id=proposed_by,
            author_id=identity.user_id,
            created_at=note.updated_at,
        )
    )


def _derive(session: Session, note: Note) -> bool:
    """What follows from the body: its rendering, the slots it fills, the notes it links to; whether it has files."""
    made = keep_rendering(session, note.body, note.body_sha256)
    attached = keep_covers(session, note, made)
    wanted = link_keys(made)
    present = {
        link.target_key: link for link in session.scalars(select(NoteLink).where(NoteLink.note_id == note.id))
    }
    for key in present.keys() - wanted:
        session.delete(present[key])
    for key in sorted(wanted - present.keys()):
        session.add(NoteLink(note_id=note.id, target_key=key))
    session.flush()
    return attached


def _stale(session: Session, note: Note, base: int, fields: dict[str, Any]) -> Conflict:
    message = _(
        "Somebody saved this note while you were editing. Your text is kept; nothing was overwritten."
    )
    if not 1 <= base <= note.revision:
        message = _("There is no revision %(number)s of this note.") % {"number": base}
    yours = fields.get("body")
    unmoved = Merge(note.body, 0)  # where the text was not sent
    proposal = unmoved if yours is None else merge_onto(session, note.id, base, note.revision, yours)
    return Conflict(
        message,
        current_revision=note.revision,
        merge={"body": proposal.body, "conflicts": proposal.conflicts},
    )


def _items(session: Session, handover_id: str, ids: list[str]) -> list[Any]:
    found = items_among(session, handover_id, ids)
    if len(found) != len(ids):
        raise Invalid.field("items", _("One of these checklist items is not in this handover."))
    return sorted(found, key=lambda item: item.position)


def _owner_id(session: Session, handover_id: str, email: str | None) -> str | None:
    check = Checker({})
    owner = member_by_email(session, handover_id, email, check)
    check.done()
    return owner.id if owner else None


def _record(session: Session, identity: Identity, action: str, note: Note, **details: Any) -> None:
    record(
        session, actor_id=identity.user_id, action=action, object_type="note", object_id=note.id,
        handover_id=note.handover_id, **details,
    )  # fmt: skip

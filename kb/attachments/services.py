"""Writing attachments: stored beside the database, taken over by the note that names them, taken away."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.attachments.models import Attachment
from kb.attachments.naming import clean_name
from kb.attachments.queries import attachment_facts, get_attachment
from kb.attachments.schemas import named_in
from kb.attachments.storage import Incoming, Storage
from kb.clock import now
from kb.db import LOCK_ATTACHMENTS, lock_until_commit
from kb.errors import Invalid
from kb.i18n import _
from kb.ids import new_long_id
from kb.notes.covering import attachments_changed
from kb.notes.models import Note
from kb.notes.queries import note_facts


def attach(
    session: Session, identity: Identity, storage: Storage, note_id: str, incoming: Incoming, name: str
) -> Attachment:
    """Keep a file that has arrived as an attachment of a note."""
    facts = note_facts(session, note_id)
    require(identity, Permission.NOTE_EDIT, facts)
    made = _keep(session, identity, storage, (str(facts.handover_id), note_id), incoming, name)
    attachments_changed(session, note_id)
    return made


def attach_ahead(
    session: Session, identity: Identity, storage: Storage, handover_id: str, incoming: Incoming, name: str
) -> Attachment:
    """Keep a file for a note that is still being written; `adopt` gives it to the note."""
    require(identity, Permission.NOTE_CREATE, Facts(handover_id))
    return _keep(session, identity, storage, (handover_id, None), incoming, name)


def adopt(session: Session, identity: Identity, note: Note) -> None:
    """Give a note the files its writer put into its text before it was saved, in the transaction of the save."""
    named = named_in(note.body)
    if named:
        waiting = select(Attachment).where(Attachment.id.in_(named), Attachment.note_id.is_(None))
        own = (Attachment.handover_id == note.handover_id, Attachment.uploader_id == identity.user_id)
        for attachment in session.scalars(waiting.where(*own)):
            attachment.note_id = note.id
        session.flush()
        attachments_changed(session, note.id)


def remove_attachment(session: Session, identity: Identity, attachment_id: str) -> str | None:
    """Take an attachment away for good; returns its note's id. Its bytes go with the next sweeping."""
    facts = attachment_facts(session, attachment_id)
    require(identity, Permission.NOTE_EDIT, facts)
    attachment = get_attachment(session, identity, attachment_id)
    note_id = attachment.note_id
    session.delete(attachment)
    _record(session, identity, "attachment.deleted", attachment)
    session.flush()
    if note_id is not None:
        attachments_changed(session, note_id)
    return note_id


def _keep(
    session: Session, identity: Identity, storage: Storage, place: tuple[str, str | None], incoming: Incoming,
    name: str,
) -> Attachment:  # fmt: skip
    """Put the bytes in place and write the row, while nobody sweeps."""
    kind, name = incoming.media_type(name), clean_name(name)
    if not name:
        raise Invalid.field("file", _("The file needs a name."))
    lock_until_commit(session, LOCK_ATTACHMENTS)
    attachment = Attachment(
        id=new_long_id(), handover_id=place[0], note_id=place[1], uploader_id=identity.user_id, name=name,
        media_type=kind, size=incoming.size, sha256=incoming.sha256, created_at=now(),
    )  # fmt: skip
    session.add(attachment)
    session.flush()
    storage.keep(incoming)
    _record(session, identity, "attachment.added", attachment, sha256=attachment.sha256)
    return attachment


def _record(
    session: Session, identity: Identity, action: str, attachment: Attachment, **details: Any
) -> None:
    record(
        session, actor_id=identity.user_id, action=action, object_type="attachment", object_id=attachment.id,
        handover_id=attachment.handover_id, name=attachment.name, **details,
    )  # fmt: skip

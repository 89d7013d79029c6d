"""Reading attachments: what they are, and whose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from kb.access.identity import Facts, Identity
from kb.access.permits import not_found
from kb.attachments.models import Attachment
from kb.notes.queries import note_facts
from kb.people.models import User

_file, _uploader = Attachment.__table__.c, User.__table__.c
_FILES = (
    select(
        _file.id, _file.name, _file.media_type, _file.size, _file.created_at, _uploader.name.label("uploader")
    )
    .select_from(Attachment.__table__.outerjoin(User.__table__, _uploader.id == _file.uploader_id))
    .where(_file.note_id == bindparam("note_id"))
    .order_by(_file.created_at, _file.id)
)


def attachment_facts(session: Session, attachment_id: str) -> Facts:
    """Facts for the policy, those of its note; raises NotFound, of a note in the bin too."""
    found = session.get(Attachment, attachment_id)
    if found is None:
        raise not_found()
    if found.note_id is None:  # like a draft, until the note it was put into is saved
        return Facts(found.handover_id, found.uploader_id, draft=True)
    return note_facts(session, found.note_id)


def get_attachment(session: Session, identity: Identity, attachment_id: str) -> Attachment:
    """One attachment with its note; raises NotFound. Before its note is saved it is its uploader's alone."""
    found = session.scalar(
        select(Attachment).where(Attachment.id == attachment_id).options(joinedload(Attachment.note))
    )
    if found is None or (found.note_id is None and found.uploader_id != identity.user_id):
        raise not_found()
    return found


def attachments_of(note_id: str) -> Select[Attachment]:
    """A note's attachments with who put them there, in the order they came."""
    return (
        select(Attachment)
        .where(Attachment.note_id == note_id)
        .options(joinedload(Attachment.uploader))
        .order_by(Attachment.created_at, Attachment.id)
    )


def files_of(session: Session, note_id: str) -> Sequence[Any]:
    """The same as rows: id, name, media_type, size, created_at, uploader (a name, or None).

    What every page of a note asks, mostly for none: columns cost a fifth of objects.
    """
    return session.execute(_FILES, {"note_id": note_id}).all()

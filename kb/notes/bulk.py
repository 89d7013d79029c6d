"""Writing many notes at once: what `create_note` does, without asking the database about each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.checklists.models import Item
from kb.clock import now
from kb.errors import Invalid
from kb.handovers.models import Handover, Membership
from kb.i18n import _
from kb.notes.freshness import first_check_by
from kb.notes.guarding import Finding, guard, record_accepted, words_of
from kb.notes.models import Kind, Note, NoteLink, Revision
from kb.notes.rendering import body_hash, covers, keep_renderings, link_keys
from kb.notes.schemas import note_fields
from kb.notes.services import revision_facts
from kb.notes.titles import title_key
from kb.people.models import User

T = TypeVar("T")
# So many notes are in memory at a time.
BATCH = 200


@dataclass(frozen=True)
class _Place:
    """What every new note of one handover may refer to."""

    handover_id: str
    language: str
    items: Mapping[str, Item]
    members: Mapping[str, str]  # address -> user id


def create_notes(
    session: Session, identity: Identity, handover_id: str, entries: Iterable[Mapping[str, Any]]
) -> list[str]:
    """Write new notes and one audit row for them all; returns their ids in order.

    An entry is `create_note`'s input; a manager may name each note's `author`, a member's address. Whoever has
    looked for secrets already and accepts them hands over what was found as `secrets`.
    """
    require(identity, Permission.NOTE_CREATE, Facts(handover_id))
    place = _place(session, handover_id)
    ids: list[str] = []
    for batch in in_batches(entries, BATCH):
        secrets = [_secrets(entry) for entry in batch]
        made = _write(session, [_note(identity, place, entry) for entry in batch])
        for note_id, found in zip(made, secrets, strict=True):
            record_accepted(session, identity, found, "note", note_id, handover_id)
        ids += made
    record(
        session, actor_id=identity.user_id, action="notes.imported", object_type="handover",
        object_id=handover_id, handover_id=handover_id, notes=len(ids),
    )  # fmt: skip
    return ids


def in_batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size`, in order."""
    left = iter(things)
    while batch := list(islice(left, size)):
        yield batch


def _place(session: Session, handover_id: str) -> _Place:
    language = session.scalar(select(Handover.language).where(Handover.id == handover_id)) or "en"
    items = {item.id: item for item in session.scalars(select(Item).where(Item.handover_id == handover_id))}
    members = session.execute(
        select(User.email, User.id).join(Membership).where(Membership.handover_id == handover_id)
    )
    return _Place(handover_id, language, items, dict(members.all()))


def _note(identity: Identity, place: _Place, entry: Mapping[str, Any]) -> Note:
    fields = note_fields(entry, creating=True, default_language=place.language)
    author = _author(identity, place, entry.get("author"))
    owner = _member(place, "owner", fields.pop("owner", None)) or author
    wanted = fields.pop("items")
    if not place.items.keys() >= set(wanted):
        raise Invalid.field("items", _("One of these checklist items is not in this handover."))
    items = sorted((place.items[key] for key in wanted), key=lambda item: item.position)
    moment = now()
    fields["check_by"] = first_check_by(fields, moment.date())
    return Note(
        handover_id=place.handover_id, author_id=author, owner_id=owner, revision=1, created_at=moment,
        updated_at=moment, title_key=title_key(fields["title"]), body_sha256=body_hash(fields["body"]),
        **fields, items=items,
    )  # fmt: skip


def _secrets(entry: Mapping[str, Any]) -> tuple[Finding, ...]:
    known: tuple[Finding, ...] | None = entry.get("secrets")
    if known is not None:
        return known
    return guard(words_of(entry), accepted=entry.get("accept_secrets") is True)


def _author(identity: Identity, place: _Place, email: str | None) -> str:
    if email is None or email == identity.email:
        return identity.user_id
    require(identity, Permission.MEMBERS_MANAGE, Facts(place.handover_id))
    return _member(place, "author", email) or identity.user_id


def _member(place: _Place, field: str, email: str | None) -> str | None:
    if email is not None and email not in place.members:
        raise Invalid.field(field, _("There is no account for %(email)s.") % {"email": email})
    return place.members[email] if email is not None else None


def _write(session: Session, notes: list[Note]) -> list[str]:
    """Flush one batch with all that follows from it, then let go of it."""
    made = keep_renderings(session, {note.body_sha256: note.body for note in notes})
    for note in notes:
        note.covers = covers(Kind(note.kind), made[note.body_sha256])
    session.add_all(notes)
    session.flush()
    beside: list[Revision | NoteLink] = []
    for note in notes:
        beside.append(_first_revision(note))
        beside += [
            NoteLink(note_id=note.id, target_key=key) for key in sorted(link_keys(made[note.body_sha256]))
        ]
    session.add_all(beside)
    session.flush()
    for row in (*notes, *beside):
        session.expunge(row)
    return [note.id for note in notes]


def _first_revision(note: Note) -> Revision:
    return Revision(
        note_id=note.id, number=1, title=note.title, body=note.body, sha256=note.body_sha256,
        facts=revision_facts(note), author_id=note.author_id, created_at=note.created_at,
    )  # fmt: skip

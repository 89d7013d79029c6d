"""Drafts: what somebody has typed and not saved yet. Seen by that person only; they never touch the note.

A place holds one draft: a note's editor, or one of several new notes. Whoever writes to a place says which version
they saw last, or is the same open page as before; anybody else (another device, another tab) is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, joinedload

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can, not_found, require
from kb.clock import now
from kb.errors import Invalid
from kb.i18n import _
from kb.ids import is_id, new_id
from kb.notes.models import Draft, Note, NoteStatus
from kb.notes.queries import note_facts
from kb.notes.schemas import MOST_BODY
from kb.people.models import User

MOST_DRAFTS = 200  # of one person; the one untouched longest makes room
UNUSED_FOR = timedelta(days=90)
MOST_FIELDS, MOST_OTHER = 300, 2_000  # fields; characters of each beside the body
WRITER = "writer"  # the field that says which open page wrote it
_PASSING = ("draft_place", "draft_version", "base_revision", "accept_secrets")


@dataclass(frozen=True)
class Kept:
    """A draft as it is kept now, and the one that already stood in its place, if any."""

    draft: Draft
    beside: Draft | None = None


def keep_draft(
    session: Session, identity: Identity, handover_id: str, note_id: str | None,
    fields: Mapping[str, Any], place: str, seen: int,
) -> Kept:  # fmt: skip
    """Keep what is typed, on version `seen` of the draft at `place` (0: none). Raises Invalid where it is too much."""
    if note_id:
        require(identity, Permission.NOTE_EDIT, note_facts(session, note_id))
    else:
        require(identity, Permission.NOTE_CREATE, Facts(handover_id))
    words = _bounded(fields)
    base = _number(fields.get("base_revision")) if note_id else None
    # One at a time for each person: two devices must notice each other.
    session.scalar(select(User.id).where(User.id == identity.user_id).with_for_update(key_share=True))
    place = _place(place, note_id)
    stored = {draft.place: draft for draft in session.scalars(_of(identity, handover_id, note_id))}
    draft = stored.get(place)
    if draft is not None and draft.version != seen and draft.fields.get(WRITER) != words.get(WRITER):
        return Kept(_beside(session, identity, stored.values(), words, draft, base), draft)
    if draft is not None:
        return Kept(_again(draft, words, base))
    taken = select(Draft.id).where(Draft.user_id == identity.user_id, Draft.place == place)
    if session.scalar(taken):  # of another handover: no page of ours sends that
        place = _place("", note_id)
    return Kept(_new(session, identity, place, handover_id, note_id, words, base, seen))


def _beside(
    session: Session, identity: Identity, stored: Iterable[Draft], words: dict[str, Any], other: Draft, base: int | None
) -> Draft:  # fmt: skip
    """This page's own draft beside the one that another device wrote."""
    for draft in stored:
        if words.get(WRITER) and draft.fields.get(WRITER) == words[WRITER]:
            return _again(draft, words, base)
    place = f"note:{other.note_id}:{new_id()}" if other.note_id else f"new:{new_id()}"
    return _new(session, identity, place, other.handover_id, other.note_id, words, base, 0)


def _again(draft: Draft, words: dict[str, Any], base: int | None) -> Draft:
    draft.fields, draft.base_revision = words, base
    draft.version += 1
    draft.saved_at = now()
    return draft


def _new(
    session: Session, identity: Identity, place: str, handover_id: str, note_id: str | None,
    words: dict[str, Any], base: int | None, seen: int,
) -> Draft:  # fmt: skip
    moment = now()
    session.execute(delete(Draft).where(Draft.saved_at < moment - UNUSED_FOR))
    mine = select(Draft.id).where(Draft.user_id == identity.user_id)
    spare = mine.order_by(Draft.saved_at.desc(), Draft.id).offset(MOST_DRAFTS - 1).limit(MOST_DRAFTS)
    if too_many := session.scalars(spare).all():
        session.execute(delete(Draft).where(Draft.id.in_(too_many)))
    draft = Draft(
        user_id=identity.user_id, place=place, handover_id=handover_id, note_id=note_id, base_revision=base,
        fields=words, version=min(seen, 2**30) + 1, saved_at=moment,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft


def _bounded(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are kept; nothing is checked but that they can be stored and are not too much."""
    words = {name: value for name, value in fields.items() if name not in _PASSING}
    for name, value in words.items():
        texts = value if isinstance(value, list) else [value]
        most = MOST_BODY if name == "body" else MOST_OTHER
        if len(texts) > MOST_FIELDS or any(not isinstance(text, str) or len(text) > most for text in texts):
            raise Invalid.field(name, _("This is too long to be kept as a draft."))
        if any("\0" in text for text in texts):
            raise Invalid.field(name, _("The text contains a NUL character, which cannot be stored."))
    if len(words) > MOST_FIELDS:
        raise Invalid.field("body", _("This is too long to be kept as a draft."))
    if isinstance(words.get("body"), str):
        words["body"] = words["body"].replace("\r\n", "\n").replace("\r", "\n")
    return words


def _place(asked: str, note_id: str | None) -> str:
    """The place asked for, if it belongs to this note or to new ones; else the usual one."""
    kind, _sep, rest = asked.partition(":")
    named, _sep, more = rest.partition(":")
    if note_id:
        right = kind == "note" and named == note_id and (not more or is_id(more))
        return asked if right else f"note:{note_id}"
    return asked if kind == "new" and is_id(rest) else f"new:{new_id()}"


def _number(sent: Any) -> int | None:
    return (
        int(sent)
        if isinstance(sent, str) and sent.isascii() and sent.isdecimal() and len(sent) < 10
        else None
    )


def _of(identity: Identity, handover_id: str, note_id: str | None) -> Select[Draft]:
    which = Draft.note_id == note_id if note_id else Draft.note_id.is_(None)
    return select(Draft).where(Draft.user_id == identity.user_id, Draft.handover_id == handover_id, which)


def drafts_at(session: Session, identity: Identity, handover_id: str, note_id: str | None) -> list[Draft]:
    """A person's drafts of a note, or of new notes in a handover, newest first."""
    return list(
        session.scalars(_of(identity, handover_id, note_id).order_by(Draft.saved_at.desc(), Draft.id))
    )


def my_unsaved(session: Session, identity: Identity, most: int) -> list[Draft]:
    """A person's drafts in their handovers, newest first, with note and handover, also where none can be saved."""
    query = (
        select(Draft)
        .where(Draft.user_id == identity.user_id, Draft.handover_id.in_(identity.handovers_as()))
        .options(joinedload(Draft.note), joinedload(Draft.handover))
        .order_by(Draft.saved_at.desc(), Draft.id)
        .limit(most)
    )
    return list(session.scalars(query))


def can_be_saved(identity: Identity, draft: Draft) -> bool:
    """Whether what was typed has a place to go: its note is not in the bin, and the person may write it."""
    note: Note | None = draft.note
    if note is None:
        return can(identity, Permission.NOTE_CREATE, Facts(draft.handover_id))
    facts = Facts(note.handover_id, note.author_id, note.status == NoteStatus.DRAFT)
    return note.deleted_at is None and can(identity, Permission.NOTE_EDIT, facts)


def get_draft(session: Session, identity: Identity, draft_id: str) -> Draft:
    """A person's own draft with its note; raises NotFound for what is not there and what is somebody else's."""
    query = select(Draft).where(Draft.id == draft_id, Draft.user_id == identity.user_id)
    draft = session.scalar(query.options(joinedload(Draft.note))) if is_id(draft_id) else None
    if draft is None:
        raise not_found()
    return draft


def drop_draft(session: Session, identity: Identity, draft_id: str) -> Draft:
    """Forget a draft for good; raises NotFound for what is not there and what is somebody else's."""
    draft = get_draft(session, identity, draft_id)
    session.delete(draft)
    return draft


def drop_saved(session: Session, identity: Identity, place: Any, version: Any) -> None:
    """Forget the draft a save has just taken up; words another device has put there since stay."""
    seen = _number(version)
    if isinstance(place, str) and seen:
        mine = (Draft.user_id == identity.user_id, Draft.place == place, Draft.version <= seen)
        session.execute(delete(Draft).where(*mine))

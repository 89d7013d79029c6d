"""Taking up a correction: its words go into the note as a revision that names both people, and it is resolved."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.annotations.accepting import TakenUp, take_up
from kb.annotations.carrying import is_confirmed, lose, put
from kb.annotations.locating import lock_note
from kb.annotations.models import AnchorStatus, Annotation, AnnotationKind, AnnotationState
from kb.annotations.queries import annotation_facts, get_annotation
from kb.annotations.services import save_note
from kb.clock import now
from kb.db import Database
from kb.errors import Conflict
from kb.i18n import _, in_locale
from kb.notes.models import Note
from kb.notes.queries import get_note, note_facts
from kb.notes.rendering import prepare, rendered

TIMES = 3  # a correction is read against the newest text


class Overtaken(Conflict):
    """The note was saved after a correction was read against it."""


@dataclass(frozen=True)
class Proposal:
    """A correction read against one revision of its note; `made` is None where its words have no safe place."""

    annotation: Annotation
    note: Note
    made: TakenUp | None
    text: str

    @property
    def base(self) -> int:
        """The revision it was read against."""
        return self.note.revision


def propose(session: Session, identity: Identity, annotation_id: str) -> Proposal:
    """What taking up a correction would make of its note; Conflict, with one sentence, where it cannot be taken up.

    It renders the note several times: call it in a session that only reads.
    """
    require(identity, Permission.ANNOTATE, annotation_facts(session, annotation_id))
    annotation = get_annotation(session, annotation_id)
    require(identity, Permission.NOTE_EDIT, note_facts(session, annotation.note_id))
    why_not = refusal(annotation)
    if why_not:
        raise Conflict(why_not)
    note = get_note(session, annotation.note_id)
    text = rendered(session, note.body, note.body_sha256)
    start, end = annotation.anchor_start or 0, annotation.anchor_end or 0
    made = take_up(note.body, start, end, annotation.replacement or "", made=text)
    return Proposal(annotation, note, made, text.text)


def propose_apart(database: Database, session: Session, identity: Identity, annotation_id: str) -> Proposal:
    """The same before `session` writes: a transaction that writes renders nothing, others wait for it."""
    with database.transaction(read_only=True) as reading:
        found = propose(reading, identity, annotation_id)
    if found.made:
        prepare(session, found.made.body)
    return found


def accept_newest(
    database: Database, session: Session, identity: Identity, annotation_id: str, base: int | None = None,
    *, secrets: bool = False,
) -> Annotation:  # fmt: skip
    """Take up a correction; where nobody said on which revision, it is read again when a save came between."""
    for _time in range(TIMES):
        try:
            found = propose_apart(database, session, identity, annotation_id)
            return accept_correction(session, identity, found, base, secrets=secrets)
        except Overtaken as came:
            if base is not None:
                raise
            overtaken = came
            session.rollback()
    raise overtaken


def refusal(annotation: Annotation) -> str | None:
    """Why a correction cannot be taken up as it is; None where it can."""
    if annotation.kind != AnnotationKind.CORRECTION or annotation.replacement is None:
        return _("Only a correction that says what should stand there can be taken up.")
    if annotation.accepted_revision:
        return _("This correction was taken up with revision %(number)s.") % {
            "number": annotation.accepted_revision
        }
    if annotation.state == AnnotationState.RESOLVED:
        return _("This correction is resolved; open it again before it is taken up.")
    if annotation.anchor_status == AnchorStatus.ORPHANED:
        return _("The passage is no longer in the note: say first where it stands now.")
    if annotation.anchor_status == AnchorStatus.CHANGED and not is_confirmed(annotation):
        return _("The passage has changed since: say first whether it is still this one.")
    if annotation.anchor_exact == annotation.replacement:
        return _("The note already says so.")
    return None


def accept_correction(
    session: Session,
    identity: Identity,
    proposal: Proposal,
    base: int | None = None,
    *,
    secrets: bool = False,
) -> Annotation:
    """Save what was proposed; Conflict where the note or the remark changed since it was read.

    base: the revision whoever accepts it was shown; secrets: what looks like one may stay.
    """
    made, read = proposal.made, proposal.annotation
    _on_newest(session, proposal, base)
    if made is None:
        raise Conflict(no_place())
    annotation = get_annotation(session, read.id)
    why_not = refusal(annotation)
    if why_not:
        raise Conflict(why_not)
    if (annotation.anchor_start, annotation.anchor_end) != (read.anchor_start, read.anchor_end):
        raise Conflict(_("The remark was put on another passage meanwhile."))
    fields = {"body": made.body, "reason": _reason(annotation, proposal.note), "accept_secrets": secrets}
    note, _changed = save_note(
        session, identity, annotation.note_id, fields, proposal.base, proposed_by=annotation.author_id
    )
    annotation = get_annotation(session, read.id)
    if made.end > made.start:
        put(annotation, made.start, made.end, made.text, confirmed=True)
    else:
        # What the text is now has no place of it, wherever the save carried it: it went from where it was read.
        annotation.anchor_start, annotation.anchor_end = read.anchor_start, read.anchor_end
        lose(annotation, note.revision, proposal.text)
    _settle(session, identity, annotation, note)
    return get_annotation(session, annotation.id)


def _on_newest(session: Session, proposal: Proposal, base: int | None) -> None:
    """Hold the note as it is; Overtaken where it was saved after it was read, or shown."""
    note_id = proposal.annotation.note_id
    lock_note(session, note_id)
    newest = session.scalar(select(Note.revision).where(Note.id == note_id)) or proposal.base
    if len({newest, proposal.base, newest if base is None else base}) > 1:
        sentence = _("The note was saved meanwhile; look at the correction on the new text.")
        raise Overtaken(sentence, current_revision=newest)


def to_take_up(session: Session, note_id: str, annotation_id: str) -> Annotation | None:
    """An open correction of a note that somebody puts in by hand; None where it is not one."""
    if not annotation_id:
        return None
    return session.scalar(
        select(Annotation)
        .where(Annotation.id == annotation_id, Annotation.note_id == note_id)
        .where(Annotation.kind == AnnotationKind.CORRECTION, Annotation.state == AnnotationState.OPEN)
        .options(joinedload(Annotation.author))
    )


def taken_up_by_hand(session: Session, identity: Identity, annotation: Annotation, note: Note) -> None:
    """The revision just saved says what a correction wanted: it is resolved with it."""
    annotation.confirmed_exact = annotation.anchor_exact
    _settle(session, identity, annotation, note)


def _settle(session: Session, identity: Identity, annotation: Annotation, note: Note) -> None:
    annotation.state, annotation.accepted_revision = AnnotationState.RESOLVED, note.revision
    annotation.resolved_by_id = identity.user_id
    annotation.resolved_at = annotation.updated_at = now()
    record(
        session, actor_id=identity.user_id, action="annotation.accepted", object_type="annotation",
        object_id=annotation.id, handover_id=note.handover_id, revision=note.revision,
    )  # fmt: skip
    session.flush()


def no_place() -> str:
    """Why a correction is left to a person."""
    return _(
        "No place for these words was found that changes nothing else. They can be put in by hand, in the editor."
    )


def _reason(annotation: Annotation, note: Note) -> str:
    """Why the revision was made, in the language of the note it stays with."""
    with in_locale(note.language):
        name = annotation.author.name if annotation.author else _("former colleague")
        return (_("Correction by %(name)s") % {"name": name})[:300]

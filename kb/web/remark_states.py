"""What a card says about where its remark stands: then and now, who took it away, whether it can be taken up."""

from __future__ import annotations

from typing import Any

from kb.access.identity import Facts
from kb.annotations.carrying import is_confirmed
from kb.annotations.corrections import refusal
from kb.annotations.models import AnchorStatus, Annotation, AnnotationKind, AnnotationState
from kb.notes.models import NoteStatus
from kb.notes.pairing import Effort, within

Pieces = list[tuple[bool, str]]  # (whether it differs, the words)


def standing_of(one: Annotation) -> dict[str, Any]:
    """For a template; the remark's note is loaded."""
    note = one.note
    asks = one.anchor_status == AnchorStatus.CHANGED and not is_confirmed(one)
    then, now = then_and_now(one.quote, one.anchor_exact or "") if asks else ([], [])
    return {
        "asks": asks and one.state == AnnotationState.OPEN, "confirmed": is_confirmed(one),
        "then": then, "now": now, "start": one.anchor_start, "lost_start": one.lost_start,
        "revision": one.revision, "lost_revision": one.lost_revision, "accepted": one.accepted_revision,
        "offered": one.replacement is not None and refusal(one) is None,
        "by_hand": one.kind == AnnotationKind.CORRECTION and one.replacement is None,
        "note_facts": Facts(note.handover_id, note.author_id, note.status == NoteStatus.DRAFT),
    }  # fmt: skip


def then_and_now(then: str, now: str) -> tuple[Pieces, Pieces]:
    """Both with the words that differ told apart; as wholes where too little is the same."""
    found = within(then, now, Effort())
    if found is None:
        return [(True, then)] if then else [], [(True, now)] if now else []
    old = [(tag != "equal", "".join(found.old[i:j])) for tag, i, j, _k, _m in found.changes if j > i]
    new = [(tag != "equal", "".join(found.new[k:m])) for tag, _i, _j, k, m in found.changes if m > k]
    return old, new

"""Carrying the marks of a note to its new text, in the transaction that saves it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.annotations.anchoring import Carrier, Mark, Placed, Span, surroundings
from kb.annotations.models import AnchorStatus, Annotation
from kb.notes.models import Note
from kb.notes.queries import get_revision
from kb.notes.rendering import rendered


def carry_marks(session: Session, note: Note) -> None:
    """Carry every mark of a note from its last revision but one to its last."""
    annotations = session.scalars(select(Annotation).where(Annotation.note_id == note.id)).all()
    if not annotations:
        return
    before = get_revision(session, note.id, note.revision - 1)
    old = rendered(session, before.body, before.sha256).text
    carrier = Carrier(old, rendered(session, note.body, note.body_sha256).text)
    for annotation in annotations:
        placed = _placed(annotation, carrier)
        if placed.start is None and annotation.confirmed_exact and annotation.lost_revision:
            placed = carrier.place(_as_confirmed(session, annotation))
        _put(annotation, placed, note.revision)
    session.flush()


def put(annotation: Annotation, start: int, end: int, exact: str, *, confirmed: bool = False) -> None:
    """A mark on a passage of the current text: anchored where that reads as it was first marked."""
    as_marked = exact.split() == annotation.quote.split()
    annotation.anchor_status = AnchorStatus.ANCHORED if as_marked else AnchorStatus.CHANGED
    annotation.anchor_start, annotation.anchor_end, annotation.anchor_exact = start, end, exact
    annotation.lost_revision = annotation.lost_start = None
    if confirmed:
        annotation.confirmed_exact = None if as_marked else exact


def lose(annotation: Annotation, revision: int) -> None:
    """A mark whose passage went with a revision; one that was lost before keeps the revision that took it."""
    if annotation.anchor_status != AnchorStatus.ORPHANED:
        annotation.lost_revision, annotation.lost_start = revision, annotation.anchor_start
    annotation.anchor_status = AnchorStatus.ORPHANED
    annotation.anchor_start = annotation.anchor_end = annotation.anchor_exact = None


def is_confirmed(annotation: Annotation) -> bool:
    """Whether somebody said that the words there now are the mark's, and they are still the same."""
    return (
        annotation.anchor_status == AnchorStatus.CHANGED
        and annotation.confirmed_exact == annotation.anchor_exact
    )


def _put(annotation: Annotation, placed: Placed, revision: int) -> None:
    if placed.start is None or placed.end is None or placed.exact is None:
        lose(annotation, revision)
    else:
        put(annotation, placed.start, placed.end, placed.exact)


def _placed(annotation: Annotation, carrier: Carrier) -> Placed:
    """By the words first marked; where they lead nowhere, by those that were confirmed to be meant."""
    start, end = annotation.anchor_start, annotation.anchor_end
    placed = carrier.place(Mark(annotation.quote, annotation.prefix, annotation.suffix, start, end))
    if placed.status == "orphaned" and annotation.confirmed_exact and start is not None:
        confirmed = Mark(annotation.confirmed_exact, annotation.prefix, annotation.suffix, start, end)
        placed = carrier.place(confirmed)
    return placed


def _as_confirmed(session: Session, annotation: Annotation) -> Mark:
    """An orphan by the words that were confirmed to be its own, with what stood around them when they went."""
    exact, start = annotation.confirmed_exact or "", annotation.lost_start or 0
    before = get_revision(session, annotation.note_id, (annotation.lost_revision or 2) - 1)
    text = rendered(session, before.body, before.sha256).text
    around = surroundings(text, Span(start, start + len(exact)))
    return Mark(exact, *around, None, None)

"""What went wrong in practice or in a demonstration becomes a pitfall or a case: begun from its words, linked back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.access.identity import Identity
from kb.activity.record import record
from kb.ids import is_id
from kb.notes.kinds import HEADINGS
from kb.notes.models import Kind, Note
from kb.rehearsals.models import Meeting, PracticeRun

MOST_TITLE = 60  # characters of the problem that make the title
PLACE = "new"  # of the drafts of a note that is not saved yet
# Under which heading the problem goes, and under which the fix: by their order in HEADINGS.
_PARTS = {Kind.CASE: (0, 2), Kind.PITFALL: (0, 2), Kind.PROCEDURE: (0, 1)}


@dataclass(frozen=True)
class Beginning:
    """A note that is begun from a problem: its words, its items, and where its draft is kept."""

    title: str
    body: str
    items: tuple[str, ...]
    place: str  # names the run or meeting, so that the note finds back to it even by way of a draft


def beginning(
    session: Session, handover_id: str, origin_id: str, kind: Kind, language: str
) -> Beginning | None:
    """What a note of this kind is begun with, from the problem of a run or meeting of the handover."""
    origin = _origin(session, handover_id, origin_id)
    if origin is None:
        return None
    fix = origin.fix if isinstance(origin, PracticeRun) else ""
    if isinstance(origin, PracticeRun):
        items: tuple[str, ...] = (origin.item_id,)
    else:
        items = tuple(sorted(link.item_id for link in origin.links if not link.agreed))
    body = body_from(kind, language, origin.problem, fix)
    return Beginning(title_from(origin.problem), body, items, f"{PLACE}:{origin_id}")


def title_from(problem: str) -> str:
    """The first line of a problem, cut at a word where it is long."""
    line = next((line.strip() for line in problem.splitlines() if line.strip()), "")
    if len(line) <= MOST_TITLE:
        return line.rstrip("。.;；")
    cut = line[:MOST_TITLE]
    return (cut.rpartition(" ")[0] or cut) + "…"


def body_from(kind: Kind, language: str, problem: str, fix: str) -> str:
    """The kind's headings with the problem and the fix where they belong."""
    symptom_at, fix_at = _PARTS[kind]
    filled = {symptom_at: problem.strip(), fix_at: fix.strip()}
    titles = HEADINGS[kind][language]
    return "".join(f"## {title}\n\n{filled.get(n, '')}\n\n" for n, title in enumerate(titles))


def became(session: Session, identity: Identity, note: Note, place: object) -> None:
    """Link a run or meeting to the note just written at its draft's place; one that has its note keeps it."""
    kind, _sep, origin_id = place.partition(":") if isinstance(place, str) else ("", "", "")
    origin = _origin(session, note.handover_id, origin_id) if kind == PLACE and is_id(origin_id) else None
    if origin is None or (origin.note is not None and origin.note.deleted_at is None):
        return
    origin.note_id = note.id
    what = "practice_run" if isinstance(origin, PracticeRun) else "meeting"
    record(
        session, actor_id=identity.user_id, action=f"{what}.became_note", object_type=what, object_id=origin.id,
        handover_id=note.handover_id, note=note.id,
    )  # fmt: skip
    session.flush()


def _origin(session: Session, handover_id: str, origin_id: str) -> PracticeRun | Meeting | None:
    """The run or meeting of this id, if it belongs to the handover."""
    if not is_id(origin_id):
        return None
    run = session.scalar(
        select(PracticeRun)
        .where(PracticeRun.id == origin_id, PracticeRun.item.has(handover_id=handover_id))
        .options(joinedload(PracticeRun.note))
    )
    if run is not None:
        return run
    return session.scalar(
        select(Meeting)
        .where(Meeting.id == origin_id, Meeting.handover_id == handover_id)
        .options(joinedload(Meeting.note), selectinload(Meeting.links))
    )

"""Carrying the marks of a note to its new text, in the transaction that saves it."""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from kb.annotations.anchoring import Carrier, Mark, Placed, Span, surroundings
from kb.annotations.models import AnchorStatus, Annotation
from kb.notes.models import Note
from kb.notes.queries import get_revision
from kb.notes.rendering import rendered

# What becomes of a mark when its note is saved. No search document holds any of it, so a save may write these in
# bulk without telling search: of a thousand marks that takes half the time of the session's own writing.
PLACE = (
    "anchor_status", "anchor_start", "anchor_end", "anchor_exact", "lost_revision", "lost_start", "last_prefix",
    "last_suffix",
)  # fmt: skip
_READ = ("id", "quote", "prefix", "suffix", "confirmed_exact", *PLACE)


class Kept(Protocol):
    """What is kept of a mark: the row, or the object."""

    @property
    def quote(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def suffix(self) -> str: ...
    @property
    def anchor_status(self) -> str: ...
    @property
    def anchor_start(self) -> int | None: ...
    @property
    def anchor_end(self) -> int | None: ...
    @property
    def anchor_exact(self) -> str | None: ...
    @property
    def confirmed_exact(self) -> str | None: ...
    @property
    def last_prefix(self) -> str | None: ...
    @property
    def last_suffix(self) -> str | None: ...


def carry_marks(session: Session, note: Note) -> None:
    """Carry every mark of a note from its last revision but one to its last."""
    session.flush()
    columns = [getattr(Annotation, name) for name in _READ]
    marks: list[Any] = list(session.execute(select(*columns).where(Annotation.note_id == note.id)))
    if not marks:
        return
    before = get_revision(session, note.id, note.revision - 1)
    old = rendered(session, before.body, before.sha256).text
    carrier = Carrier(old, rendered(session, note.body, note.body_sha256).text)
    changed = []
    for mark in marks:
        placed = _returned(mark, carrier) if mark.anchor_start is None else _followed(mark, carrier)
        values = _standing(mark, placed, old, note.revision)
        if any(getattr(mark, name) != value for name, value in values.items()):
            known = {name: getattr(mark, name) for name in PLACE} | values
            changed.append({"mark": mark.id} | {f"new_{name}": known[name] for name in PLACE})
    _write(session, note.id, changed)


def put(annotation: Annotation, start: int, end: int, text: str, *, confirmed: bool = False) -> None:
    """Put a mark where somebody said: anchored where that passage of the current text reads as first marked."""
    exact = text[start:end]
    for name, value in _placed(annotation, start, end, exact).items():
        setattr(annotation, name, value)
    annotation.last_prefix, annotation.last_suffix = surroundings(text, Span(start, end))
    if confirmed:
        anchored = annotation.anchor_status == AnchorStatus.ANCHORED
        annotation.confirmed_exact = None if anchored else exact


def lose(annotation: Annotation, revision: int, old: str) -> None:
    """A mark whose passage went with a revision; `old` is the text on which its place is."""
    for name, value in _lost(annotation, revision, old).items():
        setattr(annotation, name, value)


def is_confirmed(annotation: Annotation) -> bool:
    """Whether somebody said that the words there now are the mark's, and they are still the same."""
    return (
        annotation.anchor_status == AnchorStatus.CHANGED
        and annotation.confirmed_exact == annotation.anchor_exact
    )


def _placed(mark: Kept, start: int, end: int, exact: str) -> dict[str, Any]:
    as_marked = exact.split() == mark.quote.split()
    return {
        "anchor_status": str(AnchorStatus.ANCHORED if as_marked else AnchorStatus.CHANGED),
        "anchor_start": start, "anchor_end": end, "anchor_exact": exact, "lost_revision": None, "lost_start": None,
    }  # fmt: skip


def _lost(mark: Kept, revision: int, old: str) -> dict[str, Any]:
    """One that was lost before keeps the revision that took it, and what stood around it then."""
    gone: dict[str, Any] = {"anchor_status": str(AnchorStatus.ORPHANED)}
    gone |= dict.fromkeys(("anchor_start", "anchor_end", "anchor_exact"))
    if mark.anchor_start is not None and mark.anchor_end is not None:
        prefix, suffix = surroundings(old, Span(mark.anchor_start, mark.anchor_end))
        gone |= {"lost_revision": revision, "lost_start": mark.anchor_start}
        gone |= {"last_prefix": prefix, "last_suffix": suffix}
    return gone


def _standing(mark: Kept, placed: Placed, old: str, revision: int) -> dict[str, Any]:
    if placed.start is None or placed.end is None or placed.exact is None:
        return _lost(mark, revision, old)
    return _placed(mark, placed.start, placed.end, placed.exact)


def _around(mark: Kept) -> tuple[str, str]:
    """What stood around a mark where it was known last; one made before that was kept has the first only."""
    if mark.last_prefix is None or mark.last_suffix is None:
        return mark.prefix, mark.suffix
    return mark.last_prefix, mark.last_suffix


def _followed(mark: Kept, carrier: Carrier) -> Placed:
    """By the words first marked; where they lead nowhere, by those that were confirmed to be meant."""
    around, start, end = _around(mark), mark.anchor_start, mark.anchor_end
    placed = carrier.place(Mark(mark.quote, *around, start, end))
    if placed.start is None and mark.confirmed_exact:
        placed = carrier.place(Mark(mark.confirmed_exact, *around, start, end))
    return placed


def _returned(mark: Kept, carrier: Carrier) -> Placed:
    """An orphan by the place it was lost from, with the words meant last before those first marked."""
    words = [mark.confirmed_exact] if mark.confirmed_exact else []
    ways = [Mark(quote, *_around(mark), None, None) for quote in [*words, mark.quote]]
    return carrier.returned([*ways, Mark(mark.quote, mark.prefix, mark.suffix, None, None)])


def _write(session: Session, note_id: str, changed: list[dict[str, Any]]) -> None:
    if not changed:
        return
    places: dict[str, Any] = {name: bindparam(f"new_{name}") for name in PLACE}
    moved = update(Annotation).where(Annotation.id == bindparam("mark")).values(places)
    # On the connection: a statement of the session would be taken for one by primary key.
    session.connection().execute(moved, changed)
    for thing in session.identity_map.values():
        if isinstance(thing, Annotation) and thing.note_id == note_id:
            session.expire(thing, PLACE)

"""Two edits of one revision: what merges is merged, what conflicts stands side by side to be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kb.i18n import _
from kb.notes.merge import Agreed, Choice, Conflict, Merge, resolve
from kb.notes.merging import merge_fields, merge_onto
from kb.notes.models import Note, Revision
from kb.notes.pairing import Effort, within
from kb.notes.queries import get_revision
from kb.notes.rendering import as_saved
from kb.notes.schemas import note_fields
from kb.web.editor import Editor
from kb.web.forms import Form

AROUND = 3  # lines of agreed text shown beside a conflict
CHOICE = "choice-"  # and the number of the passage: the field that says which side stays
EVERYWHERE = {"all_yours": Choice.YOURS, "all_theirs": Choice.THEIRS}  # buttons

Pieces = tuple[tuple[bool, str], ...]  # (whether it differs from what stood there before, the words)


@dataclass(frozen=True)
class Passage:
    """A stretch of the merged text: agreed, with `skipped` lines left out, or a conflict by its number."""

    before: str = ""
    skipped: int = 0
    after: str = ""
    number: int = 0
    theirs: Pieces = ()
    yours: Pieces = ()
    chosen: str = ""


@dataclass(frozen=True)
class Clash:
    """What an editor shows where somebody was faster."""

    message: str
    by: str | None
    at: datetime
    base: str  # the revision yours was made on, as the form said
    newest: int
    yours: str
    theirs: str
    conflicts: int  # that are still to be chosen
    passages: tuple[Passage, ...]
    fields: Mapping[str, Any]  # which both sides changed: what the other side made of them
    resolved: bool = False
    error: str = ""


def clashing(session: Session, editor: Editor, note: Note, message: str) -> Editor:
    """The editor with both edits merged on the newest revision; where they conflict, with the choice to be made."""
    clash, merged = _clash(session, editor, note, note.revision, message)
    values = {**editor.values, **_merged_fields(session, editor, note, clash)}
    if not clash.conflicts:
        values |= {"body": merged.body, "base_revision": str(clash.newest)}
    return replace(editor, note=note, values=values, errors=[], conflict=clash)


def resolving(session: Session, editor: Editor, note: Note, form: Form) -> tuple[Editor, bool]:
    """The editor with the text that was chosen; whether something was chosen for every passage."""
    against = str(form.get("against", ""))
    newest = int(against) if against.isdecimal() and int(against[:9]) <= note.revision else note.revision
    clash, merged = _clash(session, editor, note, newest, "")
    choices = [_choice(form, number) for number in range(1, merged.conflicts + 1)]
    if not all(choices):
        shown = tuple(replace(one, chosen=_choice(form, one.number)) for one in clash.passages)
        error = _("Choose one side for every passage; both is possible, too.")
        return replace(editor, note=note, conflict=replace(clash, passages=shown, error=error)), False
    values = {**editor.values, "body": resolve(merged.parts, choices), "base_revision": str(newest)}
    done = replace(clash, conflicts=0, passages=(), resolved=True)
    return replace(editor, note=note, values=values, conflict=done), True


def _choice(form: Form, number: int) -> str:
    everywhere = EVERYWHERE.get(str(form.get("intent")))
    chosen = everywhere or form.get(f"{CHOICE}{number}")
    return str(chosen) if chosen in set(Choice) else ""


def _clash(session: Session, editor: Editor, note: Note, newest: int, message: str) -> tuple[Clash, Merge]:
    base, yours = str(editor.values.get("base_revision", "")), as_saved(str(editor.values.get("body", "")))
    number = int(base) if base.isdecimal() and len(base) < 10 else 0
    merged = merge_onto(session, note.id, number, newest, yours)
    last = get_revision(session, note.id, newest)
    before = get_revision(session, note.id, number) if 1 <= number <= newest else None
    fields = merge_fields(before, last, _typed_fields(editor)).theirs
    clash = Clash(
        message, last.author.name if last.author else None, last.created_at, base, newest, yours, last.body,
        merged.conflicts, tuple(_passages(merged)) if merged.conflicts else (), fields,
    )  # fmt: skip
    return clash, merged


def _merged_fields(session: Session, editor: Editor, note: Note, clash: Clash) -> dict[str, Any]:
    """What only the other side changed beside the text, as the form holds it."""
    before: Revision | None = None
    if clash.base.isdecimal() and 1 <= int(clash.base[:9]) <= clash.newest:
        before = get_revision(session, note.id, int(clash.base))
    last = get_revision(session, note.id, clash.newest)
    merged = dict(merge_fields(before, last, _typed_fields(editor)).merged)
    if "tags" in merged:
        merged["tags"] = ", ".join(merged["tags"])
    return merged


def _typed_fields(editor: Editor) -> dict[str, Any]:
    """The fields as a revision keeps them; they have passed the checks before the note was found to be newer."""
    names = ("title", "kind", "purpose", "importance", "tags", "language", "items")
    fields = note_fields(
        {name: editor.values[name] for name in names if name in editor.values}, creating=False
    )
    return {**fields, "items": sorted(fields["items"])} if "items" in fields else fields


def _passages(merged: Merge) -> Iterator[Passage]:
    effort, number = Effort(), 0
    for at, part in enumerate(merged.parts):
        if isinstance(part, Conflict):
            number += 1
            theirs, yours = _marked(part.base, part.theirs, effort), _marked(part.base, part.yours, effort)
            yield Passage(number=number, theirs=theirs, yours=yours)
        else:
            yield _agreed(part, first=at == 0, last=at == len(merged.parts) - 1)


def _agreed(part: Agreed, *, first: bool, last: bool) -> Passage:
    """The lines next to the conflicts on either side."""
    lines = part.text.splitlines(keepends=True)
    head = 0 if first else AROUND
    tail = 0 if last else AROUND
    if len(lines) <= head + tail + 1:
        return Passage(before=part.text)
    rest: Sequence[str] = lines[len(lines) - tail :] if tail else ()
    return Passage("".join(lines[:head]), len(lines) - head - tail, "".join(rest))


def _marked(base: str, text: str, effort: Effort) -> Pieces:
    """The words of one side, told apart from those that stood there before."""
    found = within(base, text, effort) if base and text else None
    if found is None:
        return ((False, text),)
    pieces = tuple((tag != "equal", "".join(found.new[k:m])) for tag, _i, _j, k, m in found.changes)
    return tuple(piece for piece in pieces if piece[1])

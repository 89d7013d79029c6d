"""What changed between two texts, line by line and within a line, for people to read; its work is bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kb.notes.pairing import Effort, Within, paired, within
from kb.notes.readable import line_changes
from kb.notes.sequences import Opcode

CONTEXT = 2  # unchanged lines shown around a change
MOST_SHOWN = 2000  # lines in all

Piece = tuple[bool, str]  # (whether it changed, the words)


@dataclass(frozen=True)
class Line:
    """One line of a diff: `sign` is "+", "-" or " "."""

    sign: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Hunk:
    """Changed lines with what stands around them; `skipped` unchanged lines come before."""

    skipped: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Diff:
    """All hunks; `unshown` lines were left out at the end."""

    hunks: tuple[Hunk, ...]
    unshown: int = 0


def line_diff(old: str, new: str) -> Diff:
    """The changes from one text to another."""
    before, after = old.split("\n"), new.split("\n")
    effort = Effort()
    hunks: list[Hunk] = []
    shown = unshown = at = 0
    for group in groups(line_changes(before, after), CONTEXT):
        lines = (line for code in group for line in _lines(code, before, after, effort))
        kept = list(islice(lines, MOST_SHOWN - shown))
        shown += len(kept)
        unshown += sum(j - i + (m - k) * (tag != "equal") for tag, i, j, k, m in group) - len(kept)
        if kept:
            hunks.append(Hunk(group[0][1] - at, tuple(kept)))
        at = group[-1][2]
    return Diff(tuple(hunks), unshown)


def groups(codes: Sequence[Opcode], context: int) -> Iterator[list[Opcode]]:
    """Changes with `context` items around them; changes further apart come in groups of their own."""
    group: list[Opcode] = []
    for place, (tag, i, j, k, m) in enumerate(codes):
        if tag != "equal":
            group.append((tag, i, j, k, m))
            continue
        first, last = place == 0, place == len(codes) - 1
        after = 0 if first else min(j - i, context)
        before = 0 if last else min(j - i, context)
        if not first and not last and after + before >= j - i:
            group.append((tag, i, j, k, m))
            continue
        if group:
            yield [*group, (tag, i, i + after, k, k + after)]
        group = [] if last else [(tag, j - before, j, m - before, m)]
    if group:
        yield group


def _lines(code: Opcode, a: list[str], b: list[str], effort: Effort) -> Iterator[Line]:
    tag, i, j, k, m = code
    if tag == "equal":
        yield from (Line(" ", ((False, text),)) for text in a[i:j])
        return
    for left, right in paired(a[i:j], b[k:m], effort):
        found = None
        if left is not None and right is not None:
            found = within(a[i + left], b[k + right], effort)
        if left is not None:
            yield Line("-", _side(found, 0) or ((False, a[i + left]),))
        if right is not None:
            yield Line("+", _side(found, 1) or ((False, b[k + right]),))


def _side(found: Within | None, side: int) -> tuple[Piece, ...]:
    """One of the two versions with the words that differ told apart."""
    if found is None:
        return ()
    items = found.new if side else found.old
    cuts = ((tag != "equal", *((k, m) if side else (i, j))) for tag, i, j, k, m in found.changes)
    return tuple((changed, "".join(items[start:end])) for changed, start, end in cuts if end > start)

"""What changed between two texts, line by line and within a line, for people to read; its work is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

CONTEXT = 2  # unchanged lines shown around a change
MOST_SHOWN = 2000  # lines in all
# Above this many comparisons the passage between the first and the last change is shown as replaced.
MOST_PAIRS = 1_000_000
MOST_LINE = 400  # longer lines are not compared word by word
_WORDS = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]|\w+|\s+|.", re.S)

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
    hunks: list[Hunk] = []
    shown = unshown = at = 0
    for group in _groups(opcodes(before, after)):
        lines = (line for code in group for line in _lines(code, before, after))
        kept = list(islice(lines, MOST_SHOWN - shown))
        shown += len(kept)
        unshown += sum(j - i + (m - k) * (tag != "equal") for tag, i, j, k, m in group) - len(kept)
        if kept:
            hunks.append(Hunk(group[0][1] - at, tuple(kept)))
        at = group[-1][2]
    return Diff(tuple(hunks), unshown)


Opcode = tuple[str, int, int, int, int]


def opcodes(a: list[str], b: list[str]) -> list[Opcode]:
    """As difflib's, with equal beginnings and ends set aside; a middle too large to compare is one replacement."""
    most = min(len(a), len(b))
    head = next((n for n in range(most) if a[n] != b[n]), most)
    tail = next((n for n in range(most - head) if a[-1 - n] != b[-1 - n]), most - head)
    left, right = a[head : len(a) - tail], b[head : len(b) - tail]
    middle: list[Opcode] = []
    if len(left) * len(right) > MOST_PAIRS:
        middle = [("replace", head, len(a) - tail, head, len(b) - tail)]
    elif left or right:
        found = SequenceMatcher(None, left, right).get_opcodes()
        middle = [(tag, i + head, j + head, k + head, m + head) for tag, i, j, k, m in found]
    ends: list[Opcode] = [("equal", len(a) - tail, len(a), len(b) - tail, len(b))] if tail else []
    return ([("equal", 0, head, 0, head)] if head else []) + middle + ends


def _groups(codes: list[Opcode]) -> Iterator[list[Opcode]]:
    """Changes with `CONTEXT` lines around them; changes further apart come in groups of their own."""
    group: list[Opcode] = []
    for place, (tag, i, j, k, m) in enumerate(codes):
        if tag != "equal":
            group.append((tag, i, j, k, m))
            continue
        first, last = place == 0, place == len(codes) - 1
        after = 0 if first else min(j - i, CONTEXT)
        before = 0 if last else min(j - i, CONTEXT)
        if not first and not last and after + before >= j - i:
            group.append((tag, i, j, k, m))
            continue
        if group:
            yield [*group, (tag, i, i + after, k, k + after)]
        group = [] if last else [(tag, j - before, j, m - before, m)]
    if group:
        yield group


def _lines(code: Opcode, a: list[str], b: list[str]) -> Iterator[Line]:
    tag, i, j, k, m = code
    if tag == "equal":
        yield from (Line(" ", ((False, text),)) for text in a[i:j])
    elif tag == "replace" and j - i == m - k <= 40:
        pairs = [_within(old, new) for old, new in zip(a[i:j], b[k:m], strict=True)]
        yield from (Line("-", left) for left, _right in pairs)
        yield from (Line("+", right) for _left, right in pairs)
    else:
        yield from (Line("-", ((False, text),)) for text in a[i:j])
        yield from (Line("+", ((False, text),)) for text in b[k:m])


def _within(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two versions of a line with the words that differ told apart, where enough of it is the same."""
    whole = ((False, old),), ((False, new),)
    if max(len(old), len(new)) > MOST_LINE:
        return whole
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < 0.4:
        return whole
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        left.append((tag != "equal", "".join(a[i:j])))
        right.append((tag != "equal", "".join(b[k:m])))
    return tuple(p for p in left if p[1]), tuple(p for p in right if p[1])

"""Who wrote which passage, by the revisions of a text: sentence by sentence.

A sentence is of the revision in which it first stood with these characters; white space does not count. Lines that
moved, or were removed and came back, keep their author if they say enough not to be the same by chance. A sentence that
was only cut out of, or joined from, what stood there before keeps its author too; one changed word makes it the
reviser's.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.notes.readable import line_changes
from kb.notes.sequences import opcodes

ENOUGH = 24  # bytes, eight Han characters: shorter sentences are the same by chance
MOST_KNOWN = 50_000  # sentences remembered after they were removed
MOST_REFLOWED = (
    4_000  # characters of a passage in which sentences were cut or joined; longer ones are the reviser's
)
MOST_PAIRS = 4_000_000  # of lines or sentences compared for one revision
MOST_LINES = (
    400_000  # changed in all revisions together; after that only the ends of what changed are compared
)
_SENTENCE_END = re.compile(r"(?:[。！？；]+[”’」』）)]*|[.!?;]+[\"')]*(?=\s))\s*")


@dataclass(frozen=True)
class Passage:
    """Text from start to end (code points, end exclusive) that stands since a revision; blank ends are not in it."""

    start: int
    end: int
    revision: int


@dataclass(frozen=True)
class _Unit:
    """A sentence without its white space, and the revision it is of."""

    key: str
    revision: int


_Line = tuple[_Unit, ...]


def blame(revisions: Sequence[tuple[int, str]], minor: Container[int] = ()) -> list[Passage]:
    """The passages of the last text, in order; revisions are (number, text), oldest first.

    Sentences that a `minor` revision only mended stay with whoever wrote them.
    """
    lines: list[str] = []
    units: list[_Line] = []
    known: dict[str, int] = {}
    work = MOST_LINES
    for number, text in revisions:
        new = text.split("\n")
        most = MOST_PAIRS if work > 0 else 0
        made: list[_Line] = []
        changed: list[tuple[int, int, int, int]] = []
        for tag, i, j, k, m in line_changes(lines, new, most):
            made += units[i:j] if tag == "equal" else [()] * (m - k)
            if tag != "equal":
                changed.append((i, j, k, m))
        for i, j, k, m in changed:
            work -= j - i + m - k
            _remember(known, (unit for line in units[i:j] for unit in line))
        for i, j, k, m in changed:
            keys = [[_key(sentence) for sentence in sentences(line)] for line in new[k:m]]
            made[k:m] = _attributed([unit for line in units[i:j] for unit in line], keys, number, known, most)
            if number in minor:
                made[k:m] = _mended(units[i:j], made[k:m])
        lines, units = new, made
    return list(_passages(lines, units))


def sentences(line: str) -> list[str]:
    """A line cut after each sentence; joined it is the line again."""
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(line)), len(line)]
    return [line[start:end] for start, end in pairwise(cuts) if end > start]


def _key(sentence: str) -> str:
    return "".join(sentence.split())


def _attributed(
    old: list[_Unit], new: list[list[str]], number: int, known: dict[str, int], most: int
) -> list[_Line]:
    """The sentences of changed lines, each with its revision; what is gone is remembered in `known`."""
    flat = [key for line in new for key in line]
    owners: list[int | None] = [None] * len(flat)
    changes = line_changes([unit.key for unit in old], flat, most)
    for tag, i, _j, k, m in changes:
        if tag == "equal":
            owners[k:m] = [unit.revision for unit in old[i : i + m - k]]
    for place, key in enumerate(flat):
        if owners[place] is None:
            owners[place] = known.get(key)
    for tag, i, j, k, m in changes:
        if tag == "replace" and None in owners[k:m]:
            _reflow(old[i:j], flat, owners, k, m)
    made = iter(
        [_Unit(key, number if owner is None else owner) for key, owner in zip(flat, owners, strict=True)]
    )
    return [tuple(next(made) for _ in line) for line in new]


def _mended(old: Sequence[_Line], new: Sequence[_Line]) -> list[_Line]:
    """Where as many sentences stand as before, they are the same ones."""
    revisions = [unit.revision for line in old for unit in line]
    if len(revisions) != sum(map(len, new)):
        return list(new)
    earlier = iter(revisions)
    return [tuple(_Unit(unit.key, next(earlier)) for unit in line) for line in new]


def _remember(known: dict[str, int], gone: Iterable[_Unit]) -> None:
    for unit in gone:
        if len(known) < MOST_KNOWN and len(unit.key.encode("utf-8", "replace")) >= ENOUGH:
            known.setdefault(unit.key, unit.revision)


def _reflow(old: list[_Unit], flat: list[str], owners: list[int | None], start: int, end: int) -> None:
    """Sentences whose every character stood together before, only cut at other places, keep their author."""
    before, after = "".join(unit.key for unit in old), "".join(flat[start:end])
    if max(len(before), len(after)) > MOST_REFLOWED:
        return
    of = [unit.revision for unit in old for _ in unit.key]
    same = [(i, k, m) for tag, i, _j, k, m in opcodes(before, after) if tag == "equal"]
    at = 0
    for place in range(start, end):
        until = at + len(flat[place])
        i, k = next(((i, k) for i, k, m in same if k <= at and until <= m), (-1, -1))
        if i >= 0 and owners[place] is None and len(flat[place].encode("utf-8", "replace")) >= ENOUGH:
            owners[place] = max(of[i + at - k : i + until - k])
        at = until


def _passages(lines: list[str], units: list[_Line]) -> Iterator[Passage]:
    """Sentences of one revision that follow each other are one passage."""
    at = start = end = 0
    revision: int | None = None
    for line, of in zip(lines, units, strict=True):
        for sentence, unit in zip(sentences(line), of, strict=True):
            if unit.key:
                if unit.revision != revision:
                    if revision is not None:
                        yield Passage(start, end, revision)
                    start, revision = at + len(sentence) - len(sentence.lstrip()), unit.revision
                end = at + len(sentence.rstrip())
            at += len(sentence)
        at += 1
    if revision is not None:
        yield Passage(start, end, revision)

"""Cuts canonical text into units: sentences, each within its line or table cell; positions in code points."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 1000  # code points of a unit; longer runs are cut at any white space, or just there

_END = re.compile(r"[。！？]+[\"'”’」』）)\]]*|[.!?]+[\"'”’」』）)\]]*(?=[ \n\t])|[\n\t]+")
_HAN = "\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
TOKEN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of a text: where it stands, white space around it left out, its words, one space apart, its line."""

    start: int
    end: int
    key: str
    line: int


def units(text: str, start: int, end: int) -> list[Unit]:
    """The sentences of some whole lines of a text in order; those of white space only are left out."""
    found: list[Unit] = []
    line = 0
    for match in _END.finditer(text, start, end):
        _cut(text, start, match.end(), line, found)
        start = match.end()
        line += "\n" in match[0]
    _cut(text, start, end, line, found)
    return found


def _cut(text: str, start: int, end: int, line: int, found: list[Unit]) -> None:
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = space if space > 0 else start + LONGEST
        _add(text, start, cut, line, found)
        start = cut
    _add(text, start, end, line, found)


def _add(text: str, start: int, end: int, line: int, found: list[Unit]) -> None:
    piece = text[start:end]
    key = " ".join(piece.split())
    if key:
        start += len(piece) - len(piece.lstrip())
        found.append(Unit(start, start + len(piece.strip()), key, line))


def token_spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text stand: runs of letters and digits, single Han characters, single signs."""
    return [match.span() for match in TOKEN.finditer(text)]


def frame(old: str, new: str) -> tuple[int, int]:
    """How many characters of whole lines, first at the beginning and then at the end, both texts share."""
    head = old.rfind("\n", 0, _shared(old, new)) + 1
    room = min(len(old), len(new)) - head
    tail = _shared(old[::-1][:room], new[::-1][:room])
    begins = old.find("\n", len(old) - tail) + 1 if tail else 0
    return head, len(old) - begins if begins else 0


def _shared(old: str, new: str) -> int:
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low

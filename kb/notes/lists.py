"""Two additions to one list: when both may stay, and in which order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ITEM = re.compile(r"( {0,12})(?:([-*+])[ \t](?=[ \t]*\S)|(\|)(?![ \t:|-]*$))")


def lines_of(text: str) -> list[str]:
    """Its lines, each with its end."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def listed_both(
    theirs: Sequence[str], yours: Sequence[str], before: Sequence[str], after: Sequence[str]
) -> str | None:
    """Both additions, theirs first, what both hold once; None unless they are items of the list that stands there.

    before, after: the lines around; that of the same kind (bullet or table row, as far indented) may be past one
    blank line.
    """
    kinds = {_kind(lines) for lines in (theirs, yours)}
    around = {_kind_of(line) for line in _near(reversed(before))} | {_kind_of(line) for line in _near(after)}
    if len(kinds) != 1 or None in kinds or not kinds & around:
        return None
    present = {"".join(item) for item in _items(theirs)}
    return "".join(theirs) + "".join(text for item in _items(yours) if (text := "".join(item)) not in present)


def _near(lines: Iterable[str]) -> list[str]:
    """The first line that is not blank, if there is one."""
    return [line for line in lines if line.strip()][:1]


def _kind_of(line: str) -> tuple[int, str] | None:
    found = _ITEM.match(line)
    return (len(found[1]), found[2] or found[3]) if found else None


def _kind(lines: Sequence[str]) -> tuple[int, str] | None:
    """Indentation and marker of the items these lines are; None if something else is among them."""
    first = _kind_of(lines[0]) if lines else None
    if first is None:
        return None
    for line in lines:
        deeper = line.startswith(" " * (first[0] + 2)) and first[1] != "|"
        if line.strip() and not deeper and _kind_of(line) != first:
            return None
    return first


def _items(lines: Sequence[str]) -> list[list[str]]:
    """Each item with what belongs to it."""
    kind = _kind_of(lines[0])
    items: list[list[str]] = []
    for line in lines:
        if _kind_of(line) == kind or not items:
            items.append([])
        items[-1].append(line)
    return items

"""Everything together: found by shape, by label, in the columns of tables; each place once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from kb.secrets.folding import Folded
from kb.secrets.kinds import Secret, SecretKind
from kb.secrets.labels import column, labelled
from kb.secrets.shapes import Found, shaped
from kb.secrets.values import COMMON, Strength, is_throwaway, strength

MOST_FOUND = 200  # in one text; more help nobody
_ROW = re.compile(r"^[ \t]{0,3}\|.{3,2000}$", re.M)
_RULE = re.compile(r"[ \t|:-]+\Z")
_FENCED = re.compile(r"^[ \t]*(```|~~~)[^\n]*\n.*?(?:^[ \t]*\1|\Z)", re.M | re.S)
_CELL = re.compile(r"[`*\"]{0,3}([!-{}~]{3,200}?)[`*\"]{0,3}")


def find_secrets(text: str) -> tuple[Secret, ...]:
    """What looks like a secret, in the order of the text; at most MOST_FOUND."""
    folded = Folded(text)
    text = folded.text
    found: list[Found] = []
    for place in (*shaped(text), *labelled(text), *_in_columns(text)):
        found.append(place)
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    blocks = [match.span() for match in _FENCED.finditer(text)]
    secrets: list[Secret] = []
    for kind, start, end in _apart(found):
        if not _is_shown(text, blocks, start, end):
            secrets.append(Secret(bisect_right(starts, start), kind, *folded.span(start, end)))
    return tuple(secrets[:MOST_FOUND])


def _is_shown(text: str, blocks: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a value only fills an example in: in code, what anybody writes there."""
    at = bisect_right(blocks, (start, len(text))) - 1
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if (at >= 0 and start < blocks[at][1]) or line.startswith(("    ", "\t")):
        return is_throwaway(text[start:end])
    inline = text[start - 1 : start] == "`" == text[end : end + 1]
    return inline and is_throwaway(text[start:end]) and text[start:end].lower() not in COMMON


def _apart(found: list[Found]) -> list[Found]:
    """Without those that overlap one that came before: shapes say more than labels."""
    order = {place: number for number, place in reversed(list(enumerate(found)))}
    kept: list[Found] = []
    for place in sorted(order, key=lambda place: (place[1], order[place])):
        if kept and place[1] < kept[-1][2]:
            if order[place] < order[kept[-1]]:
                kept[-1] = place
        else:
            kept.append(place)
    return kept


def _in_columns(text: str) -> Iterator[Found]:
    """Cells of tables under a header that names a secret."""
    kinds: dict[int, SecretKind] = {}
    header: list[str] = []
    last = -2
    for row in _ROW.finditer(text):
        cells = row[0].strip().strip("|").split("|")
        if row.start() > last + 1:
            kinds, header = {}, cells
        elif _RULE.match(row[0]):
            kinds = {number: kind for number, cell in enumerate(header) if (kind := column(cell))}
        elif kinds:
            at = row.start() + row[0].index("|") + 1
            for number, cell in enumerate(cells):
                if number in kinds and (span := _cell(cell, kinds[number])):
                    yield kinds[number], at + span[0], at + span[1]
                at += len(cell) + 1
        last = row.end()


def _cell(cell: str, kind: SecretKind) -> tuple[int, int] | None:
    """Where the secret in a cell stands; a cell that holds a sentence has none."""
    found = _CELL.fullmatch(cell.strip())
    if not found:
        return None
    value = found[1].rpartition("/")[2] if "/" in found[1] else found[1]
    how = strength(value)
    enough = how >= Strength.MEDIUM or value.lower() in COMMON
    if kind is SecretKind.API_KEY:
        enough = how >= Strength.MEDIUM and len(value) >= 12 and bool(re.search("[0-9]", value))
    start = cell.index(value)
    return (start, start + len(value)) if enough else None

"""Which characters the certificate's fonts can draw; what they cannot is written as its code point, never as a box."""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

# Drawn by the fonts that come with the typesetter.
_ELSEWHERE = frozenset("←↑→↓✓")
_UNICODE_TABLES = ((3, 10), (0, 4), (3, 1), (0, 3))  # platform and encoding, the fuller first


def drawable(facts: Any, fonts: Path) -> Any:
    """The same data with every text as the fonts of a folder can draw it: 😀 becomes [U+1F600]."""
    if isinstance(facts, str):
        return "".join(_drawn(character, covered(fonts)) for character in facts)
    if isinstance(facts, dict):
        return {key: drawable(value, fonts) for key, value in facts.items()}
    return [drawable(one, fonts) for one in facts] if isinstance(facts, list) else facts


def visible(facts: Any) -> Any:
    """The same data without what nobody sees: joiners, marks of direction and order."""
    if isinstance(facts, str):
        return "".join(character for character in facts if unicodedata.category(character) != "Cf")
    if isinstance(facts, dict):
        return {key: visible(value) for key, value in facts.items()}
    return [visible(one) for one in facts] if isinstance(facts, list) else facts


def _drawn(character: str, known: frozenset[int]) -> str:
    if ord(character) in known or character in _ELSEWHERE or character in " \n\t":
        return character
    return " " if character.isspace() else f"[U+{ord(character):04X}]"


@cache
def covered(folder: Path) -> frozenset[int]:
    """The code points of all fonts of a folder (OpenType `cmap`, formats 4 and 12)."""
    return frozenset().union(*(_of_font(path.read_bytes()) for path in sorted(folder.glob("*.ttf"))))


def _of_font(data: bytes) -> set[int]:
    tables = struct.unpack_from(">H", data, 4)[0]
    places = {
        data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)
    }
    start = places[b"cmap"]
    found = {}
    for number in range(struct.unpack_from(">H", data, start + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * number)
        found[(platform, encoding)] = start + offset
    at = next(found[kind] for kind in _UNICODE_TABLES if kind in found)
    return _format_12(data, at) if struct.unpack_from(">H", data, at)[0] == 12 else _format_4(data, at)


def _format_12(data: bytes, at: int) -> set[int]:
    points: set[int] = set()
    for number in range(struct.unpack_from(">I", data, at + 12)[0]):
        first, last, _glyph = struct.unpack_from(">III", data, at + 16 + 12 * number)
        points.update(range(first, last + 1))
    return points


def _format_4(data: bytes, at: int) -> set[int]:
    """Segments of characters; one whose glyph is number 0 is not drawn."""
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    lasts, firsts, deltas, offsets = (
        at + 14 + shift for shift in (0, 2 * count + 2, 4 * count + 2, 6 * count + 2)
    )
    points: set[int] = set()
    for number in range(0, 2 * count, 2):
        last, first, delta, offset = (
            struct.unpack_from(">H", data, part + number)[0] for part in (lasts, firsts, deltas, offsets)
        )
        for point in range(first, last + 1):
            place = offsets + number + offset + 2 * (point - first)
            glyph = (
                point
                if not offset
                else struct.unpack_from(">H", data, place)[0]
                if place + 2 <= len(data)
                else 0
            )
            if glyph and (offset == 0 or glyph + delta) and point != 0xFFFF:
                points.add(point)
    return points

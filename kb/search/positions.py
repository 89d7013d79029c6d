"""Positions of a term within a text as few bytes: differences, seven bits a byte, low bits first."""

from __future__ import annotations

from collections.abc import Iterable


def pack(positions: Iterable[int]) -> bytes:
    """Ascending positions, encoded."""
    out = bytearray()
    before = 0
    for position in positions:
        rest = position - before
        before = position
        while rest > 127:
            out.append(rest & 127 | 128)
            rest >>= 7
        out.append(rest)
    return bytes(out)


def unpack(packed: bytes) -> list[int]:
    """The positions that `pack` encoded."""
    positions: list[int] = []
    position = shift = 0
    for byte in packed:
        position += (byte & 127) << shift
        shift += 7
        if byte < 128:
            positions.append(position)
            shift = 0
    return positions

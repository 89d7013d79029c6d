"""Changes put so that people read them easily: small islands joined in, edges moved to where words and lines end.

Both as diff-match-patch does it (Neil Fraser: "semantic cleanup", "lossless semantic cleanup"), but on whole items.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from kb.notes.sequences import MOST_IN_ALL, Opcode, opcodes

FARTHEST = 200  # items an edge is moved at most
_STOPS = "。！？；….!?;"


def word_changes(a: Sequence[str], b: Sequence[str]) -> list[Opcode]:
    """Opcodes of two lists of tokens, as a reader would tell what was changed."""
    return settled(_joined(opcodes(a, b), a, b), a, b)


def line_changes(a: Sequence[str], b: Sequence[str], most: int = MOST_IN_ALL) -> list[Opcode]:
    """Opcodes of two lists of lines; lines that stand once in each are lined up first."""
    return settled(opcodes(a, b, anchored=True, most=most), a, b)


def _joined(codes: list[Opcode], a: Sequence[str], b: Sequence[str]) -> list[Opcode]:
    """Without equal islands smaller than the changes on both their sides; a line's end always parts changes."""
    at_a, at_b = _counted(a), _counted(b)
    out: list[Opcode] = []

    def changed(code: Opcode) -> int:
        return max(at_a[code[2]] - at_a[code[1]], at_b[code[4]] - at_b[code[3]])

    for code in codes:
        out.append(code)
        while len(out) >= 3 and code[0] != "equal":
            before, island, after = out[-3:]
            size = at_a[island[2]] - at_a[island[1]]
            if size > min(changed(before), changed(after)) or "\n" in a[island[1] : island[2]]:
                break
            out[-3:] = [_spanning(before, after)]
    return out


def _counted(items: Sequence[str]) -> list[int]:
    """Up to each place, how many items there are that are not white space."""
    return [0, *accumulate(not item.isspace() for item in items)]


def _spanning(first: Opcode, last: Opcode) -> Opcode:
    i, j, k, m = first[1], last[2], first[3], last[4]
    return ("replace" if j > i and m > k else "delete" if j > i else "insert", i, j, k, m)


def settled(codes: list[Opcode], a: Sequence[str], b: Sequence[str]) -> list[Opcode]:
    """The same changes, each insertion and deletion moved to where it begins and ends best."""
    out = list(codes)
    for place in range(1, len(out) - 1):
        tag = out[place][0]
        if tag in ("insert", "delete") and out[place - 1][0] == out[place + 1][0] == "equal":
            _, i, j, k, m = out[place]
            items, start, end = (b, k, m) if tag == "insert" else (a, i, j)
            before, after = out[place - 1], out[place + 1]
            room = min(before[2] - before[1] - 1, FARTHEST), min(after[2] - after[1] - 1, FARTHEST)
            by = _best(items, start, end, *room)
            if by:
                out[place - 1] = (before[0], before[1], before[2] + by, before[3], before[4] + by)
                out[place] = (tag, i + by, j + by, k + by, m + by)
                out[place + 1] = (after[0], after[1] + by, after[2], after[3] + by, after[4])
    return out


def _best(items: Sequence[str], start: int, end: int, back: int, on: int) -> int:
    """How far the passage is best moved, down to -back and up to on; equal items come in as others go out."""
    least = most = 0
    while least > -back and items[start + least - 1] == items[end + least - 1]:
        least -= 1
    while most < on and items[start + most] == items[end + most]:
        most += 1
    return max(
        range(least, most + 1),
        key=lambda by: (_edge(items, start + by) + _edge(items, end + by), by == 0, by),
    )


def _edge(items: Sequence[str], at: int) -> int:
    """How well something begins or ends here: after a line's end, a sentence's, beside a space, within words."""
    if at in (0, len(items)) or items[at - 1] in ("\n", ""):
        return 3
    before = items[at - 1].rstrip()
    if before[-1:] in _STOPS and before:
        return 2
    return 0 if before[-1:].isalnum() and items[at][:1].isalnum() else 1

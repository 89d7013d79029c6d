"""Three-way merge of Markdown by lines (diff3: Khanna, Kunal, Pierce 2007)."""

from __future__ import annotations

from dataclasses import dataclass

from kb.notes.readable import line_changes


@dataclass(frozen=True)
class Merge:
    """A proposal: the merged body, and how many passages were changed on both sides."""

    body: str
    conflicts: int


def _kept(base: list[str], other: list[str]) -> dict[int, int]:
    """Lines of base that stand unchanged in other: their index there."""
    same = (code for code in line_changes(base, other) if code[0] == "equal")
    return {
        start + step: there + step for _tag, start, end, there, _end in same for step in range(end - start)
    }


def merge(base: str, theirs: str, yours: str) -> Merge:
    """Merge two edits of one base; where both changed the same lines, both stand between marks."""
    old, left, right = (text.splitlines(keepends=True) for text in (base, theirs, yours))
    in_left, in_right = _kept(old, left), _kept(old, right)
    stable = [i for i in range(len(old)) if i in in_left and i in in_right] + [len(old)]
    in_left[len(old)], in_right[len(old)] = len(left), len(right)
    out: list[str] = []
    conflicts = o = a = b = 0
    for line in stable:
        was, one, two = old[o:line], left[a : in_left[line]], right[b : in_right[line]]
        if one == two or two == was:
            out += one
        elif one == was:
            out += two
        else:
            conflicts += 1
            out += ["<<<<<<<\n", *_closed(one), "=======\n", *_closed(two), ">>>>>>>\n"]
        if line < len(old):
            out.append(old[line])
        o, a, b = line + 1, in_left[line] + 1, in_right[line] + 1
    return Merge("".join(out), conflicts)


def _closed(lines: list[str]) -> list[str]:
    if lines and not lines[-1].endswith("\n"):
        return [*lines[:-1], lines[-1] + "\n"]
    return lines

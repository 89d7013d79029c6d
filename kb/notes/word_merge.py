"""Three-way merge of one passage by words.

Two changes do not touch if at least MARGIN of text that neither changed stands between them: the end of a line or of a
table's cell, two words, three Han characters. Less is a conflict: in 3月5日 one may change the month and another the
day, and nobody meant the date that would come of it. A side that keeps little of the passage has rewritten it; then it
is not merged by words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.notes.lists import lines_of, listed_both
from kb.notes.pairing import Effort
from kb.notes.readable import word_changes
from kb.notes.sequences import ends
from kb.notes.words import ALIKE, tokens, weight

MARGIN = 3  # of weight, see kb.notes.words.weight: a Han character is 1, a word is 2


@dataclass(frozen=True)
class Agreed:
    """Text that needs no choice."""

    text: str


@dataclass(frozen=True)
class Conflict:
    """Whole lines that both sides changed, as they were and as each side has them."""

    base: str
    theirs: str
    yours: str


Part = Agreed | Conflict
Around = tuple[Sequence[str], Sequence[str]]  # lines before a passage and after it


@dataclass(frozen=True)
class _Edit:
    """Base tokens from i to j became `words` on one side (0: theirs, 1: yours)."""

    i: int
    j: int
    side: int
    words: tuple[str, ...]


@dataclass
class _Group:
    """Edits of both sides that touch, or one alone."""

    edits: list[_Edit]

    @property
    def start(self) -> int:
        return min(edit.i for edit in self.edits)

    @property
    def end(self) -> int:
        return max(edit.j for edit in self.edits)


def by_words(was: str, one: str, two: str, around: Around, effort: Effort) -> list[Part] | None:
    """The passage merged; None if a side rewrote it, or there is no effort left to tell."""
    base = tokens(was)
    edits: list[_Edit] = []
    for side, text in enumerate((one, two)):
        words = tokens(text)
        same = sum(ends(base, words, 0, len(base), 0, len(words)))
        if not effort.spend((len(base) - same) * (len(words) - same)):
            return None
        changes = word_changes(base, words)
        kept = sum(len("".join(base[i:j]).strip()) for tag, i, j, _k, _m in changes if tag == "equal")
        if kept < ALIKE * len(was.strip()):
            return None
        edits += [_Edit(i, j, side, tuple(words[k:m])) for tag, i, j, k, m in changes if tag != "equal"]
    return _Merging(base, edits, around).parts()


class _Merging:
    def __init__(self, base: list[str], edits: list[_Edit], around: Around) -> None:
        self.base = base
        self.edits = sorted(edits, key=lambda edit: (edit.i, edit.j, edit.side))
        self.around = around
        # Where a line does not end: its end was changed, or something was put in right there.
        self.touched = {at for e in edits for at in range(e.i + (e.j > e.i), e.j + 1)}

    def parts(self) -> list[Part]:
        """Text with all changes that do not touch, and whole lines where they do."""
        groups = self._groups()
        settled = {group.start: text for group in groups if (text := self._settled(group)) is not None}
        torn = [self._lines(group) for group in groups if group.start not in settled]
        parts: list[Part] = []
        at = 0
        for start, end in [*_united(torn), (len(self.base), -1)]:
            parts.append(Agreed(self._agreed(groups, settled, at, start)))
            if end >= 0:
                was = "".join(self.base[start:end])
                parts.append(Conflict(was, self._version(0, start, end), self._version(1, start, end)))
                at = end
        return parts

    def _groups(self) -> list[_Group]:
        groups: list[_Group] = []
        for edit in self.edits:
            others = [e.j for e in groups[-1].edits if e.side != edit.side] if groups else []
            if others and self._touching(max(others), edit.i):
                groups[-1].edits.append(edit)
            else:
                groups.append(_Group([edit]))
        return groups

    def _touching(self, end: int, start: int) -> bool:
        between = 0
        for word in self.base[end:start]:
            between += MARGIN if word in ("\n", "|") else weight(word)
            if between >= MARGIN:
                return False
        return True

    def _settled(self, group: _Group) -> str | None:
        """What a group comes to, if that is clear."""
        start, end = group.start, group.end
        sides = {edit.side for edit in group.edits}
        one, two = self._of(group.edits, 0, start, end), self._of(group.edits, 1, start, end)
        if len(sides) == 1 or one == two:
            return two if sides == {1} else one
        if start < end or (start and self.base[start - 1] != "\n"):
            return None
        if not (one.endswith("\n") and two.endswith("\n")):
            return None
        before, after = self._lines_at(start)
        return listed_both(lines_of(one), lines_of(two), before or self.around[0], after or self.around[1])

    def _lines_at(self, at: int) -> tuple[list[str], list[str]]:
        """Up to two whole lines of base on each side."""
        start, end = at, at
        for _ in range(2):
            start = max(0, start - 1)
            while start > 0 and self.base[start - 1] != "\n":
                start -= 1
            while end < len(self.base) and self.base[end] != "\n":
                end += 1
            end = min(len(self.base), end + 1)
        return lines_of("".join(self.base[start:at])), lines_of("".join(self.base[at:end]))

    def _of(self, edits: list[_Edit], side: int, start: int, end: int) -> str:
        """Base tokens from start to end with the edits of one side."""
        out: list[str] = []
        for edit in edits:
            if edit.side == side:
                out += [*self.base[start : edit.i], *edit.words]
                start = edit.j
        return "".join([*out, *self.base[start:end]])

    def _version(self, side: int, start: int, end: int) -> str:
        return self._of([e for e in self.edits if start <= e.i and e.j <= end], side, start, end)

    def _agreed(self, groups: list[_Group], settled: dict[int, str], start: int, end: int) -> str:
        out: list[str] = []
        for group in groups:
            if start <= group.start and group.end <= end and group.start in settled:
                out += [*self.base[start : group.start], settled[group.start]]
                start = group.end
        return "".join([*out, *self.base[start:end]])

    def _lines(self, group: _Group) -> tuple[int, int]:
        """The whole lines around a group, cut where both sides have the same line's end."""
        start, end = group.start, group.end
        while start > 0 and not self._whole(start):
            start -= 1
        while end < len(self.base) and not self._whole(end):
            end += 1
        return start, end

    def _whole(self, at: int) -> bool:
        return self.base[at - 1] == "\n" and at not in self.touched


def _united(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same without overlaps."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out

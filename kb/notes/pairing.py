"""Which of the removed lines became which of the added ones, in order; and what changed within. Its work is bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from kb.notes.readable import word_changes
from kb.notes.sequences import Opcode, ends
from kb.notes.words import ALIKE, alike, tokens

MOST_TRIED = 1600  # pairs of lines compared to find those that belong together
MOST_LINE = 20_000  # characters; longer lines are not compared by words

Pair = tuple[int | None, int | None]  # index among the removed, among the added; None: it has no counterpart


@dataclass
class Effort:
    """Comparisons left for one difference of two notes; when they are used up, lines are shown whole."""

    left: int = 400_000_000

    def spend(self, pairs: int) -> bool:
        """Whether there is enough left for that many; takes them."""
        if pairs > self.left:
            return False
        self.left -= pairs
        return True


def paired(old: Sequence[str], new: Sequence[str], effort: Effort) -> list[Pair]:
    """All removed and added lines, in order, those put together that are alike."""
    tried = len(old) * len(new)
    if len(old) == len(new) and (tried == 1 or tried > MOST_TRIED):
        return list(zip(range(len(old)), range(len(new)), strict=True))
    size = sum(map(len, old)) * sum(map(len, new))
    if tried > MOST_TRIED or not effort.spend(size):
        return _between([], len(old), len(new))
    return _between(_best(_likeness(old, new)), len(old), len(new))


def _likeness(old: Sequence[str], new: Sequence[str]) -> list[list[float]]:
    ids: dict[str, int] = {}

    def coded(line: str) -> str:
        return "".join(chr(ids.setdefault(word, len(ids))) for word in tokens(line) if not word.isspace())

    left, right = [coded(line) for line in old], [coded(line) for line in new]
    return [
        [Indel.normalized_similarity(one, two, score_cutoff=ALIKE) if one and two else 0.0 for two in right]
        for one in left
    ]


def _best(likeness: list[list[float]]) -> list[tuple[int, int]]:
    """The pairs, ascending in both, whose likeness in all is greatest."""
    rows, columns = len(likeness), len(likeness[0]) if likeness else 0
    total = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for k in range(columns - 1, -1, -1):
            with_it = likeness[i][k] and likeness[i][k] + total[i + 1][k + 1]
            total[i][k] = max(total[i + 1][k], total[i][k + 1], with_it)
    found, i, k = [], 0, 0
    while i < rows and k < columns:
        if likeness[i][k] and total[i][k] == likeness[i][k] + total[i + 1][k + 1]:
            found.append((i, k))
            i, k = i + 1, k + 1
        elif total[i][k] == total[i + 1][k]:
            i += 1
        else:
            k += 1
    return found


def _between(pairs: list[tuple[int, int]], old: int, new: int) -> list[Pair]:
    out: list[Pair] = []
    i = k = 0
    for at, to in [*pairs, (old, new)]:
        out += [(n, None) for n in range(i, at)] + [(None, n) for n in range(k, to)]
        if (at, to) != (old, new):
            out.append((at, to))
        i, k = at + 1, to + 1
    return out


@dataclass(frozen=True)
class Within:
    """Two versions of a passage in tokens, and their opcodes."""

    old: Sequence[str]
    new: Sequence[str]
    changes: Sequence[Opcode]


def within(old: str, new: str, effort: Effort) -> Within | None:
    """What changed in a passage, by words; None where too little is the same, or it is too long to tell."""
    if max(len(old), len(new)) > MOST_LINE:
        return None
    a, b = tokens(old), tokens(new)
    same = sum(ends(a, b, 0, len(a), 0, len(b)))
    if not effort.spend((len(a) - same) * (len(b) - same)):
        return None
    changes = word_changes(a, b)
    return Within(a, b, changes) if alike(a, b, changes) else None

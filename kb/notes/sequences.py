"""What is the same in two sequences: as difflib tells it, but bounded, and so that people find it right.

Equal beginnings and ends are set aside, the rest is a longest common subsequence (bit-parallel: Hyyrö 2004). A rest
too large for that is first cut at passages that stand once in each (patience diff: Bram Cohen); where there are
none it is one replacement.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TypeVar

from rapidfuzz.distance import Indel

T = TypeVar("T")
Opcode = tuple[str, int, int, int, int]  # tag, from and to in the first, from and to in the second

# Comparisons for one passage: 12,000 words with as many, 20 MB and some 50 ms.
MOST_PAIRS = 150_000_000
# Comparisons for one pair of sequences, all passages together.
MOST_IN_ALL = 4 * MOST_PAIRS
PASSAGE = 6  # items in a row that mark a place, where single ones are not rare enough
DEEPEST = 12  # cuts within cuts


class _Comparison:
    """One comparison: gathers the equal runs and counts what it has cost."""

    def __init__(self, a: Sequence[str], b: Sequence[str], most: int) -> None:
        ids: dict[str, int] = {}
        self.a = [ids.setdefault(item, len(ids)) for item in a]
        self.b = [ids.setdefault(item, len(ids)) for item in b]
        self.left = most
        self.runs: list[tuple[int, int, int]] = []  # from in a, from in b, length

    def within(self, i: int, j: int, k: int, m: int, anchored: bool, depth: int = 0) -> None:
        """Add what is the same in a[i:j] and b[k:m]; anchored: cut at items that stand once in each first."""
        head, tail = ends(self.a, self.b, i, j, k, m)
        self._add(i, k, head)
        self._middle(i + head, j - tail, k + head, m - tail, anchored, depth)
        self._add(j - tail, m - tail, tail)

    def _middle(self, i: int, j: int, k: int, m: int, anchored: bool, depth: int) -> None:
        pairs = (j - i) * (m - k)
        if not pairs or self.left <= 0:
            return
        places = self._places(i, j, k, m, 1) if anchored and depth < DEEPEST else []
        if not places and pairs <= min(MOST_PAIRS, self.left):
            self.left -= pairs
            self._common(i, j, k, m)
            return
        if depth >= DEEPEST:
            return
        places = places or self._places(i, j, k, m, 1) or self._places(i, j, k, m, PASSAGE)
        if not places:
            return
        for (left, right), (to_left, to_right) in zip([(i, k), *places], [*places, (j, m)], strict=True):
            self.within(left, to_left, right, to_right, anchored, depth + 1)

    def _common(self, i: int, j: int, k: int, m: int) -> None:
        # As characters of a string the numbers are compared fastest, and two never meet by their hash.
        ids: dict[int, int] = {}
        one = "".join(chr(ids.setdefault(item, len(ids))) for item in self.a[i:j])
        two = "".join(chr(ids.setdefault(item, len(ids))) for item in self.b[k:m])
        for code in Indel.opcodes(one, two):
            if code.tag == "equal":
                self._add(i + code.src_start, k + code.dest_start, code.src_end - code.src_start)

    def _places(self, i: int, j: int, k: int, m: int, size: int) -> list[tuple[int, int]]:
        """Beginnings of runs of `size` items that stand once in each, in the order of both."""
        there = dict(_once(self.b, k, m, size))
        found = [(place, there[run]) for run, place in _once(self.a, i, j, size) if run in there]
        return list(_ascending(found))

    def _add(self, i: int, k: int, length: int) -> None:
        if not length:
            return
        if self.runs:
            at, to, known = self.runs[-1]
            if (at + known, to + known) == (i, k):
                self.runs[-1] = (at, to, known + length)
                return
        self.runs.append((i, k, length))


def ends(a: Sequence[T], b: Sequence[T], i: int, j: int, k: int, m: int) -> tuple[int, int]:
    """How many items a[i:j] and b[k:m] begin with alike, and how many of the others they end with."""
    head = tail = 0
    while i + head < j and k + head < m and a[i + head] == b[k + head]:
        head += 1
    i, k = i + head, k + head
    while i < j - tail and k < m - tail and a[j - tail - 1] == b[m - tail - 1]:
        tail += 1
    return head, tail


def _once(items: list[int], start: int, end: int, size: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Runs of items that stand only once between two places, with where they begin, in order."""
    first: dict[tuple[int, ...], int] = {}
    again: set[tuple[int, ...]] = set()
    for place in range(start, end - size + 1):
        run = tuple(items[place : place + size])
        if run in first:
            again.add(run)
        else:
            first[run] = place
    return ((run, place) for run, place in first.items() if run not in again)


def _ascending(pairs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The most of these pairs, sorted by their first number, that ascend in their second as well."""
    tops: list[int] = []
    held: list[int] = []  # index of the pair that ends a chain of each length
    before: list[int] = []
    for index, (_first, second) in enumerate(pairs):
        length = bisect_left(tops, second)
        before.append(held[length - 1] if length else -1)
        tops[length : length + 1] = [second]
        held[length : length + 1] = [index]
    chain, at = [], held[-1] if held else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return reversed(chain)


def opcodes(
    a: Sequence[str], b: Sequence[str], *, anchored: bool = False, most: int = MOST_IN_ALL
) -> list[Opcode]:
    """As difflib's: equal, replace, delete, insert, in order and without gaps.

    anchored: what stands once in each is lined up first; right for lines, wrong for words, of which a
    rewritten sentence has the same ones by chance. most: comparisons, after which the rest is a replacement.
    """
    comparison = _Comparison(a, b, most)
    comparison.within(0, len(a), 0, len(b), anchored)
    codes: list[Opcode] = []
    i = k = 0
    for at, to, length in [*comparison.runs, (len(a), len(b), 0)]:
        if at > i or to > k:
            tag = "replace" if at > i and to > k else "delete" if at > i else "insert"
            codes.append((tag, i, at, k, to))
        if length:
            codes.append(("equal", at, at + length, to, to + length))
        i, k = at + length, to + length
    return codes

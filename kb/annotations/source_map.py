"""Where the words a reader sees stand in the Markdown they were set from. Pure; what it says is a guess to be tried.

A block of the note is known to the parser with its lines; within them the rendered words are found as the longest
common subsequence with the source. What that cannot know (which of two equal words it was) the caller finds out by
rendering again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel

from kb.markdown.leaves import leaves

MOST_BLOCK = 12_000  # characters of a block whose words are told apart: their product is bits of memory


@dataclass(frozen=True)
class Chunk:
    """A block: [start, end) of the canonical text, [low, high) of the source; a table's row is one."""

    text: str
    start: int
    low: int
    source: str
    row: bool = False
    code: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def high(self) -> int:
        return self.low + len(self.source)

    @cached_property
    def places(self) -> list[int | None]:
        """For each character of the text its place in the whole source, None where none is known."""
        found: list[int | None] = [None] * len(self.text)
        if max(len(self.text), len(self.source)) > MOST_BLOCK:
            return found
        edge = 1 if self.row and self.source.lstrip().startswith("|") else 0
        text = "|" * edge + self.text.replace("\n", " ").replace("\t", "|" if self.row else "\t")
        for code in Indel.opcodes(text, self.source.replace("\n", " ")):
            if code.tag != "equal":
                continue
            for step in range(code.src_end - code.src_start):
                at = code.src_start + step - edge
                if at >= 0:
                    found[at] = self.low + code.dest_start + step
        return found

    def place(self, position: int) -> int | None:
        """Where the character at a position of the canonical text stands in the source."""
        at = position - self.start
        return self.places[at] if 0 <= at < len(self.text) else None


class SourceMap:
    """The blocks of a note in the order of its canonical text."""

    def __init__(self, source: str, text: str) -> None:
        self.chunks = list(_chunks(source, text))
        self._starts = [chunk.start for chunk in self.chunks]

    def chunk(self, position: int) -> Chunk | None:
        """The block that the character at a position stands in."""
        number = bisect_right(self._starts, position) - 1
        if number < 0:
            return None
        found = self.chunks[number]
        return found if position < found.end else None


def _chunks(source: str, text: str) -> Iterator[Chunk]:
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    at = 0
    pending: Chunk | None = None
    for leaf in leaves(source):
        if not leaf.text:
            continue
        found = text.find(leaf.text, at)
        if found < 0 or text[at:found].strip():
            break  # the rest is not where it should be: nothing is said about it
        at = found + len(leaf.text)
        if leaf.lines is None:  # an inline footnote
            continue
        low, high = starts[leaf.lines[0]], min(starts[min(leaf.lines[1], len(starts) - 1)], len(source))
        made = Chunk(leaf.text, found, low, source[low:high].rstrip("\n"), leaf.cell, leaf.code)
        if pending and made.row and pending.row and pending.low == low:
            made = Chunk(text[pending.start : at], pending.start, low, made.source, row=True)
        elif pending:
            yield pending
        pending = made
    if pending:
        yield pending

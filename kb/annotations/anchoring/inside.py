"""Where a part of a sentence stands in what became of the sentence, by the difference of their words."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple

from rapidfuzz.distance import Indel

from kb.annotations.anchoring.units import token_spans

SURE = 0.7  # likeness of two sentences from which on a word is known by its place alone
CAREFUL = 40_000  # words of one side times those of the other that are compared by their longest runs
LETTERS = 500  # letters of an edited word, or several, that are compared
BLOCK = 3  # words in a row that tell where one of them stands


class Part(NamedTuple):
    """A passage, and whether unchanged words of its sentence around it vouch for the place."""

    start: int
    end: int
    sure: bool


class _Step(NamedTuple):
    tag: str
    old: int
    old_end: int
    new: int
    new_end: int


class Inside:
    """The words of a sentence beside those of its successor."""

    def __init__(self, old: str, new: str, score: float) -> None:
        self.old_text, self.new_text, self.score = old, new, score
        self.old, self.new = token_spans(old), token_spans(new)
        ours = [old[start:end] for start, end in self.old]
        theirs = [new[start:end] for start, end in self.new]
        self.steps = _steps(ours, theirs)

    def part(self, start: int, end: int) -> Part | None:
        """What became of old[start:end]; nothing where its words are gone or cannot be told apart."""
        marked = [at for at, (low, high) in enumerate(self.old) if low < end and start < high]
        if not marked:
            return None
        first, last = marked[0], marked[-1]
        kept = [
            (at, step.new + at - step.old)
            for step in self.steps
            if step.tag == "equal" and self._telling(step, last - first + 1)
            for at in range(max(first, step.old), min(last + 1, step.old_end))
        ]
        sure = self._sure(first, last)
        if not kept:
            return self._letters(first, last, start, end) or self._replaced(first, last, sure)
        low, high = self.new[kept[0][1]][0], self.new[kept[-1][1]][1]
        if kept[0][0] == first:
            low += max(0, start - self.old[first][0])
        if kept[-1][0] == last:
            high -= max(0, self.old[last][1] - end)
        for step in self.steps:
            if step.tag == "replace" and step.old == first:
                low = min(low, self.new[step.new][0])
            if step.tag == "replace" and step.old_end == last + 1:
                high = max(high, self.new[step.new_end - 1][1])
        return Part(low, high, sure)

    def _telling(self, step: _Step, marked: int) -> bool:
        return (
            marked >= BLOCK
            or step.old_end - step.old >= BLOCK
            or self.score >= SURE
            or step.old == 0
            or step.old_end == len(self.old)
        )

    def _sure(self, first: int, last: int) -> bool:
        outside = sum(
            step.old_end - step.old - max(0, min(step.old_end, last + 1) - max(step.old, first))
            for step in self.steps
            if step.tag == "equal"
        )
        return self.score >= SURE and outside >= BLOCK

    def _letters(self, first: int, last: int, start: int, end: int) -> Part | None:
        """Letters within a word that was edited, where most of it, or of what it became, was kept."""
        for step in self.steps:
            if step.tag != "replace" or not (step.old <= first and last < step.old_end):
                continue
            low, new_low = self.old[step.old][0], self.new[step.new][0]
            old = self.old_text[low : self.old[step.old_end - 1][1]]
            new = self.new_text[new_low : self.new[step.new_end - 1][1]]
            start, end = max(0, start - low), min(end - low, len(old))
            if max(len(old), len(new)) > LETTERS or end - start == len(old):
                return None
            kept = [one for one in Indel.opcodes(old, new) if one.tag == "equal"]
            if sum(one.src_end - one.src_start for one in kept) < SURE * min(len(old), len(new)):
                return None
            for one in kept:
                if one.src_start <= start and end <= one.src_end:
                    moved = new_low + one.dest_start - one.src_start
                    return Part(start + moved, end + moved, True)
        return None

    def _replaced(self, first: int, last: int, sure: bool) -> Part | None:
        """Words exchanged for others, at least half of which were marked."""
        for step in self.steps:
            held = step.tag == "replace" and step.old <= first and last < step.old_end
            if held and 2 * (last - first + 1) >= step.old_end - step.old:
                return Part(self.new[step.new][0], self.new[step.new_end - 1][1], sure)
        return None


def _steps(ours: list[str], theirs: list[str]) -> list[_Step]:
    if len(ours) * len(theirs) <= CAREFUL:
        return [_Step(*step) for step in SequenceMatcher(None, ours, theirs, False).get_opcodes()]
    kept = [(one.src_start, one.dest_start, one.src_end - one.src_start)
            for one in Indel.opcodes(ours, theirs) if one.tag == "equal"]  # fmt: skip
    steps, old, new = [], 0, 0
    for at, other, size in [*kept, (len(ours), len(theirs), 0)]:
        if (old, new) != (at, other):
            tag = "insert" if old == at else "delete" if new == other else "replace"
            steps.append(_Step(tag, old, at, new, other))
        if size:
            steps.append(_Step("equal", at, at + size, other, other + size))
        old, new = at + size, other + size
    return steps

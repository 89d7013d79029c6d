"""Three-way merge of Markdown (diff3: Khanna, Kunal, Pierce 2007), by lines, and by words where both changed a line.

The rules, in the order they are tried on a passage between lines that neither side touched:
- Only one side changed it, or both the same way: the change is taken.
- Both only added list items of the kind that stand there (bullets, task boxes, table rows): both stay, theirs first,
  and what both added once. Numbered steps are not put together so: their order says something.
- Both only added something else: what is the same stays once, what differs is a conflict.
- Both changed it: by words, if at least MARGIN of untouched text stands between the changes (see kb.notes.word_merge).
- Anything else is a conflict of whole lines, with what both sides begin and end with alike left outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise

from kb.notes.lists import listed_both
from kb.notes.pairing import Effort
from kb.notes.readable import line_changes
from kb.notes.sequences import ends
from kb.notes.word_merge import Agreed, Around, Conflict, Part, by_words

__all__ = ["Agreed", "Choice", "Conflict", "Merge", "Part", "beside", "merge", "resolve"]


@dataclass(frozen=True)
class Merge:
    """A proposal: the merged body, how many passages were changed on both sides, and the parts it is made of."""

    body: str
    conflicts: int
    parts: tuple[Part, ...] = ()


class Choice(StrEnum):
    """What becomes of one conflict."""

    THEIRS = "theirs"
    YOURS = "yours"
    BOTH = "both"
    BASE = "base"


def merge(base: str, theirs: str, yours: str) -> Merge:
    """Merge two edits of one base; where both changed the same words, both stand between marks."""
    if yours in (theirs, base) or theirs == base:
        body = yours if theirs == base else theirs
        return Merge(body, 0, (Agreed(body),) if body else ())
    effort = Effort()
    old, left, right = _lines(base), _lines(theirs), _lines(yours)
    in_left, in_right = _kept(old, left), _kept(old, right)
    stable = [-1, *(i for i in range(len(old)) if i in in_left and i in in_right), len(old)]
    in_left |= {-1: -1, len(old): len(left)}
    in_right |= {-1: -1, len(old): len(right)}
    parts: list[Part] = []
    for i, j in pairwise(stable):
        was, one, two = (
            lines[at[i] + 1 : at[j]]
            for lines, at in ((old, {i: i, j: j}), (left, in_left), (right, in_right))
        )
        parts += _passage(was, one, two, (old[max(0, i - 1) : i + 1], old[j : j + 2]), effort)
        if j < len(old):
            parts.append(Agreed(old[j]))
    return _made(parts, base, theirs, yours)


def beside(theirs: str, yours: str) -> Merge:
    """Two texts of which no common base is known: what is the same is agreed, every difference a conflict."""
    return _made(_apart(_lines(theirs), _lines(yours), one_sided=True), None, theirs, yours)


def resolve(parts: Sequence[Part], choices: Sequence[str]) -> str:
    """The text with one choice for each conflict, in order; ValueError for unknown ones or another number of them."""
    conflicts = [part for part in parts if isinstance(part, Conflict)]
    chosen = iter([_chosen(part, Choice(choice)) for part, choice in zip(conflicts, choices, strict=True)])
    return "".join(next(chosen) if isinstance(part, Conflict) else part.text for part in parts)


def _chosen(part: Conflict, choice: Choice) -> str:
    if choice is Choice.BOTH:
        return _closed(part.theirs) + part.yours if part.yours else part.theirs
    return {Choice.THEIRS: part.theirs, Choice.YOURS: part.yours, Choice.BASE: part.base}[choice]


def _lines(text: str) -> list[str]:
    """Its lines, each with its end; the last one is given one if it has none (see `_made`)."""
    return [line + "\n" for line in text.removesuffix("\n").split("\n")]


def _kept(base: list[str], other: list[str]) -> dict[int, int]:
    """Lines of base that stand unchanged in other: their index there."""
    same = (code for code in line_changes(base, other) if code[0] == "equal")
    return {
        start + step: there + step for _tag, start, end, there, _end in same for step in range(end - start)
    }


def _passage(was: list[str], one: list[str], two: list[str], around: Around, effort: Effort) -> list[Part]:
    if two in (one, was):
        return [Agreed("".join(one))]
    if one == was:
        return [Agreed("".join(two))]
    if not was:
        both = listed_both(one, two, *around)
        return [Agreed(both)] if both is not None else list(_apart(one, two))
    return by_words("".join(was), "".join(one), "".join(two), around, effort) or list(_trimmed(was, one, two))


def _trimmed(was: Sequence[str], one: Sequence[str], two: Sequence[str]) -> Iterator[Part]:
    head, tail = ends(one, two, 0, len(one), 0, len(two))
    yield Agreed("".join(one[:head]))
    yield Conflict("".join(was), "".join(one[head : len(one) - tail]), "".join(two[head : len(two) - tail]))
    yield Agreed("".join(one[len(one) - tail :]))


def _apart(one: list[str], two: list[str], *, one_sided: bool = False) -> Iterator[Part]:
    """Two passages that have no base; one_sided: what only one of them has is a conflict too."""
    turned = two < one  # the same conflicts whichever comes first
    codes = line_changes(two, one) if turned else line_changes(one, two)
    for tag, i, j, k, m in codes:
        left, right = (one[k:m], two[i:j]) if turned else (one[i:j], two[k:m])
        if tag == "equal" or (not one_sided and not (left and right)):
            yield Agreed("".join(left or right))
        else:
            yield Conflict("", "".join(left), "".join(right))


def _made(parts: Iterable[Part], base: str | None, theirs: str, yours: str) -> Merge:
    """The parts joined, and the end of the last line as the side that changed it has it."""
    joined: list[Part] = []
    for conflict, run in groupby(parts, key=lambda part: isinstance(part, Conflict)):
        several = list(run)
        agreed = "".join(part.text for part in several if isinstance(part, Agreed))
        joined += several if conflict else [Agreed(agreed)]
    one, two = theirs.endswith("\n"), yours.endswith("\n")
    was = two if base is None else base.endswith("\n")
    last = joined.pop() if joined else Agreed("")
    if isinstance(last, Agreed) and not last.text and joined:
        last = joined.pop()
    if isinstance(last, Conflict):
        last = Conflict(_open(last.base, was), _open(last.theirs, one), _open(last.yours, two))
    else:
        last = Agreed(_open(last.text, one if two == was else two))
    made = tuple(part for part in (*joined, last) if isinstance(part, Conflict) or part.text)
    body = "".join(_marked(part) if isinstance(part, Conflict) else part.text for part in made)
    return Merge(body, sum(isinstance(part, Conflict) for part in made), made)


def _open(text: str, closed: bool) -> str:
    return text if closed else text.removesuffix("\n")


def _marked(part: Conflict) -> str:
    return f"<<<<<<<\n{_closed(part.theirs)}=======\n{_closed(part.yours)}>>>>>>>\n"


def _closed(text: str) -> str:
    return text + "\n" if text and not text.endswith("\n") else text

"""Where in what was typed the words stand that are searched for: not in filters, not what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from kb.search.analysis import Folded, Piece, fold, pieces
from kb.search.han import simplified
from kb.search.language import _TOKEN, MAX_CHARS, _field, straight_quotes

Change = tuple[int, int, str]  # from, to in the folded text, and what should stand there
_NAME = re.compile(r"(?<![^\s\"])-?([^\W\d]+):(?=\S)")  # what looks like the name of a filter


class Typed(NamedTuple):
    """The folded text and its searched words and runs of Han, in order; `quoted` says which stand in quotes.

    `names` are the starts of words before a colon, as in site:shop.
    """

    folded: Folded
    pieces: tuple[Piece, ...]
    quoted: frozenset[int]
    names: frozenset[int]


def typed(source: str) -> Typed:
    """Read the source of a query once more, for places."""
    folded = fold(straight_quotes(source[:MAX_CHARS]))
    found: list[Piece] = []
    quoted: set[int] = set()
    for start, end, in_quotes in _searched(folded.text):
        for piece in pieces(folded.text[start:end]):
            if in_quotes:
                quoted.add(len(found))
            found.append(piece._replace(start=piece.start + start, end=piece.end + start))
    names = frozenset(match.start(1) for match in _NAME.finditer(folded.text))
    return Typed(folded, tuple(found), frozenset(quoted), names)


def _searched(folded: str) -> Iterator[tuple[int, int, bool]]:
    """Stretches of folded text that are searched for, and whether each stands in quotes."""
    skip_next = False
    for match in _TOKEN.finditer(folded):
        negated = match["minus"] is not None
        if match["space"]:
            continue
        if match["field"] == "in" and match["bare"] == "title":
            skip_next = negated
        elif _field(match, negated) is None:
            if not negated and not skip_next:
                yield (*match.span("phrase"), True) if match["phrase"] is not None else (*match.span(), False)
            skip_next = False


def named(source: str) -> frozenset[str]:
    """The words that stand before a colon, as in site:shop."""
    return frozenset(match[1] for match in _NAME.finditer(fold(straight_quotes(source[:MAX_CHARS])).text))


def side_by_side(one: Piece, two: Piece) -> bool:
    """Whether two words were typed next to each other, with a space between them."""
    return not one.han and not two.han and two.start == one.end + 1


def replaced(source: str, folded: Folded, changes: Iterable[tuple[int, int, str]]) -> str:
    """The source with spans of its folded text replaced; letters stay as large as they were typed."""
    parts: list[str] = []
    done = 0
    for start, end, new in sorted(changes):
        first, last = folded.source(start, end)
        if first < done:
            continue
        parts += [source[done:first], _as_typed(source[first:last], new)]
        done = last
    return "".join([*parts, source[done:]])


def _as_typed(old: str, new: str) -> str:
    if len(old) > 1 and old.isupper():
        return new.upper()
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def in_script_of(source: str, changes: list[Change]) -> list[Change] | None:
    """The changes in traditional characters if such were typed; None if it is not certain which those are."""
    if not any(char in simplified() for char in source):
        return changes
    made: list[Change] = []
    for start, end, new in changes:
        forms = [_traditional(char) for char in new]
        if any(len(form) > 1 for form in forms):
            return None
        made.append((start, end, "".join(forms)))
    return made


def _traditional(char: str) -> str:
    """The characters that are written where traditional ones are: 据 is 據, 审 is 審; 里 may be 里, 裏 or 裡."""
    forms = _written_as().get(char, "")
    if not forms:
        return char
    usual = "".join(form for form in char + forms if _is_usual(form))
    return usual or forms


def _is_usual(char: str) -> bool:
    """Whether it is one of the 5401 usual characters of Big5, the old code of Taiwan, which come first."""
    return char.encode("big5", "replace")[:2] <= b"\xc6\x7e" and len(char.encode("big5", "replace")) == 2


@cache
def _written_as() -> dict[str, str]:
    found: dict[str, str] = {}
    for upper, lower in simplified().items():
        found[lower] = found.get(lower, "") + upper
    return found

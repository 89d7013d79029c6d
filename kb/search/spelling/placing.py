"""Where in what was typed the words stand that are searched for: not in filters, not what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kb.search.analysis import Folded, Piece, fold, pieces
from kb.search.language import _TOKEN, MAX_CHARS, _field, straight_quotes


class Typed(NamedTuple):
    """The folded text and its searched words and runs of Han, in order; `quoted` says which stand in quotes."""

    folded: Folded
    pieces: tuple[Piece, ...]
    quoted: frozenset[int]


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
    return Typed(folded, tuple(found), frozenset(quoted))


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

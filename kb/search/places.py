"""Every place in a note where the words of a search stand, for marking them on its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.search.language import parse
from kb.search.marking import spans
from kb.search.query import Query

MOST_PLACES = 500
MOST_READ = 200_000  # characters; a note as long as a book is marked as far as this
MOST_CLAUSES = 48
MOST_WORDING = 200  # characters of each of the other words
STRETCH = 20_000  # characters looked at together; they end at the end of a line where one is near


def wording(text: str, also: Iterable[str] = ()) -> Query:
    """What to mark: the words that were typed, and those that were searched beside them."""
    others = (one[:MOST_WORDING] for one in also)
    clauses = dict.fromkeys(clause for one in (text, *others) for clause in parse(one).wanted)
    return Query(text, tuple(clauses)[:MOST_CLAUSES])


def places(text: str, query: Query) -> list[tuple[int, int]]:
    """Start and end (code points) of each place, in order, none overlapping; at most MOST_PLACES."""
    found: list[tuple[int, int]] = []
    for offset, stretch in _stretches(text[:MOST_READ]):
        for start, end, _ in spans(stretch, query):
            start, end = start + offset, end + offset
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        if len(found) > MOST_PLACES:
            return found[:MOST_PLACES]
    return found


def _stretches(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    while at < len(text):
        end = text.rfind("\n", at + 1, at + STRETCH) + 1 or at + STRETCH
        if at + STRETCH >= len(text):
            end = len(text)
        yield at, text[at:end]
        at = end

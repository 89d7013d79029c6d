"""Typing ahead over titles, headings and tags."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kb.search.analysis import fold_value
from kb.search.columns import CELL, LINE
from kb.search.interface import Hit
from kb.search.segment import Segment
from kb.search.snapshot import Scope, Snapshot

MAX_TYPED = 80
MOST = 1500  # readable documents looked at for one way of fitting
MOST_PLACES = 20_000  # of the typed text in one segment, readable or not


def ahead(snapshot: Snapshot, typed: str, scope: Scope, limit: int) -> tuple[Hit, ...]:
    """What has every typed word in its title, a heading or a tag, beginnings of titles first."""
    words = fold_value(typed[:MAX_TYPED]).split()
    if not words:
        return ()
    whole = " ".join(words)
    longest = max(words, key=len)
    found: dict[int, float] = {}
    for needle in dict.fromkeys((CELL + whole, whole, longest)):
        for number, line in _lines(snapshot, scope, needle):
            if number not in found and all(word in line for word in words):
                found[number] = _grade(line, whole, words)
        if len(found) >= limit:
            break
    updated = snapshot.columns.updated
    best = sorted(found, key=lambda number: (-found[number], -updated[number], snapshot.id(number)))[:limit]
    return tuple(Hit(snapshot.id(n), snapshot.columns.value("type", n), found[n]) for n in best)


def _lines(snapshot: Snapshot, scope: Scope, needle: str) -> Iterator[tuple[int, str]]:
    """Documents in scope in whose line the needle stands, each once, and the line; at most MOST."""
    left = MOST
    for base, segment in zip(reversed(snapshot.bases), reversed(snapshot.segments), strict=True):
        for number in _numbers(segment, needle):
            if scope.mask[base + number]:
                left -= 1
                if left < 0:
                    return
                text, starts = segment.lines
                end = starts[number + 1] if number + 1 < len(starts) else len(text)
                yield base + number, text[starts[number] + 1 : end]


def _numbers(segment: Segment, needle: str) -> list[int]:
    """The documents of a segment in whose line the needle stands."""
    text, starts = segment.lines
    places: list[int] = []
    at = text.find(needle)
    while at >= 0 and len(places) < MOST_PLACES:
        places.append(at)
        at = text.find(needle, at + 1)
    numbers = np.searchsorted(starts, places, "right") - 1
    return list(dict.fromkeys(numbers.tolist()))


def _grade(line: str, whole: str, words: list[str]) -> float:
    """How near it is: the title begins so, a word in it does, it is within, it stands elsewhere."""
    title, _, others = line.partition(LINE)
    if title.startswith(whole):
        return 1.0
    if f" {whole}" in title:
        return 0.9
    if whole in title:
        return 0.8
    if all(word in title for word in words):
        return 0.7
    return 0.5 if whole in others else 0.3

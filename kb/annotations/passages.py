"""Remarks put together by the passage they are about, and dealt out to the pages of a margin. Pure, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log
from typing import NamedTuple

from kb.annotations.models import AnnotationKind

# Two marks are on the same passage if they share this much of what either covers: a full stop more or less.
ALIKE = 0.8


class Spot(NamedTuple):
    """What is known of a remark before it is loaded; positions in code points, None for an orphan."""

    id: str
    kind: str
    state: str
    start: int | None
    end: int | None
    author_id: str | None
    lost: str | None  # an orphan's words, by which it is put together with others
    bare: bool  # nothing was said, written or answered with it
    look: bool  # its passage has changed or is gone, and nobody has looked at it yet
    mine: bool
    to_me: bool


@dataclass
class Card:
    """What stands in the margin as one: a remark, or all the plain highlights of one passage."""

    spots: list[Spot]

    @property
    def people(self) -> int:
        """How many marked it; those whose account is gone count one by one."""
        known = {spot.author_id for spot in self.spots if spot.author_id}
        return len(known) + sum(spot.author_id is None for spot in self.spots)


@dataclass
class Passage:
    """A passage and the cards about it."""

    start: int | None
    end: int | None
    cards: list[Card] = field(default_factory=list)

    def is_about(self, spot: Spot) -> bool:
        """Whether a mark covers the same words, give or take a little at its edges."""
        if self.start is None or self.end is None or spot.start is None or spot.end is None:
            return False
        start, end = (self.start, self.end) if self.start <= spot.start else (spot.start, spot.end)
        later, other = (spot.start, spot.end) if self.start <= spot.start else (self.start, self.end)
        shared, both = (end, other) if end <= other else (other, end)
        return shared - later >= ALIKE * (both - start)


def passages_of(spots: Iterable[Spot], *, fold: bool = True) -> list[Passage]:
    """Passages in the order of the spots, which come by start; without `fold` each remark is a card."""
    found: list[Passage] = []
    placed, lost = _Placed(), dict[str, Passage]()
    for spot in spots:
        passage = lost.get(spot.lost or "") if spot.start is None else placed.about(spot)
        if passage is None:
            passage = Passage(spot.start, spot.end)
            found.append(passage)
            if spot.start is None:
                lost[spot.lost or ""] = passage
            else:
                placed.add(passage)
        passage.cards.append(Card([spot]))
    if fold:
        for passage in found:
            passage.cards = _folded(passage.cards)
    return found


class _Placed:
    """The passages so far, by how long they are: like ones are of like length and begin close to each other, and
    unlike ones of one length are few in one place, so that looking for one takes few steps on any text."""

    def __init__(self) -> None:
        self.by_length: dict[int, list[Passage]] = {}

    @staticmethod
    def _size(start: int | None, end: int | None) -> int:
        return int(log(max(1, (end or 0) - (start or 0)), 1 / ALIKE))

    def add(self, passage: Passage) -> None:
        self.by_length.setdefault(self._size(passage.start, passage.end), []).append(passage)

    def about(self, spot: Spot) -> Passage | None:
        """The passage a mark is on; the marks come by start."""
        start, end = spot.start or 0, spot.end or 0
        earliest = start - (end - start) * (1 / ALIKE - 1)
        size = self._size(start, end)
        for near in (size, size - 1, size + 1):
            for passage in reversed(self.by_length.get(near, ())):
                if (passage.start or 0) < earliest:
                    break
                if passage.is_about(spot):
                    return passage
        return None


def _folded(cards: list[Card]) -> list[Card]:
    """Highlights without words become one card for each state, where the first of them stood."""
    kept: list[Card] = []
    together: dict[str, Card] = {}
    for card in cards:
        (spot,) = card.spots
        if spot.kind != AnnotationKind.HIGHLIGHT or not spot.bare or spot.look:
            kept.append(card)
        elif spot.state in together:
            together[spot.state].spots.append(spot)
        else:
            together[spot.state] = card
            kept.append(card)
    return kept


def dealt(passages: Sequence[Passage], most: int) -> list[list[Passage]]:
    """Pages of at most `most` cards; a passage is divided only if it alone is more than a page."""
    pages: list[list[Passage]] = [[]]
    room = most
    for passage in passages:
        for first in range(0, len(passage.cards), most):
            piece = Passage(passage.start, passage.end, passage.cards[first : first + most])
            if len(piece.cards) > room:
                pages.append([])
                room = most
            pages[-1].append(piece)
            room -= len(piece.cards)
    return pages


def covered(pages: Sequence[Sequence[Passage]], here: int, most: int) -> list[tuple[int, int, int]]:
    """Where the marks of other pages than `here` stand: (start, end, page), joined where they touch."""
    found: list[tuple[int, int, int]] = []
    for number, page in enumerate(pages, 1):
        if number == here:
            continue
        for passage in page:
            if passage.start is None or passage.end is None:
                continue
            if found and found[-1][2] == number and passage.start <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], passage.end), number)
            elif len(found) < most:
                found.append((passage.start, passage.end, number))
    return found

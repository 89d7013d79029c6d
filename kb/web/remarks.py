"""The margin of a note: its remarks a page at a time, as the template and the marks on the text need them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.annotations.models import Annotation, AnnotationState
from kb.annotations.passages import Card, Passage, Spot, covered, dealt, passages_of
from kb.annotations.queries import remarks_by_id, spots_of
from kb.i18n import _
from kb.people.models import User
from kb.search.query import Query
from kb.web.found_words import with_marks
from kb.web.margin_view import ALL, Numbers, View, sorted_out
from kb.web.remark_states import standing_of

PER_PAGE = 100  # cards
MOST_NAMES = 6  # of those who marked one passage
MOST_ELSEWHERE = 600  # passages of other pages, told to the script that marks them faintly
OPEN, RESOLVED = str(AnnotationState.OPEN), str(AnnotationState.RESOLVED)


@dataclass(frozen=True)
class Margin:
    """What the template of the margin shows."""

    note_id: str
    view: View
    passages: list[dict[str, Any]]
    marks: list[dict[str, Any]]  # for the script that paints them
    elsewhere: list[tuple[int, int, int]]  # start, end, page of what stands on other pages
    shown: int  # how many remarks there are in this view
    pages: int
    numbers: Numbers
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)  # all there are, by (kind, state)
    changed: str | None = None  # the remark just written or changed
    made: bool = False
    told: str = ""  # what happened, for those who do not see it
    error: str | None = None
    guarded: bool = False  # refused as it looks like it holds a secret
    words: Query | None = None  # of the search that led here, marked in what was said
    typed: tuple[str, str] = ("", "")  # in which of the changed remark's forms (replies, edit), and what

    @property
    def total(self) -> int:
        """How many remarks the note has, whatever is shown of them."""
        return self.counts.total()

    def said(self, text: str) -> str:
        """What somebody wrote, with the words of the search marked."""
        return with_marks(text, self.words)

    def open_of(self, kind: str) -> int:
        """How many open remarks of a kind there are."""
        return self.counts[(kind, OPEN)]


def margin_of(
    session: Session, note_id: str, handover_id: str, view: View, *, reader: Identity | None = None, **said: Any
) -> Margin:  # fmt: skip
    """The margin in one statement for a note without remarks, in four for others; a new remark is always on it."""
    spots = spots_of(session, note_id, reader.user_id if reader else "")
    pages, shown, numbers = _dealt(spots, view)
    view = replace(view, page=min(view.page, len(pages)))
    if said.get("made"):
        place = _place(pages, said["changed"])
        if place is None:
            view = _view_of(spots, said["changed"])
            pages, shown, numbers = _dealt(spots, view)
            place = _place(pages, said["changed"])
        if place:
            view, said = replace(view, page=place[0]), said | {"changed": place[1].spots[0].id}
    page = pages[view.page - 1]
    counts = Counter((spot.kind, spot.state) for spot in spots)
    return Margin(
        note_id, view, _loaded(session, page, handover_id), _marks(page), covered(pages, view.page, MOST_ELSEWHERE),
        shown, len(pages), numbers, counts, **said,
    )  # fmt: skip


def _dealt(spots: Sequence[Spot], view: View) -> tuple[list[list[Passage]], int, Numbers]:
    shown, numbers = sorted_out(spots, view)
    return dealt(passages_of(shown, fold=not view.each), PER_PAGE), len(shown), numbers


def view_with(session: Session, annotation: Annotation) -> View:
    """The view in which a remark is seen."""
    return _view_of(spots_of(session, annotation.note_id), annotation.id)


def _view_of(spots: Sequence[Spot], annotation_id: str) -> View:
    resolved = any(spot.id == annotation_id and spot.state == RESOLVED for spot in spots)
    view = View(ALL if resolved else "")
    place = _place(_dealt(spots, view)[0], annotation_id)
    if place and place[1].spots[0].id != annotation_id:  # one of several highlights told as one
        view = replace(view, each=True)
        place = _place(_dealt(spots, view)[0], annotation_id)
    return replace(view, page=place[0] if place else 1)


def _place(pages: Sequence[Sequence[Passage]], annotation_id: str) -> tuple[int, Card] | None:
    """The page and the card of a remark."""
    for number, page in enumerate(pages, 1):
        for card in (card for passage in page for card in passage.cards):
            if any(spot.id == annotation_id for spot in card.spots):
                return number, card
    return None


def _marks(page: Sequence[Passage]) -> list[dict[str, Any]]:
    """What is painted; marks that stand on one card name it, each of their places once."""
    marks = []
    for card in (card for passage in page for card in passage.cards):
        seen: set[tuple[int | None, int | None]] = set()
        for spot in card.spots:
            if (spot.start, spot.end) in seen:
                continue
            seen.add((spot.start, spot.end))
            mark = {
                "id": spot.id,
                "start": spot.start,
                "end": spot.end,
                "state": spot.state,
                "kind": spot.kind,
            }
            marks.append(mark if spot is card.spots[0] else mark | {"card": card.spots[0].id})
    return marks


def _named(card: Card) -> list[Spot]:
    """The marks whose people are named on a card, each person once."""
    named: dict[str, Spot] = {}
    for spot in card.spots:
        named.setdefault(spot.author_id or spot.id, spot)
        if len(named) == MOST_NAMES:
            break
    return list(named.values())


def _loaded(session: Session, page: Sequence[Passage], handover_id: str) -> list[dict[str, Any]]:
    cards = [card for passage in page for card in passage.cards]
    ids = [spot.id for card in cards for spot in _named(card)]
    found = remarks_by_id(session, ids) if ids else {}
    return [
        {
            "remarks": sum(len(card.spots) for card in passage.cards),
            "cards": [_card(card, found, handover_id) for card in passage.cards],
        }
        for passage in page
    ]


def _card(card: Card, found: Mapping[str, Annotation], handover_id: str) -> dict[str, Any]:
    first = _remark(found[card.spots[0].id], handover_id)
    if len(card.spots) == 1:
        return first | {"people": 0}
    named = _named(card)
    mine = next((spot.id for spot in card.spots if spot.mine and spot.state == OPEN), None)
    return first | {
        "people": card.people, "names": [_name(found[spot.id].author) for spot in named],
        "others": card.people - len(named), "mine": mine,
    }  # fmt: skip


_HAN = re.compile(r"[\u3400-\u9fff]")


def language_of(text: str) -> str:
    """The language a remark is most likely in: nobody is asked for it, and the right face and voice depend on it."""
    return "zh-Hans" if _HAN.search(text) else "en"


def _name(user: User | None) -> str:
    return user.name if user else _("former colleague")


def _remark(one: Annotation, handover_id: str) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "state": one.state, "author": _name(one.author),
        "created_at": one.created_at, "body": one.body, "language": language_of(one.body),
        "status": one.anchor_status, "exact": one.anchor_exact, "quote": one.quote,
        "replacement": one.replacement,
        "resolved_by": _name(one.resolved_by) if one.state == RESOLVED else None, "resolved_at": one.resolved_at,
        "facts": Facts(handover_id, one.author_id),
        "replies": [
            {
                "author": _name(reply.author), "created_at": reply.created_at, "body": reply.body,
                "language": language_of(reply.body),
            }
            for reply in one.replies
        ],
    } | standing_of(one)  # fmt: skip

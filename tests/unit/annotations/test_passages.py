"""Remarks put together by passage, and dealt out to pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.annotations.passages import ALIKE, Passage, Spot, covered, dealt, passages_of


def spot(name: str, start: int | None, end: int | None, **more: object) -> Spot:
    """A comment somebody made."""
    plain: dict[str, object] = {
        "kind": "comment", "state": "open", "author_id": name[:1], "lost": None if start is not None else "gone",
        "bare": False, "look": False, "mine": False, "to_me": False,
    }  # fmt: skip
    return Spot(id=name, start=start, end=end, **plain | more)  # type: ignore[arg-type]


def mark(name: str, start: int, end: int, **more: object) -> Spot:
    """A highlight without words."""
    return spot(name, start, end, **{"kind": "highlight", "bare": True} | more)


def names(passages: list[Passage]) -> list[list[list[str]]]:
    return [[[one.id for one in card.spots] for card in passage.cards] for passage in passages]


def test_the_same_passage_give_or_take_a_full_stop():
    spots = [spot("a", 0, 10), spot("b", 0, 11), spot("c", 1, 10), spot("d", 0, 40), spot("e", 10, 20)]
    assert names(passages_of(sorted(spots, key=lambda one: one.start or 0))) == [
        [["a"], ["b"], ["c"]],
        [["d"]],
        [["e"]],
    ]


def test_one_character_is_its_own_passage():
    assert names(passages_of([spot("a", 3, 4), spot("b", 3, 5), spot("c", 4, 5)])) == [
        [["a"]],
        [["b"]],
        [["c"]],
    ]


def test_plain_highlights_are_one_card_and_people_are_counted_once():
    spots = [
        mark("a1", 5, 9), spot("b", 5, 9), mark("c", 5, 9), mark("a2", 5, 9), mark("r", 5, 9, state="resolved"),
        mark("w", 5, 9, bare=False), mark("l", 5, 9, look=True),
    ]  # fmt: skip
    (passage,) = passages_of(spots)
    assert names([passage]) == [[["a1", "c", "a2"], ["b"], ["r"], ["w"], ["l"]]]
    assert passage.cards[0].people == 2
    assert names(passages_of(spots, fold=False)) == [[["a1"], ["b"], ["c"], ["a2"], ["r"], ["w"], ["l"]]]


def test_those_without_an_account_count_one_by_one():
    (passage,) = passages_of([mark("a", 5, 9, author_id=None), mark("b", 5, 9, author_id=None)])
    assert passage.cards[0].people == 2


def test_orphans_are_together_by_their_words():
    spots = [
        spot("a", None, None, lost="x"),
        spot("b", None, None, lost="y"),
        spot("c", None, None, lost="x"),
    ]
    assert names(passages_of(spots)) == [[["a"], ["c"]], [["b"]]]


def test_a_passage_is_divided_only_if_it_alone_fills_a_page():
    spots = [spot(f"a{n}", 0, 5) for n in range(3)] + [spot(f"b{n}", 5, 10) for n in range(3)]
    spots += [spot(f"c{n}", 20, 25) for n in range(9)]
    pages = dealt(passages_of(spots), 4)
    assert [[len(passage.cards) for passage in page] for page in pages] == [[3], [3], [4], [4], [1]]
    assert covered(pages, 3, 10) == [(0, 5, 1), (5, 10, 2), (20, 25, 4), (20, 25, 5)]
    assert covered(pages, 3, 2) == [(0, 5, 1), (5, 10, 2)]


def test_nothing_is_one_empty_page():
    assert dealt([], 4) == [[]]


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=40)


@given(SPANS, st.integers(1, 7))
def test_no_remark_is_lost_or_told_twice(spans: list[tuple[int, int]], most: int):
    spots = [
        (mark if n % 2 else spot)(f"{n}", start, start + length)
        for n, (start, length) in enumerate(sorted(spans))
    ]
    pages = dealt(passages_of(spots), most)
    told = [one.id for page in pages for passage in page for card in passage.cards for one in card.spots]
    assert sorted(told) == sorted(one.id for one in spots)
    assert all(sum(len(passage.cards) for passage in page) <= most for page in pages)


@given(SPANS)
def test_marks_together_share_most_of_what_they_cover(spans: list[tuple[int, int]]):
    spots = [spot(f"{n}", start, start + length) for n, (start, length) in enumerate(sorted(spans))]
    for passage in passages_of(spots):
        first = set(range(passage.start or 0, passage.end or 0))
        for card in passage.cards:
            (one,) = card.spots
            covers = set(range(one.start or 0, one.end or 0))
            assert len(first & covers) >= ALIKE * len(first | covers)

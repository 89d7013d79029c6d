"""Names are taken off after 30 days, or when somebody asks for it; the numbers stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from kb.errors import NotFound
from kb.search.gaps.models import Search, SearchPlace
from kb.search.gaps.upkeep import AT_ONCE, clear_history, forget_people, forget_search
from tests.functional.search_gaps.conftest import Desk


def forget(desk: Desk, *, days: float) -> int:
    desk.time += timedelta(days=days)
    return forget_people(desk.database, desk.time)


def places(desk: Desk) -> list[SearchPlace]:
    with desk.database.transaction(read_only=True) as session:
        return list(session.scalars(select(SearchPlace).order_by(SearchPlace.search_id)))


def test_after_thirty_days_only_the_numbers_are_left(desk: Desk):
    for name in ("successor", "trainer", "successor"):
        desk.search(name, "海外仓", handover=desk.shop)
    assert forget(desk, days=29) == 0
    assert forget(desk, days=2) == 3
    assert [row.user_id for row in desk.rows()] == [None, None, None]
    assert desk.told() == {"海外仓": (3, 2)}
    assert desk.recent("successor") == []
    assert forget(desk, days=1) == 0


def test_the_stand_in_says_nothing_about_the_person(desk: Desk):
    desk.search("successor", "customs", handover=desk.shop)
    desk.search("successor", "海外仓", handover=desk.shop)
    forget(desk, days=31)
    drawn = {place.searcher for place in places(desk)}
    assert len(drawn) == 2  # another one in each gap
    assert None not in drawn
    assert desk.people["successor"].user_id not in drawn


def test_somebody_who_searched_again_is_one_person_and_not_led_back_to(desk: Desk):
    desk.search("successor", "海外仓")
    desk.time += timedelta(days=20)
    desk.search("successor", "海外仓")
    assert forget(desk, days=15) == 1
    assert desk.told() == {"海外仓": (2, 1)}
    old, new = desk.rows()
    assert (old.user_id, new.user_id) == (None, desk.people["successor"].user_id)
    assert [place.searcher for place in places(desk)] == [None, None]
    assert forget(desk, days=20) == 1
    assert desk.told() == {"海外仓": (2, 1)}


def test_what_was_found_is_dropped(desk: Desk):
    desk.search("successor", "返现")
    desk.search("successor", "退款", 3, handover=desk.shop)
    desk.search("viewer", "返现", 1, handover=desk.shop)
    forget(desk, days=31)
    assert desk.rows() == []


def test_many_are_forgotten_in_small_steps(desk: Desk):
    for number in range(AT_ONCE + 50):
        desk.time += timedelta(minutes=1)
        desk.log.note(desk.people["successor"], "customs" if number % 2 else f"{number:08b}", desk.shop, 0)
    desk.log.flush()
    before = desk.told()
    assert forget(desk, days=31) == AT_ONCE + 50
    assert desk.told() == before
    assert before["customs"] == (125, 1)


def test_clearing_takes_ones_own_name_off_at_once(desk: Desk):
    desk.search("successor", "返现", handover=desk.shop)
    desk.search("successor", "退款", 3)
    desk.search("trainer", "返现", handover=desk.shop)
    with desk.database.transaction() as session:
        clear_history(session, desk.people["successor"])
    assert desk.recent("successor") == []
    assert desk.told() == {"返现": (2, 2)}
    assert desk.pairs("successor") == desk.pairs("manager") == []
    assert [one.text for one in desk.recent("trainer")] == ["返现"]


def test_an_account_that_goes_leaves_no_name(desk: Desk):
    desk.search("successor", "返现")
    forget(desk, days=31)
    with desk.database.transaction(read_only=True) as session:
        texts = [str(value) for table in (Search, SearchPlace) for row in session.execute(select(table.__table__))
                 for value in row]  # fmt: skip
    person = desk.people["successor"]
    assert not {person.user_id, person.email, person.name} & set(texts)


def test_one_search_is_forgotten_each_time_it_was_made(desk: Desk):
    for filters in ("", "kind=case", "kind=case"):
        desk.search("successor", "退款", 3, filters=filters)
    desk.search("trainer", "退款", 3, filters="kind=case")
    one = desk.recent("successor")[0]
    assert one.url == "/search?q=%E9%80%80%E6%AC%BE&kind=case"
    for name, wanted in (("trainer", one.id), ("successor", "000000000000"), ("successor", "' OR 1=1")):
        with desk.database.transaction() as session, pytest.raises(NotFound):
            forget_search(session, desk.people[name], wanted)
    with desk.database.transaction() as session:
        forget_search(session, desk.people["successor"], one.id)
    assert [found.url for found in desk.recent("successor")] == ["/search?q=%E9%80%80%E6%AC%BE"]
    assert len(desk.recent("trainer")) == 1


def test_a_gap_keeps_its_numbers_when_its_search_is_forgotten(desk: Desk):
    desk.search("successor", "返现", handover=desk.shop)
    with desk.database.transaction() as session:
        forget_search(session, desk.people["successor"], desk.recent("successor")[0].id)
    assert desk.recent("successor") == []
    assert desk.told() == {"返现": (1, 1)}

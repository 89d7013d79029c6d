"""When recurring work comes round next, and how often until the last day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.checklists.models import Rhythm
from kb.progress.rhythm import MOST, asks_rehearsal, campaign_name, round_of

SUNDAY = date(2026, 11, 22)
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("rhythm", "last_day", "expected", "left"),
    [
        ("daily", date(2026, 11, 22), date(2026, 11, 22), 1),
        ("daily", date(2026, 12, 1), date(2026, 11, 22), 10),
        ("weekly", date(2026, 11, 26), date(2026, 11, 27), 0),
        ("weekly", date(2026, 12, 4), date(2026, 11, 27), 2),
        ("monthly", date(2026, 11, 29), date(2026, 11, 30), 0),
        ("monthly", date(2026, 12, 31), date(2026, 11, 30), 2),
        ("quarterly", date(2026, 12, 30), date(2026, 12, 31), 0),
        ("quarterly", date(2026, 12, 31), date(2026, 12, 31), 1),
        ("campaign", date(2026, 12, 31), date(2027, 6, 18), 0),
        ("campaign", date(2027, 11, 11), date(2027, 6, 18), 2),
        ("yearly", date(2026, 12, 31), None, 0),
        ("rare", date(2026, 12, 31), None, 0),
    ],
)
def test_guessed_from_the_rhythm(rhythm: str, last_day: date, expected: date | None, left: int):
    found = round_of(rhythm, None, SUNDAY, last_day)
    assert (found.next_on, found.left) == (expected, left)
    assert found.gone == (left == 0)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 6, 17), date(2026, 6, 18)),
        (date(2026, 6, 18), date(2026, 6, 18)),
        (date(2026, 6, 19), date(2026, 11, 11)),
        (date(2026, 11, 12), date(2027, 6, 18)),
    ],
)
def test_a_campaign_is_the_next_of_both(today: date, expected: date):
    assert round_of("campaign", None, today, date(2027, 12, 31)).next_on == expected
    assert campaign_name(expected) in ("618", "11.11")


@pytest.mark.parametrize(
    ("rhythm", "named", "expected"),
    [
        ("daily", date(2026, 12, 1), date(2026, 12, 1)),
        ("weekly", date(2026, 11, 2), date(2026, 11, 23)),  # a Monday that is over: the next one
        ("monthly", date(2026, 10, 15), date(2026, 12, 15)),
        ("monthly", date(2026, 9, 30), date(2026, 11, 30)),
        ("quarterly", date(2026, 9, 30), date(2026, 12, 31)),  # month end stays month end
        ("yearly", date(2025, 12, 3), date(2026, 12, 3)),
        ("yearly", date(2024, 2, 29), date(2027, 2, 28)),
        ("campaign", date(2026, 12, 12), date(2026, 12, 12)),
        ("campaign", date(2026, 3, 8), date(2027, 6, 18)),
        ("rare", date(2026, 12, 12), date(2026, 12, 12)),
        ("rare", date(2026, 3, 8), None),
        (None, date(2026, 12, 12), date(2026, 12, 12)),
    ],
)
def test_a_named_day_counts_and_is_carried_on(rhythm: str | None, named: date, expected: date | None):
    found = round_of(rhythm, named, SUNDAY, date(2028, 1, 1))
    assert found.next_on == expected
    assert found.guessed == (named < SUNDAY and expected is not None)


def test_work_without_a_rhythm_is_not_counted():
    found = round_of(None, None, SUNDAY, date(2026, 12, 31))
    assert (found.next_on, found.left, found.gone) == (None, None, False)


def test_a_last_day_typed_wrong_does_not_count_for_ever():
    assert round_of("daily", None, SUNDAY, date(9999, 12, 31)).left == MOST
    assert round_of("yearly", date(9999, 12, 31), date(9999, 12, 31), date(9999, 12, 31)).left == 1


def test_after_the_last_day_nothing_is_asked_for_any_more():
    found = round_of("yearly", None, SUNDAY, SUNDAY)
    assert asks_rehearsal(found, SUNDAY, SUNDAY)
    assert not asks_rehearsal(found, SUNDAY, date(2026, 11, 21))


@given(st.sampled_from(Rhythm), st.none() | days, days, days)
def test_the_next_time_is_never_over_and_counts_if_it_is_in_time(
    rhythm: Rhythm, named: date | None, today: date, last_day: date
):
    found = round_of(str(rhythm), named, today, last_day)
    assert found.left is not None
    if found.next_on is None:
        assert found.left == 0
    else:
        assert found.next_on >= today
        assert (found.left > 0) == (found.next_on <= last_day)

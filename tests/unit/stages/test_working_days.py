"""Working days, against counting them one by one."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kb.stages.working_days import working_days

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(DAYS, st.integers(0, 800))
def test_as_counted_one_by_one(first: date, length: int):
    days = [first + timedelta(days=n) for n in range(length + 1)]
    assert working_days(first, days[-1]) == sum(day.isoweekday() <= 5 for day in days)


def test_a_last_day_that_is_over_leaves_none():
    assert working_days(date(2026, 11, 21), date(2026, 11, 20)) == 0

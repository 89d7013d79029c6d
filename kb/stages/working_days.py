"""Days on which people work side by side."""

from __future__ import annotations

from datetime import date, timedelta

SATURDAY = 5


def working_days(first: date, last: date) -> int:
    """How many days from Monday to Friday there are, both ends counted; 0 where `last` is before `first`.

    Public holidays differ by country and company and are not known here.
    """
    if last < first:
        return 0
    weeks, rest = divmod((last - first).days + 1, 7)
    return weeks * 5 + sum((first + timedelta(days=n)).weekday() < SATURDAY for n in range(rest))

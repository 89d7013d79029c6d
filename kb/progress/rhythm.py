"""When recurring work comes round, and how often that still happens while the leaver is there.

`next_on` is the day somebody named. Without it the day is guessed from the rhythm: daily every day, weekly on Friday,
monthly and quarterly on the last day of the month or quarter, a campaign on 18 June (618) or 11 November (11.11).
Of yearly and rare work nobody can guess the day. All days are the organisation's.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kb.checklists.models import Rhythm

FRIDAY = 4
CAMPAIGNS = ((6, 18), (11, 11))
MOST = 999  # counted no further: more often than anybody asks, and a last day may be typed wrong
_STEP_MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}
_STEP_DAYS = {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7}


@dataclass(frozen=True)
class Round:
    """When an item comes round next (None: nobody can say), and how often up to the last day, that day included.

    `left` is 0 too where nobody can say when a yearly or rare thing happens; it is None for work without a rhythm.
    `guessed`: nobody named the day, it follows from the rhythm.
    """

    next_on: date | None = None
    left: int | None = None
    guessed: bool = False

    @property
    def gone(self) -> bool:
        """It recurs, but as far as anybody knows not once more before the leaver is gone."""
        return self.left == 0


def round_of(rhythm: str | None, next_on: date | None, today: date, last_day: date) -> Round:
    """When work of this rhythm comes round, seen from `today`."""
    if rhythm is None and next_on is None:
        return Round()
    days = _days(Rhythm(rhythm) if rhythm else None, next_on, today)
    first = next(days, None)
    if first is None:
        return Round(None, 0 if rhythm else None)
    left = 0
    day: date | None = first
    while day is not None and day <= last_day and left < MOST:
        left += 1
        day = next(days, None)
    return Round(first, left, guessed=next_on is None or next_on < today)


def asks_rehearsal(round_: Round, today: date, last_day: date) -> bool:
    """Whether it is to be shown or recorded while there is time, as long as nobody has."""
    return round_.gone and today <= last_day


def _days(rhythm: Rhythm | None, next_on: date | None, today: date) -> Iterator[date]:
    """The days it comes round, from today on."""
    if rhythm is Rhythm.CAMPAIGN:
        yield from _campaigns(next_on, today)
    elif rhythm in _STEP_DAYS:
        step = _STEP_DAYS[rhythm]
        start = next_on or _next_weekday(today, FRIDAY if step == 7 else today.weekday())
        missed = max((today - start).days, 0)
        yield from _each(lambda n: start + timedelta(days=step * n), -(-missed // step))
    elif rhythm in _STEP_MONTHS and (next_on or rhythm is not Rhythm.YEARLY):
        yield from _monthly(_STEP_MONTHS[rhythm], next_on, today)
    elif next_on and next_on >= today:  # rare, or only a day is named
        yield next_on


def _each(nth: Callable[[int], date], n: int = 0) -> Iterator[date]:
    """The nth day, the one after it, and so on; it ends where the calendar does."""
    while True:
        try:
            yield nth(n)
        except (OverflowError, ValueError):
            return
        n += 1


def _next_weekday(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _monthly(step: int, next_on: date | None, today: date) -> Iterator[date]:
    if next_on:
        start, day = next_on, next_on.day
        if day == monthrange(start.year, start.month)[1]:
            day = 31  # month end stays month end
    else:
        start, day = (
            date(today.year, -(-today.month // step) * step, 1),
            31,
        )  # the last of the month, or quarter
    missed = max((today.year - start.year) * 12 + today.month - start.month, 0) // step
    return (found for found in _each(lambda n: _in_month(start, step * n, day), missed) if found >= today)


def _in_month(start: date, months: int, day: int) -> date:
    """That day so many months on, or the month's last where it is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


def _campaigns(next_on: date | None, today: date) -> Iterator[date]:
    if next_on and next_on >= today:
        yield next_on
        today = next_on + timedelta(days=1)
    usual = _each(lambda n: date(today.year + n // 2, *CAMPAIGNS[n % 2]))
    yield from (day for day in usual if day >= today)


def campaign_name(day: date) -> str:
    """What everybody calls the campaign of that day; empty where it has no such name."""
    return {(6, 18): "618", (11, 11): "11.11"}.get((day.month, day.day), "")

"""When things happened in the demo: told in days before now, turned into moments that keep their order."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING, WORKING_DAY = time(9, 10), timedelta(hours=8, minutes=20)
# Consecutive things of one day lie so far apart; a prime keeps the minutes from looking made up.
STEP = timedelta(minutes=37)
LATEST = timedelta(minutes=4)


class Calendar:
    """Moments before `now` in the working hours of a zone (IANA name), the same for the same calls."""

    def __init__(self, now: datetime, zone: str) -> None:
        self.now = now
        self._zone = ZoneInfo(zone)
        self._told: dict[int, int] = {}

    def moment(self, days_ago: float) -> datetime:
        """A moment on that day; later calls for the same day are later, as far as the day allows."""
        day = int(days_ago)
        before = self._told.get(day, 0)
        self._told[day] = before + 1
        since_morning = min(before * STEP, WORKING_DAY)
        if day == 0:  # the day may be young: count back from now instead
            return self.now - WORKING_DAY + since_morning - LATEST
        local = self.now.astimezone(self._zone).date() - timedelta(days=day)
        return datetime.combine(local, MORNING, self._zone).astimezone(self.now.tzinfo) + since_morning

    def after(self, earlier: datetime, days_ago: float) -> datetime:
        """A moment of that day that follows another: an answer comes after its question."""
        told = max(earlier + STEP, self.moment(days_ago))
        if told <= self.now - LATEST:
            return told
        return earlier + (self.now - earlier) / 2  # crowded into what is left of today, still in order

"""When things happened in the demo: told in days before now, turned into moments that keep their order."""

from __future__ import annotations

from datetime import datetime, timedelta

# Consecutive things of one day lie so far apart; a prime keeps the minutes from looking made up.
STEP = timedelta(minutes=37)
LATEST = timedelta(minutes=4)


class Calendar:
    """Moments before `now`; the same calls give the same distances."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._told: dict[int, int] = {}

    def moment(self, days_ago: float) -> datetime:
        """A moment on that day; later calls for the same day are later, as far as the day allows."""
        count = self._told[int(days_ago)] = self._told.get(int(days_ago), 0) + 1
        back = timedelta(hours=9) - min(count * STEP, timedelta(hours=8, minutes=30))
        return self.now - timedelta(days=days_ago) - back

    def after(self, earlier: datetime, days_ago: float) -> datetime:
        """A moment of that day that follows another: an answer comes after its question."""
        soon = earlier + STEP
        return min(max(soon, self.moment(days_ago)), max(earlier, self.now - LATEST))

"""The trend as a picture: polylines of a plot whose width and height the page decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kb.progress.trend import Point

WIDTH, HEIGHT = 600, 200


@dataclass(frozen=True)
class Plot:
    """Points as SVG wants them; `today` is how far to the right today stands; the last of `points` is today."""

    points: tuple[Point, ...]
    covered: str
    area: str
    accepted: str
    ideal: str
    today: str
    first: date
    end: date

    @property
    def now(self) -> Point:
        return self.points[-1]

    @property
    def behind(self) -> int:
        """Percent points behind the straight line; negative: ahead."""
        return self.now.ideal - self.now.percent


def plot_of(points: Iterable[Point], last_day: date) -> Plot:
    """A plot from the first day recorded to the last day, or to today where that is later."""
    known = tuple(points)
    first, end = known[0].day, max(last_day, known[-1].day)

    def x(day: date) -> str:
        span = (end - first).days
        return f"{WIDTH * (day - first).days / span:.1f}" if span else str(WIDTH)

    def line(values: Iterable[tuple[date, float]]) -> str:
        return " ".join(f"{x(day)},{HEIGHT * (1 - percent / 100):.1f}" for day, percent in values)

    covered = line((point.day, point.percent) for point in known)
    return Plot(
        points=known,
        covered=covered,
        area=f"0,{HEIGHT} {covered} {x(known[-1].day)},{HEIGHT}",
        accepted=line(
            (point.day, 100 * point.accepted / point.asked if point.asked else 0) for point in known
        ),
        ideal=line([(first, known[0].percent), (min(last_day, end), 100), (end, 100)]),
        today=x(known[-1].day),
        first=first,
        end=end,
    )

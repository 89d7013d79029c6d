"""Coverage day by day, against the straight line to the last day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kb.errors import NotFound
from kb.progress.models import CoverageDay
from kb.progress.trend import ideal_percent, record_day, trend_of
from tests.functional.progress.conftest import Scene


def test_a_day_is_written_down_once_and_kept_up_to_date(scene: Scene):
    record_day(scene.session, scene.handover.id, scene.today)
    scene.note(by=scene.successor)
    kept = record_day(scene.session, scene.handover.id, scene.today)
    assert scene.session.scalar(select(func.count()).select_from(CoverageDay)) == 1
    assert (kept.filled, kept.asked, kept.accepted, kept.risk) == (2, 2, 0, "low")


def test_the_trend_ends_with_today_as_it_stands(scene: Scene):
    for ago in (2, 1):
        record_day(scene.session, scene.handover.id, scene.today - timedelta(days=ago))
    record_day(scene.session, scene.handover.id, scene.today)
    scene.note(body="## Steps\n\nDo it like this.\n")
    points = trend_of(scene.session, scene.board())
    assert [(point.days_left, point.percent) for point in points] == [(22, 0), (21, 0), (20, 50)]
    assert [point.ideal for point in points] == [0, 5, 9]


def test_what_was_recorded_later_is_not_shown(scene: Scene):
    record_day(scene.session, scene.handover.id, scene.today + timedelta(days=1))
    assert [point.day for point in trend_of(scene.session, scene.board())] == [scene.today]


@pytest.mark.parametrize(("ahead", "expected"), [(0, 40), (5, 70), (10, 100), (11, 100)])
def test_the_straight_line(scene: Scene, ahead: int, expected: int):
    day = scene.today + timedelta(days=ahead)
    assert ideal_percent(day, scene.today, 40, scene.today + timedelta(days=10)) == expected


def test_of_what_is_not_there(scene: Scene):
    with pytest.raises(NotFound):
        record_day(scene.session, "0" * 12, scene.today)

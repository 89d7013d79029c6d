from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kb.demo.calendar import Calendar

ZONE = "Asia/Shanghai"


@pytest.mark.parametrize("hour", [0, 3, 9, 15, 23])
def test_past_days_have_working_hours_and_today_lies_before_now(hour: int):
    now = datetime(2026, 3, 5, hour, 30, tzinfo=UTC)
    calendar = Calendar(now, ZONE)
    for days_ago in (0, 1, 20):
        moments = [calendar.moment(days_ago) for _time in range(30)]
        assert moments == sorted(moments)
        assert moments[-1] < now
        if days_ago:
            local = [moment.astimezone(ZoneInfo(ZONE)) for moment in moments]
            assert {moment.date() for moment in local} == {
                now.astimezone(ZoneInfo(ZONE)).date() - timedelta(days_ago)
            }
            assert all(time(9) <= moment.time() <= time(18) for moment in local)


def test_an_answer_follows_its_question_and_is_not_in_the_future():
    now = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    calendar = Calendar(now, ZONE)
    moment = calendar.moment(2)
    for days_ago in (2, 2, 5, 1, 0, 0, 0, 0):
        earlier, moment = moment, calendar.after(moment, days_ago)
        assert earlier < moment < now

"""States of a note over time, and its next day by importance."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kb.checklists.models import Importance
from kb.notes.freshness import Freshness, default_check_by, freshness, next_check_by

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (400, Freshness.FRESH),
        (15, Freshness.FRESH),
        (14, Freshness.DUE),
        (0, Freshness.DUE),
        (-30, Freshness.DUE),
        (-31, Freshness.STALE),
        (-4000, Freshness.STALE),
    ],
)
def test_a_note_is_fresh_then_due_then_stale(days: int, state: Freshness):
    assert freshness(TODAY + timedelta(days=days), TODAY) is state


def test_without_a_day_nothing_is_asked():
    assert freshness(None, TODAY) is Freshness.UNSET


def test_the_more_important_the_sooner():
    days = {
        level: (day - TODAY).days if (day := default_check_by(level, TODAY)) else None for level in Importance
    }
    assert days == {"critical": 90, "high": 180, "normal": 365, "low": None}


@pytest.mark.parametrize("level", Importance)
def test_after_a_check_a_note_is_fresh_or_nothing_is_asked(level: Importance):
    for named in (None, TODAY - timedelta(days=500), TODAY, TODAY + timedelta(days=3)):
        following = next_check_by(level, named, TODAY)
        expected = Freshness.UNSET if level is Importance.LOW and named is None else Freshness.FRESH
        assert freshness(following, TODAY) is expected


def test_a_check_never_brings_the_next_one_nearer():
    later = TODAY + timedelta(days=1000)
    assert next_check_by(Importance.CRITICAL, later, TODAY) == later

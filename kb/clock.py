"""The one place that asks what time it is; everything stored is UTC with an offset."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, UTC, whole microseconds."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar day in the organisation's zone (IANA name): a last day ends there, not in UTC."""
    return datetime.now(ZoneInfo(zone)).date()

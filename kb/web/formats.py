"""How moments and numbers read: in the reader's language, in the organisation's zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta

from kb.clock import now
from kb.i18n import _, current_locale, ngettext


def _babel_locale() -> str:
    return current_locale().replace("-", "_")


def when(value: date | datetime, style: str = "relative", *, zone: str = "UTC") -> str:
    """A moment as people say it. Styles: relative (3 days ago), short, date, full."""
    locale = _babel_locale()
    if not isinstance(value, datetime):
        return format_date(value, "full" if style == "full" else "medium", locale=locale)
    local = value.astimezone(ZoneInfo(zone))
    if style == "relative":
        ago = now() - value
        if abs(ago.total_seconds()) < 60:
            return _("just now")
        return format_timedelta(-ago, add_direction=True, locale=locale)
    if style == "date":
        return format_date(local.date(), "medium", locale=locale)
    return format_datetime(local, "full" if style == "full" else "medium", locale=locale)


def days_left(last_day: date, today: date) -> int:
    """Whole days until the last day; 0 on it, negative after it."""
    return (last_day - today).days


def days_left_text(days: int) -> str:
    """The countdown in words."""
    if days > 0:
        return ngettext("%(num)s day left", "%(num)s days left", days) % {"num": days}
    if days == 0:
        return _("last day today")
    return ngettext("%(num)s day past the last day", "%(num)s days past the last day", -days) % {"num": -days}

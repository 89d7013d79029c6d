"""How moments and numbers read: in the reader's language, in the organisation's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta
from babel.numbers import format_decimal

from kb.clock import now
from kb.i18n import _, current_locale, ngettext


def _babel_locale() -> str:
    return current_locale().replace("-", "_")


def when(value: date | datetime, style: str = "relative", *, zone: str = "UTC") -> str:
    """A moment as people say it. Styles: relative (3 days ago), short, date, meeting (weekday and minute), full."""
    locale = _babel_locale()
    if not isinstance(value, datetime):
        return format_date(value, "full" if style == "full" else "medium", locale=locale)
    if style == "relative":
        return _ago(now() - value, locale)
    return _moment(value, style, zone, locale)


@lru_cache(maxsize=4096)
def _moment(value: datetime, style: str, zone: str, locale: str) -> str:
    """A list of results says twenty of them, and the same ones again and again."""
    local = value.astimezone(ZoneInfo(zone))
    if style == "date":
        return format_date(local.date(), "medium", locale=locale)
    if style == "meeting":
        return f"{format_skeleton('yMMMEd', local, locale=locale)} {local:%H:%M}"
    return format_datetime(local, "full" if style == "full" else "medium", locale=locale)


def _ago(past: timedelta, locale: str) -> str:
    if abs(past.total_seconds()) < 60:
        return _("just now")
    # In steps no reader can tell apart, so that few have to be put into words.
    step = 60 if abs(past) < timedelta(days=1) else 3600
    return _ago_in_words(int(past.total_seconds() / step) * step, locale)


@lru_cache(maxsize=4096)
def _ago_in_words(seconds: int, locale: str) -> str:
    return format_timedelta(timedelta(seconds=-seconds), add_direction=True, locale=locale)


def file_size(size: int) -> str:
    """A number of bytes as people say it: 820 B, 12 KB, 3.4 MB."""
    if size < 1000:
        return f"{size} B"
    number, unit = (size / 1024, "KB") if size < 1000 * 1024 else (size / 1024**2, "MB")
    shown = format_decimal(number, "0" if number >= 10 else "0.#", locale=_babel_locale())
    return f"{shown} {unit}"


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

"""A handover's dates as iCalendar (RFC 5545): days without a time, alarms before what expires.

Apart from `calendar.py`, and loaded when the first feed is asked for: its library takes eight megabytes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event
from sqlalchemy.orm import Session

from kb import __version__
from kb.handovers.models import Handover, Stage
from kb.i18n import current_locale
from kb.notifications.calendar import Dated, dated, plain

ALARM = timedelta(days=14)  # before an entry expires
LENGTH = timedelta(hours=1)  # of a meeting: nobody says how long it takes
A_DAY = timedelta(days=1)


def calendar_of(session: Session, handover: Handover, base_url: str) -> bytes:
    """The feed in the language spoken now; every member may read all that is in it. A cancelled handover has none."""
    calendar = Calendar()
    calendar.add("prodid", f"-//kb//kb {__version__}//{current_locale()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", plain(handover.title))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    if handover.stage != Stage.CANCELLED:
        for one in dated(session, handover):
            calendar.add_component(_event(one, base_url, handover.title))
    return bytes(calendar.to_ical())


def _event(one: Dated, base_url: str, title: str) -> Event:
    event = Event()
    event.add("uid", f"{one.of}@kb")
    event.add("dtstamp", one.changed)
    event.add("last-modified", one.changed)
    event.add("summary", plain(one.said))
    event.add("description", f"{plain(title)}\n{base_url}{one.path}")
    event.add("url", base_url + one.path)
    event.add("dtstart", one.starts)
    timed = isinstance(one.starts, datetime)
    event.add("dtend", one.starts + (LENGTH if timed else A_DAY))
    if not timed:
        event.add("transp", "TRANSPARENT")  # nobody counts as busy because something is due
    if one.alarm:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -ALARM)
        alarm.add("description", plain(one.said))
        event.add_component(alarm)
    return event

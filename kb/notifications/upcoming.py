"""What is due, expires or is planned in the next days, in words and in the order of the days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from sqlalchemy.orm import Session

from kb.i18n import _, current_locale, ngettext
from kb.notifications.calendar import meeting_words
from kb.notifications.dates import (
    entries_with_expiry,
    items_with_due,
    meetings_to_come,
    practice_planned,
    practice_words,
)
from kb.notifications.letter import Line
from kb.registers.models import Entry

AHEAD = timedelta(days=14)
MOST_DATED = 10


def day_words(day: date) -> str:
    """A day as it is written out."""
    return format_date(day, "long", locale=current_locale().replace("-", "_"))


def _short(day: date) -> str:
    """With its weekday: who reads it thinks of this week and the next."""
    return str(format_skeleton("MMMEd", day, locale=current_locale().replace("-", "_")))


class Upcoming:
    """What is due, expires or is planned up to a day, of several handovers, in four statements."""

    def __init__(self, session: Session, ids: Sequence[str], day: date, links: str, zone: str) -> None:
        self._until, self._links, self._zone = day + AHEAD, links, ZoneInfo(zone)
        self._day = day
        self._lines: dict[str, list[tuple[date, Line]]] = {one: [] for one in ids}
        for item in session.scalars(items_with_due(ids)):
            said = _("Due: %(title)s") % {"title": item.title}
            self._add(item.handover_id, item.due, said, f"/items/{item.id}")
        for entry in session.scalars(entries_with_expiry(ids)):
            said, place = (
                _entry_words(entry, day),
                f"/handovers/{entry.handover_id}/register#entry-{entry.id}",
            )
            self._add(entry.handover_id, entry.expires_on, said, place)
        for run in session.scalars(practice_planned(ids)):
            self._add(
                run.item.handover_id, run.next_on, practice_words(run), f"/items/{run.item_id}/practice"
            )
        for meeting in session.scalars(meetings_to_come(ids)):
            local = meeting.held_at.astimezone(self._zone)
            said = f"{meeting_words(meeting.kind)}, {local:%H:%M}"
            if local.date() >= day:
                self._add(meeting.handover_id, local.date(), said, f"/meetings/{meeting.id}")

    def _add(self, handover_id: str, on: date | None, said: str, path: str) -> None:
        if on is not None and on <= self._until:
            self._lines[handover_id].append((on, Line(said, self._links + path, _short(on))))

    def of(self, handover_id: str) -> list[Line]:
        """The lines of a handover, the earliest first, and how many more there are."""
        lines = [line for _on, line in sorted(self._lines[handover_id], key=lambda pair: pair[0])]
        more = len(lines) - MOST_DATED
        if more > 0:
            said = ngettext("%(num)s more has a day", "%(num)s more have a day", more) % {"num": more}
            lines[MOST_DATED:] = [Line(said, f"{self._links}/handovers/{handover_id}/calendar")]
        return lines


def _entry_words(entry: Entry, day: date) -> str:
    expired = entry.expires_on is not None and entry.expires_on < day
    said = _("Has expired: %(title)s") if expired else _("Expires: %(title)s")
    return said % {"title": entry.name}

"""What has a day in a handover, in words: for its feed and for its page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from kb.handovers.models import Handover
from kb.i18n import _, mark
from kb.notifications.dates import (
    entries_with_expiry,
    items_with_due,
    meetings_to_come,
    practice_planned,
    practice_words,
)
from kb.rehearsals.models import MeetingKind

_MEETINGS = {
    MeetingKind.KICKOFF: mark("Kick-off"),
    MeetingKind.DEMONSTRATION: mark("Demonstration"),
    MeetingKind.REVIEW: mark("Review"),
    MeetingKind.OTHER: mark("Meeting"),
}


def meeting_words(kind: str) -> str:
    """What a meeting of this kind is called."""
    return _(_MEETINGS[MeetingKind(kind)])


def plain(text: str) -> str:
    """A text without control characters, which a calendar could not read; line ends stay."""
    return "".join(" " if unicodedata.category(one) == "Cc" and one != "\n" else one for one in text)


@dataclass(frozen=True)
class Dated:
    """One thing with a day, or with a moment; `of` names it for ever, whatever day or title it is given later."""

    of: str
    starts: date
    said: str
    path: str
    changed: datetime
    alarm: bool = False


def dated(session: Session, handover: Handover) -> Iterator[Dated]:
    """Everything in a handover that has a day, in words of the language spoken now."""
    here, ids, title = f"/handovers/{handover.id}", [handover.id], {"title": handover.title}
    yield Dated(
        f"last-day-{handover.id}",
        handover.last_day,
        _("Last day: %(title)s") % title,
        here,
        handover.updated_at,
    )
    if handover.support_until:
        said = _("Questions are answered until today: %(title)s") % title
        yield Dated(f"support-{handover.id}", handover.support_until, said, here, handover.updated_at)
    for item in session.scalars(items_with_due(ids)):
        if item.due:
            said = _("Due: %(title)s") % {"title": item.title}
            yield Dated(f"item-{item.id}", item.due, said, f"/items/{item.id}", item.updated_at)
    for entry in session.scalars(entries_with_expiry(ids)):
        if entry.expires_on:
            said, place = _("Expires: %(title)s") % {"title": entry.name}, f"{here}/register#entry-{entry.id}"
            yield Dated(f"register-{entry.id}", entry.expires_on, said, place, entry.updated_at, alarm=True)
    yield from _rehearsals(session, ids, handover.title)


def _rehearsals(session: Session, ids: list[str], title: str) -> Iterator[Dated]:
    for run in session.scalars(practice_planned(ids)):
        if run.next_on:
            of = f"practice-{run.item_id}-{run.successor_id}"
            yield Dated(
                of, run.next_on, practice_words(run), f"/items/{run.item_id}/practice", run.created_at
            )
    for meeting in session.scalars(meetings_to_come(ids)):
        said = f"{meeting_words(meeting.kind)}: {title}"
        yield Dated(
            f"meeting-{meeting.id}", meeting.held_at, said, f"/meetings/{meeting.id}", meeting.updated_at
        )

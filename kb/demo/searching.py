"""What people of the demo looked for in vain, so that the gaps of a handover show something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.demo.calendar import Calendar
from kb.search.gaps.services import Noted, keep

SOON = timedelta(seconds=50)


def tell_searches(
    session: Session, calendar: Calendar, as_whom: Mapping[str, Identity], searches: Iterable[Mapping[str, Any]],
    handover_id: str,
) -> None:  # fmt: skip
    """Make the searches in this handover, each on its day, and what was found in other words after it."""
    for one in sorted(searches, key=lambda one: -one["days_ago"]):
        person, moment = as_whom[one["person"]], calendar.moment(one["days_ago"])
        keep(session, Noted(person, one["text"], handover_id, 0, moment))
        if "then" in one:
            keep(session, Noted(person, one["then"], handover_id, one["hits"], moment + SOON))

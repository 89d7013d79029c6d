"""A handover's dates for calendar programs, which cannot sign in: the address carries its own token."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.api.calls import ApiRequest, Parameter, call
from kb.gate.feeds import sent_feed
from kb.gate.guards import anyone


@get(
    "/handovers/{handover_id:str}/calendar.ics",
    guards=[anyone],
    **call(download=True, parameters=(Parameter("token", "The feed's own; see `calendar_url`."),)),
)
def get_calendar(
    request: ApiRequest, session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[Any]:
    """Last day, end of support, due dates, expiries, practice and meetings to come, as iCalendar."""
    return sent_feed(request, session, handover_id)


HANDLERS: list[Any] = [get_calendar]

"""One's own calendar feed of a handover: its address, how to subscribe, another address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.clock import today
from kb.gate.feeds import feed_addresses, sent_feed
from kb.gate.guards import allow, anyone
from kb.gate.state import services_of
from kb.handovers.queries import get_handover
from kb.notifications.calendar import Dated, dated
from kb.notifications.feeds import renew_feed
from kb.web.pages import go, page
from kb.web.sessions import reader_of

FIRST = 12
READ = [allow(Permission.HANDOVER_READ, "handover_id")]


@get("/handovers/{handover_id:str}/calendar", guards=READ, sync_to_thread=True)
def show(
    request: Request[Any, Any, Any], session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[str]:
    """What is to come, and the address of one's own feed."""
    address = feed_addresses(request, session, reader_of(request).user_id, [handover_id])[handover_id]
    handover, zone = get_handover(session, handover_id), services_of(request).settings.time_zone
    return page(
        request, "handovers/calendar.html", handover=handover, facts=Facts(handover_id),
        address=address, subscribe="webcal:" + address.partition(":")[2],
        dates=_to_come(dated(session, handover), ZoneInfo(zone), today(zone)), first=FIRST,
    )  # fmt: skip


def _to_come(found: Iterable[Dated], zone: ZoneInfo, day: date) -> list[tuple[date, str, Dated]]:
    """What is today or later, on its day and at its time in the organisation's zone, the earliest first."""
    lines = []
    for one in found:
        local = one.starts.astimezone(zone) if isinstance(one.starts, datetime) else None
        lines.append((local.date() if local else one.starts, f"{local:%H:%M}" if local else "", one))
    return sorted((line for line in lines if line[0] >= day), key=lambda line: line[:2])


@post(
    "/handovers/{handover_id:str}/calendar/renew", guards=READ, sync_to_thread=True, status_code=303
)  # fmt: skip
def renew(
    request: Request[Any, Any, Any], session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[None]:
    """Another address; whoever has the old one learns nothing more."""
    renew_feed(session, reader_of(request), handover_id)
    return go(request, f"/handovers/{handover_id}/calendar", flash="address-renewed")


@get("/handovers/{handover_id:str}/calendar.ics", guards=[anyone], sync_to_thread=True)
def feed(
    request: Request[Any, Any, Any], session: NamedDependency[Session], handover_id: FromPath[str]
) -> Response[Any]:
    """The feed itself, as under /api/v1."""
    return sent_feed(request, session, handover_id)


HANDLERS: list[Any] = [show, renew, feed]

"""A calendar feed as sent: whoever has its address is its member, in that member's language."""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from kb.gate.state import Connection, services_of
from kb.handovers.queries import get_handover
from kb.i18n import in_locale
from kb.notifications.feeds import feed_address, reader_of_feed, tokens_of_feeds


def base_url_of(request: Connection) -> str:
    """The public address, without a slash at its end; where none is set, the one that was asked for."""
    return services_of(request).settings.base_url or str(request.base_url).rstrip("/")


def feed_addresses(
    request: Connection, session: Session, user_id: str, handover_ids: list[str]
) -> dict[str, str]:
    """The whole addresses of a member's own feeds, by handover."""
    tokens = tokens_of_feeds(session, services_of(request).settings.secret_key, user_id, handover_ids)
    base_url = base_url_of(request)
    return {one: feed_address(base_url, one, token) for one, token in tokens.items()}


def sent_feed(request: Connection, session: Session, handover_id: str) -> Response[Any]:
    """The feed, or 304 where the calendar has it already; raises NotFound for a token that is not right."""
    from kb.notifications.ical import calendar_of  # only now: most processes never write one

    key = services_of(request).settings.secret_key
    reader = reader_of_feed(session, key, handover_id, request.query_params.get("token", ""))
    with in_locale(reader.locale):
        content = calendar_of(session, get_handover(session, handover_id), base_url_of(request))
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "private, no-cache", "referrer-policy": "no-referrer"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if known & {etag, "*"}:
        return Response(None, status_code=304, headers=headers)
    headers["content-disposition"] = f'inline; filename="handover-{handover_id}.ics"'
    return Response(content, media_type="text/calendar", headers=headers)

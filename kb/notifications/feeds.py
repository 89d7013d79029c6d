"""Whose calendar feed an address is: the token's own member, as long as they are one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can, not_found
from kb.activity.record import record
from kb.handovers.queries import identity_of
from kb.ids import is_id
from kb.notifications.models import CalendarFeed
from kb.notifications.tokens import feed_token, same, user_named
from kb.people.models import User


def feed_address(base_url: str, handover_id: str, token: str) -> str:
    """Where a calendar finds the feed."""
    return f"{base_url}/api/v1/handovers/{handover_id}/calendar.ics?token={token}"


def tokens_of_feeds(session: Session, key: str, user_id: str, handover_ids: Iterable[str]) -> dict[str, str]:
    """A member's tokens by handover, in one statement."""
    ids = list(handover_ids)
    rows = session.execute(
        select(CalendarFeed.handover_id, CalendarFeed.renewals).where(
            CalendarFeed.user_id == user_id, CalendarFeed.handover_id.in_(ids)
        )
    )
    renewals: dict[str, int] = {row.handover_id: row.renewals for row in rows}
    return {one: feed_token(key, one, user_id, renewals.get(one, 0)) for one in ids}


def reader_of_feed(session: Session, key: str, handover_id: str, token: str) -> Identity:
    """Whom a feed's token belongs to; raises NotFound for a wrong one, a former member, a deactivated account."""
    user_id = user_named(token)
    if not is_id(user_id) or not is_id(handover_id):
        raise not_found()
    right = tokens_of_feeds(session, key, user_id, [handover_id])[handover_id]
    if not same(token, right):
        raise not_found()
    user = session.scalar(select(User).where(User.id == user_id, User.is_active))
    identity = identity_of(session, user) if user else None
    if identity is None or not can(identity, Permission.HANDOVER_READ, Facts(handover_id)):
        raise not_found()
    return identity


def renew_feed(session: Session, identity: Identity, handover_id: str) -> None:
    """Give one's feed another token; the old address is worthless from now on."""
    place = (handover_id, identity.user_id)
    feed = session.get(CalendarFeed, place, with_for_update=True)
    if feed is None:
        feed = CalendarFeed(handover_id=handover_id, user_id=identity.user_id, renewals=0)
        session.add(feed)
    feed.renewals += 1
    record(
        session, actor_id=identity.user_id, action="calendar.renewed", object_type="handover",
        object_id=handover_id, handover_id=handover_id,
    )  # fmt: skip
    session.flush()

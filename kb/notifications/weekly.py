"""The weekly summary: what is missing, what is due and what waits, of the handovers somebody has a part in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from kb.access.roles import Role
from kb.config import Settings
from kb.db import Database
from kb.handovers.models import Handover, Membership
from kb.handovers.queries import identity_of
from kb.i18n import in_locale
from kb.notifications.models import Mail, MailChoice
from kb.notifications.outbox import queue
from kb.notifications.summary import summary_for
from kb.notifications.tokens import unsubscribe_token
from kb.people.models import User
from kb.progress.radar import OVER

HOUR = 8  # on Monday, in the organisation's zone
READERS = (Role.LEAVER, Role.SUCCESSOR, Role.MANAGER)
KIND = "weekly:"


def week_due(at: datetime, zone: str) -> str | None:
    """The week whose summary is to be sent now: from Monday 08:00 to the end of Tuesday, should nothing have run."""
    local = at.astimezone(ZoneInfo(zone))
    year, week, weekday = local.isocalendar()
    if (weekday == 1 and local.hour >= HOUR) or weekday == 2:
        return f"{year}-W{week:02d}"
    return None


def unsubscribe_address(settings: Settings, user_id: str) -> str:
    """Where somebody ends the weekly mail without signing in."""
    return f"{settings.mail_links}/unsubscribe/{unsubscribe_token(settings.secret_key, user_id)}"


def readers(week: str) -> Select[str]:
    """Ids of the people who get this week's summary and have not got it yet, if there is anything to say."""
    has_part = exists(
        select(Membership.id)
        .join(Handover, Handover.id == Membership.handover_id)
        .where(Membership.user_id == User.id, Membership.role.in_(READERS), Handover.stage.not_in(OVER))
    )
    declined = exists(
        select(MailChoice.user_id).where(MailChoice.user_id == User.id, MailChoice.weekly.is_(False))
    )
    there = exists(select(Mail.id).where(Mail.key == f"{KIND}{week}:" + User.id))
    return select(User.id).where(User.is_active, has_part, ~declined, ~there).order_by(User.id)


def make_weekly(
    database: Database, settings: Settings, week: str, at: datetime, going: Callable[[], bool] = lambda: True
) -> int:
    """Write the mails of a week into the outbox, each person's in a transaction of its own; returns how many."""
    with database.transaction(read_only=True) as session:
        waiting = list(session.scalars(readers(week)))
    made = 0
    day = at.astimezone(ZoneInfo(settings.time_zone)).date()
    for user_id in waiting:
        if not going():
            break
        made += _make_one(database, settings, f"{KIND}{week}:{user_id}", user_id, day, at)
    return made


def _make_one(
    database: Database, settings: Settings, key: str, user_id: str, day: date, at: datetime
) -> bool:
    """False if there is nothing to say, or it was said already."""
    with database.transaction(read_only=True) as session:
        user = session.get(User, user_id)
        if user is None or not user.is_active:
            return False
        identity = identity_of(session, user)
        with in_locale(user.locale):
            letter = summary_for(
                session, identity, _parts(session, user_id), day, settings.mail_links, settings.time_zone,
                unsubscribe_address(settings, user_id),
            )  # fmt: skip
            return letter is not None and queue(database, key, user, letter, at)


def _parts(session: Session, user_id: str) -> list[str]:
    """Ids of the handovers that are not over and in which the person is more than a reader."""
    return list(
        session.scalars(
            select(Handover.id)
            .join(Membership, Membership.handover_id == Handover.id)
            .where(Membership.user_id == user_id, Membership.role.in_(READERS), Handover.stage.not_in(OVER))
            .distinct()
        )
    )


def wants_weekly(session: Session, user_id: str) -> bool:
    """Whether somebody gets the weekly summary; whoever has not chosen does."""
    chosen = session.get(MailChoice, user_id)
    return chosen is None or chosen.weekly


def choose_weekly(session: Session, user_id: str, wanted: bool) -> None:
    """Keep whether somebody wants the weekly summary."""
    chosen = session.get(MailChoice, user_id)
    if chosen is None:
        session.add(MailChoice(user_id=user_id, weekly=wanted))
    else:
        chosen.weekly = wanted
    session.flush()

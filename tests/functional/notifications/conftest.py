"""A mail server, a clock that stands until it is moved, and what sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kb.clock import now
from kb.config import Settings, SmtpServer
from kb.db import Database
from kb.notifications.models import Mail
from kb.notifications.worker import Reminder
from tests.support.smtp import Mailbox, mail_server


def _next_monday(moment: datetime) -> datetime:
    day = moment + timedelta(days=7 - moment.weekday())
    return day.replace(hour=0, minute=30, second=0, microsecond=0)


@dataclass
class Clock:
    """The time as everybody is told: the next Monday, 08:30 in Shanghai."""

    at: datetime = field(default_factory=lambda: _next_monday(now()))

    def __call__(self) -> datetime:
        return self.at

    @property
    def day(self) -> date:
        """The organisation's."""
        return self.at.date()

    def on(self, **ahead: float) -> None:
        self.at += timedelta(**ahead)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


Made = Callable[..., Reminder]


@pytest.fixture
def reminder(database: Database, settings: Settings, clock: Clock, box: Mailbox) -> Made:
    """Makes what sends, not started; each is a process of its own as far as the database knows."""

    def make(server: SmtpServer | None = box.server, **changes: Any) -> Reminder:
        changed = replace(settings, smtp_url=server, base_url="https://kb.example.com", **changes)
        return Reminder(database, changed, clock)

    return make


def stored(database: Database) -> list[Mail]:
    """The outbox, oldest first."""
    with database.transaction(read_only=True) as session:
        return list(session.scalars(select(Mail).order_by(Mail.created_at, Mail.key)))

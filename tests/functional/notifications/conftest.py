"""A mail server, a clock that stands until it is moved, and what sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from kb.config import Settings, SmtpServer
from kb.db import Database
from kb.notifications.models import Mail
from kb.notifications.worker import Reminder
from tests.support.smtp import Mailbox, mail_server


@dataclass
class Clock:
    """The time as everybody is told; a Monday, 08:30 in Shanghai."""

    at: datetime = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

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

    def make(server: SmtpServer | None = box.server, **changes: str) -> Reminder:
        changed = replace(settings, smtp_url=server, base_url="https://kb.example.com", **changes)
        return Reminder(database, changed, clock)

    return make


def stored(database: Database) -> list[Mail]:
    """The outbox, oldest first."""
    with database.transaction(read_only=True) as session:
        return list(session.scalars(select(Mail).order_by(Mail.created_at, Mail.key)))

"""The outbox: mail is written into the database with what it is about, and sent from there, later and once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kb.db import Database
from kb.handovers.models import Membership
from kb.notifications.letter import Letter, as_html, as_text, one_line
from kb.notifications.models import Mail
from kb.people.models import User

WAITS = tuple(
    timedelta(minutes=n) for n in (1, 5, 15, 60, 120, 240)
)  # after each failure; then always the last
GIVEN_UP_AFTER = timedelta(days=1)
UNDER_WAY = timedelta(minutes=10)  # nobody else tries a mail that a process has begun to send
_HANDOVER = re.compile(r"/handovers/([0-9a-z]{12})\b")
KEPT = timedelta(days=60)  # of a mail that was sent or given up


@dataclass(frozen=True)
class Waiting:
    """A mail taken out to be sent, apart from any transaction."""

    id: str
    key: str
    user_id: str | None
    address: str
    subject: str
    text: str
    html: str


def queue(database: Database, key: str, user: User, letter: Letter, at: datetime) -> bool:
    """Put a mail into the outbox, in a transaction of its own; False if the same one is or was there already."""
    mail = Mail(
        key=key, user_id=user.id, address=user.email, subject=one_line(letter.subject)[:300], text=as_text(letter),
        html=as_html(letter), created_at=at, next_try_at=at,
    )  # fmt: skip
    try:
        with database.transaction() as session:
            if session.scalar(select(Mail.id).where(Mail.key == key)) is not None:
                return False
            session.add(mail)
    except IntegrityError:  # another process was faster
        return False
    return True


def anything_due(session: Session, at: datetime) -> bool:
    """Whether a mail waits to be sent now."""
    return session.scalar(select(Mail.id).where(Mail.next_try_at <= at).limit(1)) is not None


def claim(database: Database, at: datetime) -> Waiting | None:
    """Take out the mail that has waited longest; should this process die, it is tried again later.

    What was written to an account that has ended meanwhile, or about a handover one is no longer in, is not sent.
    """
    oldest = select(Mail).where(Mail.next_try_at <= at).order_by(Mail.next_try_at, Mail.id).limit(1)
    while True:
        with database.transaction() as session:
            mail = session.scalars(oldest.with_for_update(skip_locked=True)).first()
            if mail is None:
                return None
            mail.tries += 1
            mail.next_try_at = at + UNDER_WAY
            if not (why := _not_any_more(session, mail)):
                return Waiting(
                    mail.id, mail.key, mail.user_id, mail.address, mail.subject, mail.text, mail.html
                )
            mail.next_try_at, mail.error = None, why


def _not_any_more(session: Session, mail: Mail) -> str:
    """Why a mail is not to be sent after all; what it tells of is known by the addresses in it."""
    user = session.get(User, mail.user_id) if mail.user_id else None
    if user is None or not user.is_active:
        return "the account is not active any more"
    told = set(_HANDOVER.findall(mail.text))
    places = select(Membership.handover_id).where(Membership.user_id == user.id)
    if told - set(session.scalars(places)):
        return "the person is not in that handover any more"
    return ""


def sent(database: Database, mail_id: str, at: datetime) -> None:
    """It was handed over."""
    with database.transaction() as session:
        mail = session.get(Mail, mail_id)
        if mail is not None:
            mail.sent_at, mail.next_try_at, mail.error = at, None, ""


def failed(database: Database, mail_id: str, error: str, at: datetime, *, for_good: bool) -> None:
    """It was not; try again later, unless it never will be or a day has passed. The error is kept."""
    with database.transaction() as session:
        mail = session.get(Mail, mail_id)
        if mail is None:
            return
        mail.error = one_line(error)[:500]
        again = at + WAITS[min(mail.tries, len(WAITS)) - 1]
        over = for_good or again > mail.created_at + GIVEN_UP_AFTER
        mail.next_try_at = None if over else again


def try_again(session: Session, mail_id: str, at: datetime) -> None:
    """Give a mail that was given up another day, from now on."""
    mail = session.get(Mail, mail_id)
    if mail is not None and mail.sent_at is None:
        mail.created_at = mail.next_try_at = at
        mail.tries = 0


def forget_old(database: Database, at: datetime) -> None:
    """Take out what was sent or given up long ago."""
    old = select(Mail).where(Mail.next_try_at.is_(None), Mail.created_at < at - KEPT).limit(500)
    with database.transaction() as session:
        for mail in session.scalars(old):
            session.delete(mail)


def unsent() -> Select[Mail]:
    """What waits after a failure or was given up, newest first."""
    return (
        select(Mail).where(Mail.sent_at.is_(None), Mail.tries > 0).order_by(Mail.created_at.desc(), Mail.id)
    )


def mail_counts(session: Session) -> dict[str, int]:
    """How many mails wait, were sent and were given up, of those still kept."""
    waiting = func.count().filter(Mail.next_try_at.is_not(None))
    row = session.execute(
        select(waiting, func.count(Mail.sent_at), func.count()).select_from(Mail)
    ).one()  # fmt: skip
    return {"waiting": row[0], "sent": row[1], "given_up": row[2] - row[0] - row[1]}

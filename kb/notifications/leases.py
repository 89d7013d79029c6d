"""Which process works a kind of job: taken in the database, let go of when done, or over by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kb.db import Database
from kb.notifications.models import Lease

LENGTH = timedelta(seconds=60)  # longer than any one mail may take; then another process may take over


def take_lease(database: Database, name: str, holder: str, at: datetime) -> bool:
    """Take or keep a lease in a transaction of its own; False while another process holds it."""
    try:
        with database.transaction() as session:
            return _take(session, name, holder, at)
    except IntegrityError:  # another process was the first ever
        return False


def _take(session: Session, name: str, holder: str, at: datetime) -> bool:
    lease = session.get(Lease, name, with_for_update=True)
    if lease is None:
        session.add(Lease(name=name, holder=holder, until=at + LENGTH))
        return True
    if lease.holder != holder and lease.until > at:
        return False
    lease.holder, lease.until = holder, at + LENGTH
    return True


def let_go(database: Database, name: str, holder: str, at: datetime) -> None:
    """Leave the job to whoever wants it next; somebody else's lease stays."""
    with database.transaction() as session:
        lease = session.get(Lease, name, with_for_update=True)
        if lease is not None and lease.holder == holder:
            lease.until = at

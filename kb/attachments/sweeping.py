"""Sweeping: files nobody put into a note, and bytes no attachment names any more."""

from __future__ import annotations

import threading
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kb.attachments.models import Attachment
from kb.attachments.schemas import named_in
from kb.attachments.storage import Storage
from kb.clock import now
from kb.db import LOCK_ATTACHMENTS, Database, lock_until_commit
from kb.notes.models import Draft

log = structlog.get_logger("kb.attachments")
ORPHANED = timedelta(days=7)  # after this a file that is in no note is given up, unless a draft names it
BROKEN_OFF = 86_400.0  # seconds
EVERY = 6 * 3600.0  # seconds
AT_ONCE = 500


def sweep(database: Database, storage: Storage) -> int:
    """Give up what is in no note after seven days, then take away bytes nobody names; returns how many files."""
    with database.transaction() as session:
        _give_up(session)
    removed, batch = 0, []
    for sha256 in storage.hashes():
        batch.append(sha256)
        if len(batch) == AT_ONCE:
            removed, batch = removed + _take_away(database, storage, batch), []
    storage.forget_broken_off(BROKEN_OFF)
    return removed + _take_away(database, storage, batch)


def _give_up(session: Session) -> None:
    lost = select(Attachment).where(Attachment.note_id.is_(None), Attachment.created_at < now() - ORPHANED)
    found = session.scalars(lost.with_for_update()).all()
    if found:
        drafts = session.scalars(select(Draft.fields))
        typed = {name for fields in drafts for name in named_in(str(fields.get("body", "")))}
        for attachment in found:
            if attachment.id not in typed:
                session.delete(attachment)


def _take_away(database: Database, storage: Storage, hashes: list[str]) -> int:
    """Nobody can put the same bytes in place meanwhile: whoever does takes the same lock."""
    named = select(Attachment.sha256).where(Attachment.sha256.in_(hashes))
    with database.transaction(read_only=True) as session:
        if not set(hashes) - set(session.scalars(named)):
            return 0
    with database.transaction() as session:
        lock_until_commit(session, LOCK_ATTACHMENTS)
        unnamed = set(hashes) - set(session.scalars(named))
        for sha256 in unnamed:
            storage.remove(sha256)
    return len(unnamed)


class Sweeper:
    """Sweeps in the background, soon after the start and then four times a day."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database, self._storage = database, storage
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kb-sweeper", daemon=True)

    def start(self) -> None:
        """Sweep until `stop()`."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is being swept is finished first."""
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        wait = 60.0
        while not self._stop.wait(wait):
            wait = EVERY
            try:
                sweep(self._database, self._storage)
            except (SQLAlchemyError, OSError) as error:
                log.warning("files could not be swept", exc_info=error)

"""The log of searches: noting one costs the search nothing, a thread writes what was noted."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kb.access.identity import Identity
from kb.clock import now
from kb.db import LOCK_SEARCHES, Database, lock_until_commit
from kb.search.gaps.keeping import keep_all
from kb.search.gaps.noted import Noted
from kb.search.gaps.upkeep import forget_people

log = structlog.get_logger("kb.search")
WRITE_EVERY = 1.0  # seconds
TIDY_EVERY = 3600.0
AT_ONCE = 100  # searches in one transaction
MOST_WAITING = 10_000
PATIENCE = 0.3  # seconds a reader waits


class SearchLog:
    """Notes searches and writes them about once a second; each worker has its own.

    What was noted in the last second before a crash is lost, and what comes while 10,000 are waiting
    is not kept: a search is answered all the same.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime] = now, most_waiting: int = MOST_WAITING
    ) -> None:
        self._database = database
        self._clock = clock
        self._most_waiting = most_waiting
        self._waiting: deque[Noted] = deque()
        self._writing = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._hurry = threading.Event()
        self._over = threading.Condition()

    def start(self) -> None:
        """Write in the background until `stop()`."""
        self._thread = threading.Thread(target=self._run, name="kb-searches", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what is still waiting, and end."""
        self._stop.set()
        self._hurry.set()
        if self._thread:
            self._thread.join(timeout=10)
        self.flush()

    def note(
        self, identity: Identity, request_text: str, handover: str | None, total: int, typing: bool = False,
        *, narrowed: bool = False, places: Mapping[str, int] | None = None, partial: bool = False,
        whole: bool = True, filters: str = "",
    ) -> None:  # fmt: skip
        """Note a search that was answered; `handover` is what it was limited to, `total` how many hits it had.

        `narrowed`: other filters were on, or not everything could be asked; the others as in `Noted`.
        Further pages of one search are not to be noted.
        """
        if request_text and len(self._waiting) < self._most_waiting:
            noted = Noted(
                identity, request_text, handover, total, self._clock(), typing, narrowed, places, partial, whole,
                filters,
            )  # fmt: skip
            self._waiting.append(noted)

    def flush(self) -> bool:
        """Write now what was noted so far; False if the database does not take it yet.

        To be called before the caller's own transaction has written anything: SQLite has one writer.
        """
        if not self._waiting and not self._writing.locked():
            return True
        with self._writing:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
                if not self._written(batch):
                    self._waiting.extendleft(reversed(batch))
                    return False
        return True

    def catch_up(self) -> None:
        """For who shows what was searched: have it written now, but wait no longer than PATIENCE for it."""
        if self._thread is None:
            self.flush()
            return
        self._hurry.set()
        with self._over:
            self._over.wait_for(lambda: not self._waiting and not self._writing.locked(), PATIENCE)

    def _written(self, batch: list[Noted]) -> bool:
        """Whether the batch is over and done with: written, or impossible to write."""
        try:
            with self._database.transaction() as session:
                lock_until_commit(session, LOCK_SEARCHES)
                keep_all(session, batch)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            log.warning("searches wait to be kept", error=type(error).__name__, waiting=len(batch))
            return False
        except Exception as error:  # whatever it is: one search must not take the others with it
            if len(batch) == 1:
                log.warning("a search could not be kept", error=type(error).__name__)
                return True
            return all(self._written([noted]) for noted in batch)
        return True

    def _run(self) -> None:
        tidy_at = time.monotonic() + WRITE_EVERY
        while not self._stop.is_set():
            self._hurry.wait(WRITE_EVERY)
            self._hurry.clear()
            written = self.flush()
            with self._over:
                self._over.notify_all()
            if not written:
                self._stop.wait(2)
            if time.monotonic() >= tidy_at:
                tidy_at = time.monotonic() + TIDY_EVERY
                self._tidy()

    def _tidy(self) -> None:
        try:
            forget_people(self._database, self._clock())
        except SQLAlchemyError as error:  # an hour later is early enough
            log.warning("names on old searches stay for now", error=type(error).__name__)

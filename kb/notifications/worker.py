"""What runs beside the requests: due mail, weekly mail, and each day's coverage. One process at a time does it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from kb.clock import now, today
from kb.config import Settings, SmtpServer
from kb.db import Database
from kb.errors import NotFound
from kb.handovers.models import Handover, Stage
from kb.ids import new_id
from kb.notifications.leases import let_go, take_lease
from kb.notifications.outbox import Waiting, anything_due, claim, failed, forget_old, sent
from kb.notifications.smtp import NotSent, Sender, message_of
from kb.notifications.weekly import KIND, make_weekly, unsubscribe_address, week_due
from kb.progress.trend import record_day

log = structlog.get_logger("kb.notifications")
LEASE = "reminders"
LOOK_EVERY = 5.0  # seconds between looks for due mail
DAYS_FIRST, DAYS_EVERY = timedelta(seconds=60), timedelta(hours=6)
RUNNING = (Stage.PREPARING, Stage.CAPTURING, Stage.TRANSFERRING)


class Reminder:
    """Works in the background until stopped; without a mail server only the days are recorded."""

    def __init__(
        self, database: Database, settings: Settings, clock: Callable[[], datetime] = now, name: str = ""
    ) -> None:
        self._database, self._settings, self._clock = database, settings, clock
        self._holder = name or new_id()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kb-reminder", daemon=True)
        self._sender: Sender | None = None
        self._week = ""  # the last one whose mails were made
        self._days_at = clock() + DAYS_FIRST

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Let the mail in hand be finished; break it off if the server does not answer. Gone within 10 seconds."""
        self._stop.set()
        self._thread.join(timeout=3)
        if self._thread.is_alive() and (sender := self._sender):
            sender.abort()
        self._thread.join(timeout=6)

    def _run(self) -> None:
        every = LOOK_EVERY if self._settings.smtp_url else DAYS_FIRST.total_seconds()
        while not self._stop.wait(every):
            for work in (self.remind, self.record_days):
                try:
                    work()
                except Exception as error:
                    log.warning("reminders could not be worked", work=work.__name__, exc_info=error)

    def remind(self) -> int:
        """Make the mails of the week when their hour has come, and send what is due; returns how many were sent."""
        server = self._settings.smtp_url
        if server is None:
            return 0
        week = week_due(self._clock(), self._settings.time_zone)
        wanted = week is not None and week != self._week
        with self._database.transaction(read_only=True) as session:
            if not wanted and not anything_due(session, self._clock()):
                return 0
        return self._under_lease(lambda: self._work_mail(server, week if wanted else None)) or 0

    def record_days(self) -> bool:
        """Write down how far the running handovers are, some times a day; the last of a day stays."""
        if self._clock() < self._days_at:
            return False
        done = self._under_lease(self._work_days)
        self._days_at = self._clock() + (DAYS_EVERY if done is not None else DAYS_FIRST)
        return done is not None

    def _under_lease(self, work: Callable[[], int]) -> int | None:
        """None if another process is at it."""
        if not self._keep():
            return None
        try:
            return work()
        finally:
            let_go(self._database, LEASE, self._holder, self._clock())

    def _keep(self) -> bool:
        return not self._stop.is_set() and take_lease(self._database, LEASE, self._holder, self._clock())

    def _work_mail(self, server: SmtpServer, week: str | None) -> int:
        if week:
            made = make_weekly(self._database, self._settings, week, self._clock(), self._keep)
            log.info("weekly mails made", week=week, mails=made)
            if not self._stop.is_set():
                self._week = week
            forget_old(self._database, self._clock())
        done = 0
        with Sender(server) as sender:
            self._sender = sender
            while self._keep() and (mail := claim(self._database, self._clock())):
                outcome = self._send(sender, mail)
                done += outcome is True
                if outcome is None:  # nobody answers: the others need not wait for that one by one
                    break
        self._sender = None
        return done

    def _send(self, sender: Sender, mail: Waiting) -> bool | None:
        """Whether it was taken; None: the server could not be reached."""
        weekly = mail.key.startswith(KIND) and mail.user_id
        leave = unsubscribe_address(self._settings, mail.user_id) if weekly and mail.user_id else ""
        try:
            sender.send(message_of(mail, self._settings.mail_from, leave))
        except NotSent as error:
            failed(self._database, mail.id, str(error), self._clock(), for_good=error.for_good)
            log.warning("a mail was not taken", mail=mail.id, reason=str(error))
            return None if error.away else False
        sent(self._database, mail.id, self._clock())
        return True

    def _work_days(self) -> int:
        with self._database.transaction(read_only=True) as session:
            running = list(session.scalars(select(Handover.id).where(Handover.stage.in_(RUNNING))))
        day, done = today(self._settings.time_zone), 0
        for handover_id in running:
            if not self._keep():
                break
            try:
                with self._database.transaction() as session:
                    record_day(session, handover_id, day)
                done += 1
            except NotFound:  # deleted meanwhile
                continue
        return done

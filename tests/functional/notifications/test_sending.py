"""Mail reaches a real server: at once, after failures, once only, and not for ever."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from kb.config import SmtpServer
from kb.db import Database
from kb.notifications.leases import take_lease
from kb.notifications.letter import Letter
from kb.notifications.outbox import WAITS, queue, try_again
from kb.notifications.worker import LEASE
from kb.people.services import deactivate
from tests.functional.notifications.conftest import Clock, Made, stored
from tests.support.factories import make_user
from tests.support.server import free_port
from tests.support.smtp import Mailbox, mail_server


def letter(subject: str = "A test") -> Letter:
    return Letter(subject, "Good morning.", foot="Bye.")


def put(database: Database, clock: Clock, key: str = "test:1", email: str = "chen@example.com") -> bool:
    """A mail in the outbox, to somebody new."""
    with database.transaction() as session:
        user = make_user(session, email)
    return queue(database, key, user, letter(), clock())


def test_a_mail_arrives_as_text_and_html(database: Database, clock: Clock, box: Mailbox, reminder: Made):
    assert put(database, clock)
    assert reminder(mail_from="Handover <handover@example.com>").remind() == 1
    (mail,) = box.taken
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "chen@example.com", "Handover <handover@example.com>", "A test",
    )  # fmt: skip
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["List-Unsubscribe"] is None
    (kept,) = stored(database)
    assert (kept.tries, kept.sent_at, kept.next_try_at, kept.error) == (1, clock.at, None, "")
    assert reminder().remind() == 0


def test_the_same_key_is_one_mail(database: Database, clock: Clock, box: Mailbox, reminder: Made):
    assert put(database, clock)
    assert not put(database, clock, email="other@example.com")
    reminder().remind()
    clock.on(hours=30)
    assert not put(database, clock, email="third@example.com")
    assert reminder().remind() == 0
    assert len(box.taken) == 1


def test_a_temporary_failure_is_tried_again(database: Database, clock: Clock, box: Mailbox, reminder: Made):
    put(database, clock)
    box.answers = ["451 greylisted, come back", "250 OK"]
    working = reminder()
    assert working.remind() == 0
    (kept,) = stored(database)
    assert (kept.error, kept.next_try_at) == ("451 greylisted, come back", clock.at + WAITS[0])
    assert working.remind() == 0
    clock.on(minutes=1)
    assert working.remind() == 1
    (kept,) = stored(database)
    assert (kept.tries, kept.error, kept.next_try_at) == (2, "", None)


def test_who_is_refused_for_good_is_given_up_and_others_get_theirs(
    database: Database, clock: Clock, box: Mailbox, reminder: Made
):
    box.refused = {"gone@example.com": "550 no such user"}
    put(database, clock, "test:1", "gone@example.com")
    put(database, clock, "test:2")
    assert reminder().remind() == 1
    gone, _taken = stored(database)
    assert (gone.error, gone.next_try_at, gone.sent_at) == ("550 no such user", None, None)


def test_after_a_day_it_is_given_up_and_the_error_kept(database: Database, clock: Clock, reminder: Made):
    put(database, clock)
    working = reminder(SmtpServer("127.0.0.1", free_port()))
    tries = 0
    while stored(database)[0].next_try_at and tries < 100:
        working.remind()
        tries += 1
        clock.on(hours=4)
    (kept,) = stored(database)
    assert kept.next_try_at is None
    assert "ConnectionRefusedError" in kept.error
    assert 5 <= kept.tries <= 12


def test_an_administrator_may_have_it_tried_again(
    database: Database, clock: Clock, box: Mailbox, reminder: Made
):
    box.refused = {"chen@example.com": "550 mailbox full"}
    put(database, clock)
    reminder().remind()
    box.refused = {}
    clock.on(days=3)
    with database.transaction() as session:
        try_again(session, stored(database)[0].id, clock())
    assert reminder().remind() == 1


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """What is logged as a warning or worse, whatever level another test of this process has left."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with capture_logs() as entries:
        yield entries
    structlog.configure(**before)


def test_a_wrong_password_is_told_without_it(
    database: Database, clock: Clock, reminder: Made, logged: list[Any]
):
    put(database, clock)
    with mail_server(auth_required=True) as box:
        wrong = SmtpServer("127.0.0.1", box.port, user="kb-user", password="wrong-secret")
        assert reminder(wrong).remind() == 0
        (kept,) = stored(database)
        assert kept.error.startswith("535")
        assert kept.next_try_at is not None
        clock.on(hours=1)
        right = SmtpServer("127.0.0.1", box.port, user="kb-user", password="hush-hush")
        assert reminder(right).remind() == 1
        assert box.signed_in == [b"kb-user"]
    said = str(logged)
    assert "a mail was not taken" in said
    assert "secret" not in said + kept.error
    assert "chen@example.com" not in said


def test_a_server_that_is_away_does_not_hold_up_each_mail(database: Database, clock: Clock, reminder: Made):
    for n in range(3):
        put(database, clock, f"test:{n}", f"{n}@example.com")
    reminder(SmtpServer("127.0.0.1", free_port())).remind()
    assert sorted(mail.tries for mail in stored(database)) == [0, 0, 1]


def test_starttls_is_insisted_on(database: Database, clock: Clock, box: Mailbox, reminder: Made):
    put(database, clock)
    assert reminder(SmtpServer("127.0.0.1", box.port, "starttls")).remind() == 0
    assert "STARTTLS" in stored(database)[0].error
    assert box.taken == []


def test_an_account_that_has_ended_gets_nothing(
    database: Database, clock: Clock, box: Mailbox, reminder: Made
):
    put(database, clock)
    put(database, clock, "test:2", "zhou@example.com")
    with database.transaction() as session:
        deactivate(session, "chen@example.com", by=None)
    assert reminder().remind() == 1
    assert [mail["To"] for mail in box.taken] == ["zhou@example.com"]


def test_several_at_once_send_each_mail_once(database: Database, clock: Clock, box: Mailbox, reminder: Made):
    for n in range(12):
        put(database, clock, f"test:{n}", f"{n}@example.com")
    start = threading.Barrier(3)

    def work() -> None:
        working = reminder()
        start.wait()
        while any(mail.next_try_at for mail in stored(database)):
            working.remind()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mail["To"] for mail in box.taken) == sorted(f"{n}@example.com" for n in range(12))


def test_a_lease_is_one_process_until_it_is_over(
    database: Database, clock: Clock, box: Mailbox, reminder: Made
):
    put(database, clock)
    assert take_lease(database, LEASE, "another", clock())
    assert reminder().remind() == 0
    assert box.taken == []
    clock.on(minutes=2)
    assert reminder().remind() == 1
    assert take_lease(database, LEASE, "another", clock())


def test_without_a_server_nothing_is_done(database: Database, clock: Clock, box: Mailbox, reminder: Made):
    put(database, clock)
    assert reminder(None).remind() == 0
    assert stored(database)[0].tries == 0

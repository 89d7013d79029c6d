"""The serving process itself sends what waits, and lets go in time when it is told to stop."""

from __future__ import annotations

import signal
import socket
import time
from pathlib import Path

import pytest

from kb.clock import now
from kb.db import Database
from kb.notifications.letter import Letter
from kb.notifications.models import Lease
from kb.notifications.outbox import queue
from kb.notifications.worker import LEASE
from tests.functional.notifications.conftest import stored
from tests.support.factories import make_user
from tests.support.server import running_server, stop
from tests.support.smtp import Mailbox

PATIENCE = 60.0  # seconds until a server that sends nothing counts as broken


def put(database: Database) -> None:
    with database.transaction() as session:
        user = make_user(session, "chen@example.com")
    queue(database, "test:1", user, Letter("A test", "Good morning."), now())


def test_two_processes_send_a_mail_once(tmp_path: Path, database_url: str, database: Database, box: Mailbox):
    more = {"KB_SMTP_URL": f"smtp://127.0.0.1:{box.port}", "KB_LOG_LEVEL": "INFO"}
    with running_server(tmp_path, database_url, "--workers", "2", **more) as server:
        put(database)
        deadline = time.monotonic() + PATIENCE
        while stored(database)[0].sent_at is None:
            assert time.monotonic() < deadline, server.log.read_text()
            time.sleep(0.1)
    assert [mail["To"] for mail in box.taken] == ["chen@example.com"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mail_server_that_says_nothing_holds_nobody_up(
    tmp_path: Path, database_url: str, database: Database
):
    put(database)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.settimeout(PATIENCE)
        address = f"smtp://127.0.0.1:{mute.getsockname()[1]}"
        with running_server(tmp_path, database_url, KB_SMTP_URL=address) as server:
            connection, _from = mute.accept()
            stop(server.process)
            connection.close()
    assert server.process.returncode != -signal.SIGKILL
    (mail,) = stored(database)
    assert mail.sent_at is None
    assert mail.next_try_at is not None
    with database.transaction(read_only=True) as session:
        lease = session.get(Lease, LEASE)
        assert lease is not None
        assert lease.until <= now()

"""`kb serve` and `kb demo` as processes: what they print, how they end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.architecture.source import ROOT
from tests.support.databases import sqlite_url
from tests.support.server import environ_for, free_port, running_server, without_settings
from tests.unit.cli.conftest import Command


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGTERM, "2"), (signal.SIGINT, "1")])
def test_it_says_where_it_answers_and_ends_when_told(tmp_path: Path, number: signal.Signals, workers: str):
    with running_server(tmp_path, sqlite_url(tmp_path), "--workers", workers) as server:
        with httpx.Client(trust_env=False) as client:  # keeps its connection open meanwhile
            assert client.get(f"{server.url}/health/live").status_code == 200
            server.process.send_signal(number)
            assert server.process.wait(timeout=30) == 0
        log = server.log.read_text()
        assert log.startswith(f"kb answers at {server.url} (stop with Ctrl+C)\n")
        assert "Traceback" not in log and "ERROR" not in log


@pytest.mark.parametrize("words", [("serve",), ("demo",)])
def test_a_port_in_use_is_one_line(kb: Command, words: tuple[str, ...]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = kb(*words, "--port", str(port))
    assert (answer.status, answer.out) == (1, "")
    assert answer.err == f"kb: Port {port} is in use; choose another with --port.\n"


def test_a_host_that_is_not_ours_is_one_line(kb: Command):
    answer = kb("serve", "--host", "no.such.host.invalid")
    assert (answer.status, answer.err.count("\n")) == (1, 1)


def test_a_database_that_cannot_be_brought_up_is_one_line_and_nothing_is_served(tmp_path: Path):
    (tmp_path / "bad.sqlite3").write_bytes(b"not a database" * 1000)
    environ = environ_for(tmp_path, f"sqlite:///{tmp_path / 'bad.sqlite3'}")
    done = subprocess.run(
        [sys.executable, "-m", "kb", "serve", "--port", str(free_port())],
        cwd=ROOT, env=without_settings() | environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_help_of_the_test_command_is_that_of_the_tests():
    done = subprocess.run(
        [sys.executable, "-c", "from kb.cli import main; raise SystemExit(main(['test', '--help']))"],
        cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: kb test")

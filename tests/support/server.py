"""`kb serve` as people run it: a process of its own, with its own database, index and data."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until a server that does not answer counts as broken
SECRET_KEY = "only-for-tests-" + "k" * 32


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, what it was started with, what it has said."""

    url: str
    environ: dict[str, str]  # the KB_… it was started with
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def database_url(self) -> str:
        return self.environ["KB_DATABASE_URL"]


def environ_for(folder: Path, database_url: str, **more: str) -> dict[str, str]:
    """The KB_… settings of a server that keeps everything in one folder."""
    return {
        "KB_DATABASE_URL": database_url,
        "KB_SEARCH_INDEX": str(folder / "search_index"),
        "KB_DATA_DIR": str(folder / "data"),
        "KB_SECRET_KEY": SECRET_KEY,
        **more,
    }


@contextmanager
def running_server(folder: Path, database_url: str, *options: str, **more: str) -> Iterator[Server]:
    """Start `kb serve` on a free port, wait until it is ready, stop it at the end."""
    environ = environ_for(folder, database_url, **more)
    port = free_port()
    log = folder / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "kb", "serve", "--port", str(port), *options],
            cwd=ROOT,
            env=without_settings() | environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    server = Server(f"http://127.0.0.1:{port}", environ, process, log)
    try:
        wait_until_ready(server)
        yield server
    finally:
        stop(process)


def wait_until_ready(server: Server) -> None:
    """Return once the server answers; raises RuntimeError with its output if it does not."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if httpx.get(f"{server.url}/health/ready", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    stop(server.process)
    raise RuntimeError("the server did not start:\n" + server.log.read_text(errors="replace"))


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end; kill it if it does not."""
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def without_settings() -> dict[str, str]:
    """The environment of this process without any setting of kb."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KB_")}


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

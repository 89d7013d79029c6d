"""One folder per test run, known to every worker process through the environment, removed at its end."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "TEST_RUN_FOLDER"
CONTROLLER = "TEST_RUN_CONTROLLER"


class Missing(Exception):
    """Something the tests need is not installed on this machine; the message says how to install it."""


def begin() -> None:
    """Called by the process that controls the run, before it starts any worker."""
    # Below /tmp whatever TMPDIR says: a socket's address may not be longer than 107 bytes.
    folder = tempfile.mkdtemp(prefix="kb-tests-", dir="/tmp")
    Path(folder).chmod(0o755)  # PostgreSQL's unprivileged user passes through
    os.environ[FOLDER] = folder
    os.environ[CONTROLLER] = str(os.getpid())


def end() -> None:
    """Called by the same process once every worker is gone."""
    folder = os.environ.pop(FOLDER, None)
    os.environ.pop(CONTROLLER, None)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def run_folder() -> Path:
    """The folder of this run."""
    return Path(os.environ[FOLDER])


def controller() -> int:
    """The process id of the one that controls the run."""
    return int(os.environ[CONTROLLER])


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """Workers of one run take turns at what is made once for all."""
    with (run_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

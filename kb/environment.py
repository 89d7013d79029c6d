"""Standard library only: the checkout's `.venv`, built from a hashed lock once and then known by its stamp.

The stamp, written last, says which locks `.venv` holds; a start that finds it does not ask pip anything.
The marker, written first, says that a set-up did not finish; a start that finds it begins again from nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

RUN_LOCK = "requirements.txt"
DEV_LOCK = "requirements-dev.txt"  # holds everything in RUN_LOCK, at the same versions
WINDOWS = os.name == "nt"


class SetupFailed(Exception):
    """The environment could not be made; the message is one line for the person."""


def interpreter(environment: Path) -> Path:
    """Where the environment's Python is, whether it exists or not."""
    return environment / ("Scripts/python.exe" if WINDOWS else "bin/python")


def stamp_of(environment: Path) -> Path:
    """The file that says what a finished environment holds."""
    return environment / "kb-lock.txt"


def marker_of(environment: Path) -> Path:
    """The file that says a set-up was begun and not finished."""
    return environment / "kb-unfinished"


def lock_line(root: Path, lock: str) -> str:
    """One line of the stamp: the lock's name and the SHA-256 of its bytes."""
    return f"{lock} {hashlib.sha256((root / lock).read_bytes()).hexdigest()}"


def is_ready(environment: Path, root: Path, lock: str, inside: bool) -> bool:
    """Whether the environment holds this lock (and, seen from inside, was made for this Python)."""
    try:
        lines = stamp_of(environment).read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    if inside and f"python {sys.version_info[0]}.{sys.version_info[1]}" not in lines:
        return False  # the system's Python was upgraded under the environment
    return lock_line(root, lock) in lines and interpreter(environment).exists()


@contextlib.contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Two first starts at once: the second waits for the first, whatever becomes of it."""
    if WINDOWS:
        yield
        return
    import fcntl

    folder = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another set-up of this checkout …", file=sys.stderr, flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def build(environment: Path, root: Path, lock: str) -> None:
    """Makes the environment hold the lock; raises SetupFailed, and then the next call begins again."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise SetupFailed("Python's venv is missing; run `apt install python3-venv` and start again.")
    python, stamp, marker = interpreter(environment), stamp_of(environment), marker_of(environment)
    with Progress("Setting up (once, about a minute) …") as progress:
        if marker.exists() or version_of(python) is None:
            progress.run([base_python(), "-m", "venv", "--clear", str(environment)])
        marker.touch()
        stamp.unlink(missing_ok=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        progress.run([*pip, "--require-hashes", "--requirement", str(root / lock)])
        held = [RUN_LOCK, DEV_LOCK] if lock == DEV_LOCK else [lock]
        lines = [f"python {version_of(python)}", *(lock_line(root, name) for name in held)]
        stamp.write_text("\n".join(lines) + "\n", encoding="utf-8")
        marker.unlink()


def base_python() -> str:
    """The interpreter beneath any environment this process runs in, which survives `venv --clear`."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)


def version_of(python: Path) -> str | None:
    """The version of an environment's Python as `3.11`; None if it does not run or is too old."""
    code = "import sys; print('%d.%d' % sys.version_info[:2]); sys.exit(sys.version_info < (3, 11))"
    try:
        answer = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


class Progress:
    """One line on stderr while commands run: with the seconds on a terminal, said once in a pipe."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.began = time.monotonic()
        self.terminal = sys.stderr.isatty()
        self.shown = 0

    def __enter__(self) -> Progress:
        print(self.sentence, end="" if self.terminal else "\n", file=sys.stderr, flush=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self.terminal:
            print(file=sys.stderr, flush=True)

    def run(self, command: list[str]) -> None:
        """Runs one command quietly; raises SetupFailed with its last word if it fails."""
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, env=clean_environ())
            try:
                while process.poll() is None:
                    time.sleep(0.1)
                    self.tick()
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            if process.returncode:
                raise SetupFailed(f"set-up failed: {last_word(output)}")

    def tick(self) -> None:
        """Show the seconds gone by, when there is another one."""
        seconds = int(time.monotonic() - self.began)
        if self.terminal and seconds > self.shown:
            self.shown = seconds
            print(f"\r{self.sentence} {seconds} s", end="", file=sys.stderr, flush=True)


def clean_environ() -> dict[str, str]:
    """The environment without what would lead pip out of `.venv`."""
    astray = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
    return {name: value for name, value in os.environ.items() if name not in astray}


def last_word(output: IO[bytes]) -> str:
    """The line of a failed command's output that says most."""
    output.seek(0)
    lines = [line.strip() for line in output.read().decode("utf-8", "replace").splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["no reason was given"])[-1]

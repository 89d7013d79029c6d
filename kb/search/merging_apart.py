"""Merging in a process of its own, so that whoever searches and saves need not share the interpreter with it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from kb.search.merging import Part, write_merged
from kb.search.segment import PostingsCache, Segment
from kb.search.tables import Tables

LOOK = 0.1  # seconds between two looks at whether to go on
NICENESS = 15


class _Task(msgspec.Struct):
    segments: list[tuple[str, list[int]]]  # a segment's file, the numbers of its deleted documents
    target: str
    asker: int  # process id


def merge_apart(parts: Sequence[Part], target: Path, stopped: Callable[[], bool]) -> bool:
    """Write the living documents into one file, numbered on in the order of the parts; False if that did not work.

    Raises InterruptedError when `stopped` says so.
    """
    segments = [(str(segment.path), sorted(gone)) for segment, gone in parts]
    task: bytes | None = msgspec.json.encode(_Task(segments, str(target), os.getpid()))
    try:
        worker = subprocess.Popen(
            [sys.executable, "-m", __name__], cwd=Path(__file__).parents[2], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:  # no process to be had: the caller merges here
        return False
    try:
        while not stopped():
            with suppress(subprocess.TimeoutExpired):
                worker.communicate(task, timeout=LOOK)
                return worker.returncode == 0
            task = None  # it has been handed over
        raise InterruptedError
    finally:
        worker.kill()
        worker.wait()


class _Patience:
    """Looks now and then whether the process that asked is still there."""

    def __init__(self, asker: int) -> None:
        self._asker = asker
        self._next = 0.0

    def __call__(self) -> None:
        if time.monotonic() > self._next:
            if os.getppid() != self._asker:
                raise InterruptedError
            self._next = time.monotonic() + LOOK


def main() -> None:
    """Do the task that comes on standard input."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=_Task)
    with suppress(AttributeError, OSError):  # no such thing on this system
        os.nice(NICENESS)
    tables, cache = Tables(), PostingsCache()
    parts = [(Segment(Path(path), tables, cache), frozenset(gone)) for path, gone in task.segments]
    target = Path(task.target)
    write_merged(parts, target, _Patience(task.asker))
    with target.open("rb") as file:
        os.fsync(file.fileno())  # here, where no commit waits for it


if __name__ == "__main__":
    main()

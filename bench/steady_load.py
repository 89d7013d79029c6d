"""Work begun at a steady rate whether or not earlier work is done, and what was measured of it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LATE = 0.1  # seconds after which work counts as begun too late by the client itself


@dataclass
class Seen:
    """What was measured, milliseconds."""

    found: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    late: int = 0
    lost: int = 0
    failures: list[str] = field(default_factory=list)
    merges: int = 0
    most_segments: int = 0


def steadily(
    rate: float, seconds: float, threads: int, seen: Seen, work: Callable[[int], None]
) -> list[threading.Thread]:
    """Start `work` so many times a second, by as many threads as may be needed at once."""
    began = time.perf_counter() + 0.5
    jobs: queue.Queue[int] = queue.Queue()
    for number in range(int(rate * seconds)):
        jobs.put(number)

    def run() -> None:
        while True:
            try:
                number = jobs.get_nowait()
            except queue.Empty:
                return
            wait = began + number / rate - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            seen.late += wait < -LATE
            try:
                work(number)
            except (OSError, SystemExit, AssertionError) as error:
                seen.failures.append(f"{type(error).__name__}: {error}"[:200])

    started = [threading.Thread(target=run) for _ in range(threads)]
    for thread in started:
        thread.start()
    return started


def watch(folder: Path, seen: Seen, stop: threading.Event) -> None:
    """Count how often the number of the index's segments falls."""
    before = 0
    while not stop.wait(0.2):
        now = sum(1 for path in folder.rglob("*") if path.suffix == ".seg")
        seen.merges += now < before
        seen.most_segments = max(seen.most_segments, now)
        before = now

"""What every worker of bench/speed.py does: build an index in one process, ask it in another, print JSON.

Standard library only: the worker of Xapian runs under the system's Python.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

TOP = 20
NOWHERE = "zqzqzqzq"  # a word that no note has
Answer = tuple[int, list[int], int]  # how many were found, the numbers of the first, values of two facets


class Job:
    """What is to be measured; `queries` by kind, each with its text and its tokens."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.source: str = data["source"]
        self.folder = Path(data["folder"])
        self.queries: dict[str, list[dict[str, Any]]] = data["queries"]
        self.prefixes: list[str] = data["prefixes"]
        self.rounds: int = data["rounds"]
        self.cold: int = data["cold"]

    def rows(self, columns: str) -> Iterator[tuple[Any, ...]]:
        """So many columns of every note, in order."""
        with sqlite3.connect(self.source) as base:
            yield from base.execute(f"SELECT {columns} FROM notes ORDER BY number")


class System:
    """One search system; `open` also drops whatever an earlier `open` had kept."""

    typing_ahead = False

    def build(self, job: Job) -> None:
        raise NotImplementedError

    def open(self, job: Job) -> None:
        raise NotImplementedError

    def ask(self, query: dict[str, Any]) -> Answer:
        raise NotImplementedError

    def ahead(self, prefix: str) -> int:
        raise NotImplementedError

    def extra(self, job: Job) -> dict[str, float]:
        """Further rows, measured last."""
        return {}


def cpu(work: Callable[[], object]) -> float:
    """CPU milliseconds of this process, all threads."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def memory() -> float:
    """Resident set of this process, MB."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _open(system: System, job: Job) -> None:
    """Open the index, and find nothing in it: whatever is read for any search is read then."""
    system.open(job)
    system.ask({"text": NOWHERE, "tokens": [NOWHERE]})


def _warm(system: System, queries: list[dict[str, Any]], rounds: int) -> list[float]:
    return [cpu(partial(system.ask, query)) for _ in range(rounds) for query in queries]


def _cold(system: System, job: Job, queries: list[dict[str, Any]]) -> list[float]:
    """Each query as the first one of a freshly opened index."""
    found = []
    for query in queries[: job.cold]:
        _open(system, job)
        found.append(cpu(partial(system.ask, query)))
    return found


def measure(system: System, job: Job) -> dict[str, Any]:
    """First everything warm, then what the process holds, then each query on a freshly opened index."""
    before = memory()
    opened = cpu(lambda: _open(system, job))
    found: dict[str, Any] = {"open": opened, "memory_before": before, "memory_opened": memory()}
    for kind, queries in job.queries.items():
        answers = [system.ask(query) for query in queries]
        times = _warm(system, queries, job.rounds)
        hits = statistics.median(answer[0] for answer in answers)
        found[kind] = {"warm": statistics.median(times), "worst": max(times), "found": hits}
    if system.typing_ahead:
        for prefix in job.prefixes:
            system.ahead(prefix)
        times = [cpu(partial(system.ahead, prefix)) for prefix in job.prefixes]
        found["ahead"] = {"warm": statistics.median(times), "worst": max(times)}
    found["memory"] = memory()
    found |= system.extra(job)
    for kind, queries in job.queries.items():
        found[kind]["cold"] = statistics.median(_cold(system, job, queries))
    return found


def main(system: System) -> None:
    """`python <worker> build|measure JOB`."""
    job = Job(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
    if sys.argv[1] == "build":
        job.folder.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        used = cpu(lambda: system.build(job))
        seconds = time.perf_counter() - began
        answer = {
            "seconds": seconds,
            "cpu_seconds": used / 1000,
            "memory": memory(),
            "bytes": size_of(job.folder),
        }
    else:
        answer = measure(system, job)
    print(json.dumps(answer))

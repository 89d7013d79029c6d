"""How soon a saved change is found, and how searches fare meanwhile, on a running server under load.

    python bench/freshness.py SECTIONS.jsonl.gz [--notes 10000] [--seconds 60] [--workers 1]

SECTIONS holds one JSON object a line: {"id", "title", "text"}, Markdown in `text`. The script makes a database
and an index of its own, imports the notes, serves them on 127.0.0.1, then saves and searches at steady rates,
whether or not earlier answers have come. Each save puts a word that no note has into a note; from the answer
200 on, a search for that word is sent every 20 ms until the note is among its hits. These polls come on top of
the searches, which are pages as a browser asks for them. The index's segments are watched: their number falls when
some are merged.
"""

from __future__ import annotations

import argparse
import os
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pages import (
    ROOT,
    Client,
    family,
    kb,
    memory,
    prepare,
    queries_of,
    read_sections,
    sign_in,
    wait_until_ready,
)  # fmt: skip
from steady_load import LATE, Seen, steadily, watch
from tables import table

POLL = 0.02
GIVE_UP = 30.0


@dataclass
class Target:
    """The server, and one note after the other to be saved, each by one thread at a time."""

    port: int
    token: str
    cookie: str
    notes: queue.Queue[dict[str, object]]


def word(pick: random.Random) -> str:
    """A word that stands nowhere."""
    return "zq" + "".join(pick.choices("bcdfghjklmnpqrtvwx", k=12))


def save(target: Target, seen: Seen, number: int) -> None:
    """Save a note with a new word in it, then ask for the word until it is found."""
    pick = random.Random(f"save {number}")
    client, note, fresh = Client(target.port), target.notes.get(), word(pick)
    try:
        body = {"body": f"{note['body']}\n\n{fresh}\n", "base_revision": note["revision"]}
        began = time.perf_counter()
        answer = client.json("PUT", f"/api/v1/notes/{note['id']}", target.token, body)
        acknowledged = time.perf_counter()
        assert isinstance(answer, dict)
        seen.saves.append((acknowledged - began) * 1000)
        note["revision"] = answer["revision"]
    finally:
        target.notes.put(note)
    due = acknowledged
    while time.perf_counter() < acknowledged + GIVE_UP:
        asked = time.perf_counter()
        found = client.json("GET", f"/api/v1/search?q={fresh}&limit=5", target.token)
        answered = time.perf_counter()
        assert isinstance(found, dict)
        seen.polls.append((answered - asked) * 1000)
        if any(hit["id"] == note["id"] for hit in found["hits"]):
            seen.found.append((answered - acknowledged) * 1000)
            return
        due = max(due + POLL, answered)
        time.sleep(max(0.0, due - time.perf_counter()))
    seen.lost += 1


def load(target: Target, texts: list[str], index: Path, given: argparse.Namespace) -> Seen:
    """Both loads at once, and what came of them."""
    seen, stop = Seen(), threading.Event()
    local = threading.local()

    def search(number: int) -> None:
        if not hasattr(local, "client"):
            local.client = Client(target.port, target.cookie)
        status, _body, took = local.client.get(f"/search?q={quote(texts[number % len(texts)])}")
        assert status == 200, status
        seen.searches.append(took)

    watcher = threading.Thread(target=watch, args=(index, seen, stop))
    watcher.start()
    started = steadily(given.saves, given.seconds, 16, seen, lambda number: save(target, seen, number))
    started += steadily(given.searches, given.seconds, 16, seen, search)
    for thread in started:
        thread.join()
    stop.set()
    watcher.join()
    return seen


def targets(port: int, handover: str, token: str, number: int) -> queue.Queue[dict[str, object]]:
    """Notes to be saved, with body and revision."""
    client, found = Client(port), queue.Queue[dict[str, object]]()
    listed = client.json("GET", f"/api/v1/handovers/{handover}/notes?limit={number}", token)
    assert isinstance(listed, dict)
    for row in listed["items"]:
        note = client.json("GET", f"/api/v1/notes/{row['id']}", token)
        assert isinstance(note, dict)
        found.put({name: note[name] for name in ("id", "body", "revision")})
    return found


def used(pid: int) -> float:
    """Seconds of CPU that all processes of the server have taken."""
    ticks = 0
    for one in family(pid):
        fields = (Path("/proc") / str(one) / "stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def report(seen: Seen, given: argparse.Namespace, pid: int, cpu: float) -> None:
    rows = []
    for name, times in (
        ("save acknowledged to found", seen.found), ("save (PUT) answered", seen.saves),
        ("search page answered meanwhile", seen.searches), ("poll for the new word answered", seen.polls),
    ):  # fmt: skip
        ordered = sorted(times) or [float("nan")]
        at = [ordered[int((len(ordered) - 1) * share)] for share in (0.5, 0.95, 1)]
        rows.append([name, str(len(times)), *(f"{value:.0f}" for value in at)])
    rates = f"{given.saves:g} saves and {given.searches:g} searches a second for {given.seconds:g} s"
    print(f"\n## {given.notes:,} notes, {given.workers} worker(s), {rates}\n")
    print(table(["ms", "number", "p50", "p95", "max"], rows))
    print(
        f"\nPolls a second on top: {len(seen.polls) / given.seconds:.0f}. Never found: {seen.lost}. Begun",
        end=" ",
    )
    print(
        f"over {LATE * 1000:.0f} ms late by the client: {seen.late}. Failed: {len(seen.failures)}.", end=" "
    )
    print(f"The index's segments became fewer {seen.merges} times (at most {seen.most_segments}).", end=" ")
    print(
        f"Memory of all processes: {memory(pid):.0f} MB (PSS). The server took {cpu:.0f} s of CPU; the",
        end=" ",
    )
    print(f"machine's load was {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
    for failure in sorted(set(seen.failures))[:5]:
        print(f"- {failure}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", type=Path)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--saves", type=float, default=5, help="a second")
    parser.add_argument("--searches", type=float, default=20, help="a second")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--port", type=int, default=8798)
    given = parser.parse_args()
    sections = read_sections(given.sections, given.notes)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {key: value for key, value in os.environ.items() if not key.startswith("KB_")}
        environ |= {"KB_DATA_DIR": str(folder / "data"), "KB_SEARCH_INDEX": str(folder / "index")}
        handover = prepare(folder, sections, given.port, environ)
        kb("import", str(folder / "notes"), "--handover", handover, "--accept-secrets", environ=environ)
        server = subprocess.Popen(
            [sys.executable, "-m", "kb", "serve", "--port", str(given.port), "--workers", str(given.workers)],
            cwd=ROOT, env=environ, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_until_ready(given.port, len(sections))
            token = kb("token", "create", "bench@example.com", environ=environ)
            notes = targets(given.port, handover, token, min(200, given.notes))
            target = Target(given.port, token, sign_in(given.port), notes)
            texts = [text for pair in zip(*queries_of(sections, 100).values(), strict=False) for text in pair]
            before = used(server.pid)
            seen = load(target, texts, folder / "index", given)
            report(seen, given, server.pid, used(server.pid) - before)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

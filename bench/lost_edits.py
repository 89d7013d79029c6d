"""Many people saving one note at once, through the API of a running server: is every acknowledged edit kept?

    python bench/lost_edits.py [--writers 100] [--edits 5] [--database URL]

Each writer adds a list item of their own at a place of their own choosing, on the revision they last saw. A stale
base is answered with a merge: without conflicts the writer sends the merged text at once; where that comes too
late as well, or conflicts, they wait a while (up to PAUSE seconds), read the note and put their item into it. An
edit counts once it was answered with 200. Afterwards every revision is read: each acknowledged item must stand in
the revision that was acknowledged and in the last text.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pages import ROOT, Client, kb, prepare, spread, wait_until_ready
from tables import table

PAUSE = 6.0
BODY = "# Refunds\n\n" + "".join(f"- step {n}\n" for n in range(20))


@dataclass
class Tally:
    """What came of the edits of all writers."""

    acknowledged: dict[str, int] = field(default_factory=dict)  # item -> revision
    times: list[float] = field(default_factory=list)  # from the first try to the answer 200, ms
    stale: int = 0
    merged: int = 0
    busy: int = 0


class Browser(Client):
    """A client that takes refusals as answers."""

    def send(self, method: str, path: str, token: str, body: object = None) -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")


def write(port: int, token: str, note: str, number: int, edits: int, tally: Tally) -> None:
    client, pick = Browser(port), random.Random(number)
    for edit in range(edits):
        item, began = f"- writer {number} edit {edit}\n", time.perf_counter()
        _status, seen = client.send("GET", f"/api/v1/notes/{note}", token)
        body, base, tries = put_in(seen["body"], item, pick), seen["revision"], 0
        while True:
            sent = {"body": body, "base_revision": base}
            status, answer = client.send("PUT", f"/api/v1/notes/{note}", token, sent)
            if status == 200:
                tally.acknowledged[item] = answer["revision"]
                tally.times.append((time.perf_counter() - began) * 1000)
                break
            if status == 503:  # the database is busy: the sentence says to try again
                tally.busy += 1
                continue
            assert status == 409, (status, answer)
            tally.stale += 1
            tries += 1
            base = answer["current_revision"]
            if answer["merge"]["conflicts"] or tries > 1:
                time.sleep(pick.uniform(0, PAUSE))
                _status, seen = client.send("GET", f"/api/v1/notes/{note}", token)
                body, base = put_in(seen["body"], item, pick), seen["revision"]
            else:
                tally.merged += 1
                body = answer["merge"]["body"]


def put_in(body: str, item: str, pick: random.Random) -> str:
    lines = body.splitlines(keepends=True)
    lines.insert(pick.randint(2, len(lines)), item)
    return "".join(lines)


def lost(port: int, token: str, note: str, tally: Tally) -> tuple[int, int]:
    """How many acknowledged items are not in their revision, and how many not in the last text."""
    client = Browser(port)
    last = client.send("GET", f"/api/v1/notes/{note}", token)[1]["body"]
    gone = 0
    for item, revision in tally.acknowledged.items():
        kept = client.send("GET", f"/api/v1/notes/{note}/revisions/{revision}", token)[1]["body"]
        gone += item not in kept
    return gone, sum(item not in last for item in tally.acknowledged)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--writers", type=int, default=100)
    parser.add_argument("--edits", type=int, default=5)
    parser.add_argument("--database", help="of PostgreSQL; SQLite otherwise")
    parser.add_argument("--port", type=int, default=8797)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {key: value for key, value in os.environ.items() if not key.startswith("KB_")}
        environ |= {"KB_DATA_DIR": str(folder / "data"), "KB_SEARCH_INDEX": str(folder / "index")}
        if given.database:
            environ["KB_DATABASE_URL"] = given.database
        handover = prepare(folder, [], given.port, environ)
        token = kb("token", "create", "bench@example.com", environ=environ)
        command = [sys.executable, "-m", "kb", "serve", "--port", str(given.port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
        try:
            wait_until_ready(given.port, 0)
            measure(given, handover, token)
        finally:
            server.terminate()
            server.wait()


def measure(given: argparse.Namespace, handover: str, token: str) -> None:
    sent = {"kind": "procedure", "title": "Refunds", "body": BODY}
    note = Browser(given.port).send("POST", f"/api/v1/handovers/{handover}/notes", token, sent)[1]["id"]
    tally, began = Tally(), time.perf_counter()
    writers = [
        threading.Thread(target=write, args=(given.port, token, note, number, given.edits, tally))
        for number in range(given.writers)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    took = time.perf_counter() - began
    gone, missing = lost(given.port, token, note, tally)
    rows = [
        ["edits acknowledged", f"{len(tally.acknowledged)} of {given.writers * given.edits}"],
        ["not in the revision that was acknowledged", str(gone)],
        ["not in the last text", str(missing)],
        ["answers 409 (of them merged without a conflict)", f"{tally.stale} ({tally.merged})"],
        ["answers 503, tried again", str(tally.busy)],
        ["until an edit was acknowledged", spread(tally.times)],
        ["all together", f"{took:.1f} s"],
    ]
    print(f"\n## {given.writers} writers, {given.edits} edits each, one note\n\n{table(['', ''], rows)}")
    if gone or missing:
        sys.exit("edits were lost")


if __name__ == "__main__":
    main()

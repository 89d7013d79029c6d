"""Hostile queries over HTTP: the page, the API and typing ahead of a small server; never a 500."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pages import ROOT, Client, kb, prepare, read_sections, sign_in, wait_until_ready
from tables import table

MOST = 10  # how many of the slowest are shown
PLACES = ("/search?q=", "/search?typing=1&q=", "/api/v1/search?q=", "/api/v1/suggest?q=")
ADDRESSES = (
    "q=%ff%fe", "q=%", "q=%zz", "q=%00", "q=a&q=b", "q", "", "q=a&limit=abc", "q=a&limit=-1", "q=a&limit=1e9",
    "q=a&offset=-1", "q=a&offset=99999999999999999999", "q=a&kind=%00", "q=a&updated_after=never", "q=a&sort=worst",
    "q=a&at=-5", "q=a&at=999999999999", "q=a&expand=2", "q=a&handover=%ed%a0%80", "q=a&unknown=1", "q=a;b=c", "q[]=a",
    "q=a&module=" + "x" * 5000, "q=a&tag=%F0%9F%91%A9", "q=+++", "q=%2B", "q=a%23b", "q=%25%25",
)  # fmt: skip


def encoded(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))


@dataclass
class Answered:
    """One request: milliseconds as the client waits, the least of three more, status (0: closed), what it was."""

    path: str
    name: str
    took: float
    status: int
    again: float = 0.0


def ask_all(port: int, cookie: str, token: str, texts: dict[str, str]) -> list[Answered]:
    """Every query at every place; the slowest are asked again."""
    asked = [
        (f"{place}{encoded(text)}", f"{place}{name}") for place in PLACES for name, text in texts.items()
    ]
    roots = [place.partition("?")[0] for place in PLACES]
    asked += [(f"{root}?{address}", f"{root}?{address[:30]}") for root in roots for address in ADDRESSES]
    browser, program = Client(port, cookie), Client(port)
    program.headers["authorization"] = f"Bearer {token}"

    def ask(path: str) -> tuple[int, float]:
        client = program if path.startswith("/api") else browser
        try:
            status, _body, took = client.get(path)
        except (OSError, http.client.HTTPException):  # closed without an answer
            client.connection.close()
            return 0, 0.0
        return status, took

    answers = []
    for path, name in asked:
        status, took = ask(path)
        answers.append(Answered(path, name, took, status))
    answers.sort(key=lambda one: -one.took)
    for one in answers[:MOST]:
        one.again = min(ask(one.path)[1] for _ in range(3))
    return answers


def report(answers: list[Answered]) -> bool:
    """Print the slowest and the statuses; True if one was an error of the server."""
    rows = [[one.name, str(one.status), f"{one.took:.1f}", f"{one.again:.1f}"] for one in answers[:MOST]]
    print(table(["place and kind", "status", "ms", "again"], rows))
    statuses = Counter(one.status for one in answers)
    print(
        f"\n{len(answers)} requests:", ", ".join(f"{count} × {status}" for status, count in statuses.items())
    )
    bad = [one for one in answers if one.status >= 500 or one.status == 0]
    for one in bad[:20]:
        print(f"- {one.status}: {one.name}")
    return bool(bad)


def run(sections_path: Path, number: int, port: int, texts: dict[str, str]) -> bool:
    """Serve so many notes and ask; True if the run failed."""
    sections = read_sections(sections_path, number)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {key: value for key, value in os.environ.items() if not key.startswith("KB_")}
        environ |= {"KB_DATA_DIR": str(folder / "data"), "KB_SEARCH_INDEX": str(folder / "index")}
        handover = prepare(folder, sections, port, environ)
        kb("import", str(folder / "notes"), "--handover", handover, "--accept-secrets", environ=environ)
        command = [sys.executable, "-m", "kb", "serve", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
        try:
            wait_until_ready(port, number)
            token = kb("token", "create", "bench@example.com", environ=environ)
            print(f"\n## {number} notes over HTTP, ms as the client waits\n")
            failed = report(ask_all(port, sign_in(port), token, texts))
            wait_until_ready(port, number)
        finally:
            server.terminate()
            server.wait()
    return failed

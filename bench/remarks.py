"""Many remarks on one note: its page, its margin, the API's list, and saves that carry a thousand marks.

    python bench/remarks.py [--remarks 10000] [--carried 1000] [--browser]

The script makes a database (SQLite) and an index of its own with a 50 kB note in two languages, serves it on
127.0.0.1 and asks as a signed-in browser and as a caller of the API. `--browser` also loads the page in Chromium.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import insert  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from bench.pages import Client, sign_in, wait_until_ready  # noqa: E402
from kb.annotations.anchoring import Span, surroundings  # noqa: E402
from kb.annotations.models import Annotation  # noqa: E402
from kb.clock import now  # noqa: E402
from kb.db import Database  # noqa: E402
from kb.ids import new_id  # noqa: E402
from kb.notes.models import Note  # noqa: E402
from kb.notes.rendering import rendered  # noqa: E402
from tests.support.factories import make_handover, make_note, make_user, token_for  # noqa: E402

PASSWORD = "bench-password-only"
KINDS = ("comment", "comment", "question", "correction", "highlight", "highlight")
CLAUSES = (
    "先核对订单编号和付款时间", "the clerk compares both amounts", "超过五百元的要请组长批", "再看客户留下的照片",
    "the refund goes out on the same day", "遇到节假日顺延一天", "nobody shares an account", "记在共享表格里",
)  # fmt: skip


def long_text(size: int, seed: int) -> str:
    """Markdown of about so many bytes, each sentence different."""
    pick, length = random.Random(seed), 0
    parts: list[str] = []
    while length < size:
        sentences = [f"{pick.choice(CLAUSES)} {pick.randrange(10**6)}" for _ in range(pick.randint(2, 6))]
        head = f"## Part {len(parts)}\n\n" if len(parts) % 8 == 0 else ""
        parts.append(head + "，".join(sentences[:2]) + "。 " + ". ".join(sentences[2:]) + "。\n")
        length += len(parts[-1].encode())
    return "\n".join(parts)


def add_remarks(session: Session, note: Note, people: list[str], number: int) -> None:
    """Remarks on random passages, many of them on the same ones, a tenth resolved."""
    text = rendered(session, note.body, note.body_sha256).text
    pick, moment = random.Random(5), now()
    rows: list[dict[str, Any]] = []
    for n in range(number):
        start = pick.randrange(0, len(text) - 60)
        end = start + pick.randint(1, 40)
        if n % 5 == 0 and rows:
            start, end = rows[-1]["anchor_start"], rows[-1]["anchor_end"]
        exact = text[start:end]
        if not exact.strip():
            continue
        prefix, suffix = surroundings(text, Span(start, end))
        kind = pick.choice(KINDS)
        when = moment + timedelta(milliseconds=n)
        rows.append({
            "id": new_id(), "note_id": note.id, "kind": kind, "author_id": pick.choice(people), "revision": 1,
            "body": "" if kind == "highlight" else f"第{n}条：" + pick.choice(CLAUSES) * 3,
            "state": "resolved" if n % 10 == 9 else "open", "quote": exact, "prefix": prefix, "suffix": suffix,
            "anchor_status": "anchored", "anchor_start": start, "anchor_end": end, "anchor_exact": exact,
            "created_at": when, "updated_at": when, "replacement": "改成这样" if kind == "correction" else None,
        })  # fmt: skip
    session.execute(insert(Annotation), rows)


def build(database: Database, remarks: int, carried: int) -> tuple[str, dict[str, str]]:
    """A token, and the ids of the notes: with many remarks, with some to be carried, the same without."""
    with database.transaction() as session:
        author = make_user(session, "bench@example.com", name="Bench", password=PASSWORD)
        team = [make_user(session, name=f"Colleague {n}") for n in range(8)]
        ours = make_handover(session, leaver=author, manager=author, title="Many remarks", viewer=team[0])
        people = [author.id, *(user.id for user in team)]
        ids = {}
        for name, number in (("many", remarks), ("carried", carried), ("bare", 0)):
            note = make_note(session, author, ours, title=name, body=long_text(50_000, 7), language="zh-Hans")
            if number:
                add_remarks(session, note, people, number)
            ids[name] = note.id
        return token_for(session, author), ids


def edited(body: str, n: int) -> str:
    """The text with sentences changed all over it: every twelfth line, one line moved, one gone."""
    lines = body.split("\n")
    for at in range(n % 12, len(lines), 12):
        if lines[at]:
            lines[at] = f"Round {n}: " + lines[at].replace("the ", "their ")
    moved = lines.pop(len(lines) // 3)
    lines.insert(len(lines) // 2, moved)
    return "\n".join(lines)


def saves(client: Client, token: str, note_id: str, rounds: int) -> list[float]:
    """Milliseconds of each of several saves, one edit after the other."""
    times = []
    note = client.json("GET", f"/api/v1/notes/{note_id}", token)
    for n in range(rounds):
        body = edited(note["body"], n)  # type: ignore[index]
        sent = {"body": body, "base_revision": note["revision"]}  # type: ignore[index]
        began = time.perf_counter()
        note = client.json("PUT", f"/api/v1/notes/{note_id}", token, sent)
        times.append((time.perf_counter() - began) * 1000)
    return times


def reads(client: Client, path: str, rounds: int, **headers: str) -> tuple[list[float], int, int]:
    """Milliseconds, and the bytes of an answer as sent and as it is."""
    times = []
    for _round in range(rounds + 1):
        status, body, took = client.get(path, **headers)
        assert status == 200, (status, path)
        times.append(took)
    plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    return times[1:], len(body), len(plain)


def in_browser(port: int, cookie: str, path: str) -> list[float]:
    """Milliseconds in Chromium until the cards stand beside their passages."""
    from playwright.sync_api import sync_playwright

    from tests.support.browser import OPTIONS, find_chromium

    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=OPTIONS)
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}")
        pairs = [pair.split("=", 1) for pair in cookie.split("; ")]
        context.add_cookies([{"name": n, "value": v, "url": f"http://127.0.0.1:{port}"} for n, v in pairs])
        for _round in range(4):
            page = context.new_page()
            began = time.perf_counter()
            page.goto(path, wait_until="commit")
            page.wait_for_selector("#remarks.is-placed", state="attached")
            times.append((time.perf_counter() - began) * 1000)
            page.close()
        browser.close()
    return times


def row(name: str, times: list[float], said: str = "") -> None:
    print(f"{name:<44} {statistics.median(times):8.0f} ms   worst {max(times):6.0f} ms   {said}", flush=True)


def measure(port: int, token: str, ids: dict[str, str], browser: bool) -> None:
    cookie = sign_in(port)
    client = Client(port, cookie)
    many = f"/notes/{ids['many']}"
    fragment = {"hx-request": "true"}
    for name, path, headers in (
        ("page of the note", many, {}), ("page without remarks", f"/notes/{ids['bare']}", {}),
        ("margin, first page", f"{many}/remarks", fragment),
        ("margin, fiftieth page", f"{many}/remarks?remarks=50", fragment),
        ("margin, open questions of others to me", f"{many}/remarks?kind=question&whose=to-me", fragment),
        ("my remarks", "/remarks", {}),
    ):  # fmt: skip
        times, sent, plain = reads(client, path, 7, **headers)
        row(name, times, f"{sent / 1024:.0f} KiB sent, {plain / 1024:.0f} KiB")
    api = f"/api/v1{many}/annotations?limit=200"
    times, sent, plain = reads(client, api, 7, authorization=f"Bearer {token}")
    row("API, 200 of them", times, f"{sent / 1024:.0f} KiB sent, {plain / 1024:.0f} KiB")
    if browser:
        row("in Chromium until the cards are placed", in_browser(port, cookie, many))
        client = Client(port, cookie)  # the server has closed the idle connection meanwhile
    for name in ("bare", "carried"):
        row(f"save of a 50 kB note, {name}", saves(client, token, ids[name], 6))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--remarks", type=int, default=10_000)
    asked.add_argument("--carried", type=int, default=1_000)
    asked.add_argument("--port", type=int, default=8819)
    asked.add_argument("--browser", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/kb.sqlite3"
        environ = os.environ | {
            "KB_DATA_DIR": folder, "KB_DATABASE_URL": url, "KB_SEARCH_INDEX": f"{folder}/index",
            "KB_LOG_LEVEL": "ERROR",
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "kb", "db", "upgrade"], cwd=ROOT, env=environ, check=True)
        database = Database(url)
        token, ids = build(database, options.remarks, options.carried)
        database.close()
        command = [sys.executable, "-m", "kb", "serve", "--port", str(options.port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
        try:
            wait_until_ready(options.port, 3)
            measure(options.port, token, ids, options.browser)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

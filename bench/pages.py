"""Pages of a running server: note page and search, one client and eight, memory, weight of a cold page.

    python bench/pages.py SECTIONS.jsonl.gz [--notes 1000] [--workers 1]

SECTIONS holds one JSON object a line: {"id", "title", "text"} with Markdown in `text`. The script makes a
database and an index of its own, imports the sections with `kb import`, serves them on 127.0.0.1 and asks.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "bench-password-only"
WORDS = re.compile(r"[A-Za-z]{4,}|[\u4e00-\u9fff]{2,}")


def read_sections(path: Path, most: int) -> list[dict[str, str]]:
    """Half of the sections Chinese, half English, as far as there are enough."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        sections = [json.loads(line) for line in lines]
    random.Random(1).shuffle(sections)
    chinese = [one for one in sections if re.search(r"[\u4e00-\u9fff]", one["text"])]
    english = [one for one in sections if not re.search(r"[\u4e00-\u9fff]", one["text"])]
    half = most // 2
    return chinese[:half] + english[: most - len(chinese[:half])]


def queries_of(sections: list[dict[str, str]], number: int) -> dict[str, list[str]]:
    """Searches made of words that stand together in the sections: two to four of them, or a run of Han."""
    pick = random.Random(2)
    found: dict[str, list[str]] = {"en": [], "zh": []}
    pool = list(sections)
    while pool and min(map(len, found.values())) < number:
        words = WORDS.findall(pool.pop(pick.randrange(len(pool)))["text"])
        if not words:
            continue
        at = pick.randrange(len(words))
        if words[at][0] >= "\u4e00":
            if len(found["zh"]) < number:
                found["zh"].append(words[at][: pick.randint(2, 6)])
        elif len(found["en"]) < number:
            found["en"].append(
                " ".join(word for word in words[at : at + pick.randint(1, 4)] if word.isascii())
            )
    return found


def kb(*arguments: str, environ: dict[str, str], text: str = "") -> str:
    command = [sys.executable, "-m", "kb", *arguments]
    run = subprocess.run(
        command, cwd=ROOT, env=environ, input=text, capture_output=True, text=True, check=False
    )
    if run.returncode:
        sys.exit(f"{' '.join(arguments)}: {run.stderr.strip()}")
    return run.stdout.strip()


class Client:
    """One keep-alive connection of a signed-in browser."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"accept-encoding": "gzip", "accept-language": "en"} | (
            {"cookie": cookie} if cookie else {}
        )

    def get(self, path: str, **headers: str) -> tuple[int, bytes, float]:
        """Status, body as sent, milliseconds."""
        began = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers | headers)
        answer = self.connection.getresponse()
        body = answer.read()
        return answer.status, body, (time.perf_counter() - began) * 1000

    def json(self, method: str, path: str, token: str, body: object = None) -> object:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        data = json.loads(answer.read() or b"null")
        if answer.status >= 400:
            sys.exit(f"{method} {path}: {answer.status} {data}")
        return data


def sign_in(port: int) -> str:
    """The cookies of a browser that signed in through the page's form."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    page = answer.read().decode()
    seed = next(value.split(";")[0] for name, value in answer.getheaders() if value.startswith("kb_seed="))
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = f"csrf_token={quote(token[1])}&email=bench%40example.com&password={PASSWORD}"
    headers = {"cookie": seed, "content-type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", form, headers)
    answer = connection.getresponse()
    answer.read()
    cookie = next(
        (value.split(";")[0] for _n, value in answer.getheaders() if value.startswith("kb_session=")), None
    )
    if cookie is None:
        sys.exit(f"sign-in failed: {answer.status}")
    return f"{seed}; {cookie}"


def spread(times: list[float]) -> str:
    ordered = sorted(times)
    return f"p50 {statistics.median(ordered):6.1f} ms   p95 {ordered[int(len(ordered) * 0.95)]:6.1f} ms"


def timed(client: Client, paths: list[str], rounds: int) -> list[float]:
    for path in paths[:10]:
        client.get(path)
    times = []
    for path in paths * rounds:
        status, _body, took = client.get(path)
        assert status == 200, (status, path)
        times.append(took)
    return times


def throughput(port: int, cookie: str, paths: list[str], clients: int = 8, seconds: float = 6) -> float:
    """Answers a second with so many clients, each asking again as soon as it has its answer."""
    counts = [0] * clients
    until = time.perf_counter() + seconds

    def run(number: int) -> None:
        client, pick = Client(port, cookie), random.Random(number)
        while time.perf_counter() < until:
            status, _body, _took = client.get(pick.choice(paths))
            assert status == 200
            counts[number] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if parent == pid:
                found += family(int(entry.name))
    return found


def memory(pid: int) -> float:
    """Proportional set size of all processes, MB."""
    total = 0
    for one in family(pid):
        rollup = (Path("/proc") / str(one) / "smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1])  # type: ignore[index]
    return total / 1024


def weigh(port: int, cookie: str, path: str) -> tuple[int, float]:
    """Requests and KiB of a cold page: the page, what it links to, and what those import or use."""
    client = Client(port, cookie)
    _status, body, _took = client.get(path)
    size, seen = len(body), {path}
    html = gzip.decompress(body).decode() if body[:2] == b"\x1f\x8b" else body.decode()
    for address in re.findall(r'(?:href|src)="(/static/[^"#]+)', html):
        if address not in seen:
            seen.add(address)
            size += len(client.get(address)[1])
    return len(seen), size / 1024


def wait_until_ready(port: int, documents: int) -> None:
    for _attempt in range(600):
        try:
            _status, body, _took = Client(port).get("/health/ready")
            index = json.loads(body)["index"]
            if index["state"] == "ready" and index["documents"] >= documents and index["lag_seconds"] == 0:
                return
        except OSError:
            pass
        time.sleep(0.2)
    sys.exit("the server did not become ready")


def processor_time(pid: int) -> float:
    """Seconds of processor a process and all below it have had."""
    stats = (
        (Path("/proc") / str(one) / "stat").read_text().rpartition(")")[2].split() for one in family(pid)
    )
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def wait_until_at_rest(pid: int, seconds: int = 7) -> None:
    """Templates are compiled beside the first answers, small segments merged 5 s after the last commit: what a
    server does once is not what a page costs. At most a minute, for a machine that is never quiet."""
    quiet = 0
    for _second in range(60):
        before = processor_time(pid)
        time.sleep(1)
        quiet = quiet + 1 if processor_time(pid) - before < 0.05 else 0
        if quiet == seconds:
            return


def prepare(folder: Path, sections: list[dict[str, str]], port: int, environ: dict[str, str]) -> str:
    """Accounts, a handover and the sections in it; returns the handover's id."""
    for number, section in enumerate(sections):
        name = folder / "notes" / f"{number:05d}.md"
        name.parent.mkdir(exist_ok=True)
        head = json.dumps({"title": section["title"][:200] or f"Section {number}"}, ensure_ascii=False)
        name.write_text(f"---\n{head}\n---\n{section['text']}\n", encoding="utf-8")
    kb("db", "upgrade", environ=environ)
    admin = ("user", "create", "bench@example.com", "--name", "Bench", "--admin", "--password-stdin")
    kb(*admin, environ=environ, text=PASSWORD)
    token = kb("token", "create", "bench@example.com", environ=environ)
    server = subprocess.Popen(
        [sys.executable, "-m", "kb", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.DEVNULL,
    )
    wait_until_ready(port, 0)
    client = Client(port)
    body = {"title": "Bench", "position": "Bench", "leaver": "bench@example.com", "last_day": "2030-01-01"}
    handover = client.json("POST", "/api/v1/handovers", token, body)
    server.terminate()
    server.wait()
    assert isinstance(handover, dict)
    return str(handover["id"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", type=Path)
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--port", type=int, default=8799)
    options = parser.parse_args()
    sections = read_sections(options.sections, options.notes)
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), options.port
        environ = {key: value for key, value in os.environ.items() if not key.startswith("KB_")}
        environ |= {"KB_DATA_DIR": str(folder / "data"), "KB_SEARCH_INDEX": str(folder / "index")}
        handover = prepare(folder, sections, port, environ)
        began = time.perf_counter()
        kb("import", str(folder / "notes"), "--handover", handover, "--accept-secrets", environ=environ)
        print(f"import of {len(sections)} notes   {time.perf_counter() - began:6.1f} s")
        server = subprocess.Popen(
            [sys.executable, "-m", "kb", "serve", "--port", str(port), "--workers", str(options.workers)],
            cwd=ROOT, env=environ, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_until_ready(port, len(sections))
            wait_until_at_rest(server.pid)
            measure(port, handover, sections, server.pid, environ)
        finally:
            server.terminate()
            server.wait()
        corpus = sum(len(section["text"].encode()) for section in sections)
        index = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
        print(f"index                 {index / corpus:6.1f} × the corpus")


def measure(
    port: int, handover: str, sections: list[dict[str, str]], pid: int, environ: dict[str, str]
) -> None:
    token = kb("token", "create", "bench@example.com", environ=environ)
    cookie = sign_in(port)
    listed = Client(port).json("GET", f"/api/v1/handovers/{handover}/notes?limit=200", token)
    assert isinstance(listed, dict)
    pages = [f"/notes/{note['id']}" for note in listed["items"]]
    queries = queries_of(sections, 50)
    searches = {
        language: [f"/search?q={quote(text)}" for text in texts] for language, texts in queries.items()
    }
    client = Client(port, cookie)
    print(f"note page, 1 client    {spread(timed(client, pages, 2))}")
    for language, paths in searches.items():
        print(f"search {language}, 1 client    {spread(timed(client, paths, 2))}")
    print(f"note pages, 8 clients  {throughput(port, cookie, pages):6.0f} a second")
    print(f"searches, 8 clients    {throughput(port, cookie, searches['en'] + searches['zh']):6.0f} a second")
    requests, size = weigh(port, cookie, pages[0])
    print(f"cold note page         {requests:6d} requests, {size:.0f} KiB")
    print(f"memory, all processes  {memory(pid):6.0f} MB (PSS)")


if __name__ == "__main__":
    main()

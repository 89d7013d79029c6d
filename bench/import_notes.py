"""Time and memory of `kb import` on real notes: `python bench/import_notes.py docs.jsonl.gz [HOW MANY]`.

Each line is {"id", "title", "text"}; every section becomes a Markdown file of its own, as a team's
folder would hold it. Database, index and files lie in a temporary folder, or where --keep says.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
MANAGER = "manager@example.com"


def write_files(source: Path, folder: Path, most: int | None) -> int:
    """Write the sections out, 500 to a folder; returns how many."""
    number = 0
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            section = json.loads(line)
            below = folder / f"{number // 500:03}"
            below.mkdir(parents=True, exist_ok=True)
            name = re.sub(r"[^\w-]+", "-", section["title"])[:60].strip("-") or "section"
            text = f"# {section['title']}\n\n{section['text']}\n"
            (below / f"{number:05}-{name}.md").write_text(text, encoding="utf-8")
            if number == most:
                break
    return number


def make_handover(url: str) -> str:
    """A fresh database with a manager and one handover; returns its id."""
    import kb.search.changes  # noqa: F401 - its listener tells search of every write
    from kb.checklists.services import start_handover
    from kb.db import Database
    from kb.handovers.queries import identity_of
    from kb.handovers.schemas import new_handover
    from kb.migrations import upgrade
    from kb.people.schemas import NewUser
    from kb.people.services import create_user

    database = Database(url)
    upgrade(database)
    with database.transaction() as session:
        user = create_user(session, NewUser(MANAGER, "Manager", "a password", True, "en"), by=None)
        today = date.today()  # noqa: DTZ011
        day = (today + timedelta(days=14)).isoformat()
        data = {"title": "Import", "position": "Any", "leaver": MANAGER, "last_day": day}
        handover = start_handover(session, identity_of(session, user), new_handover(data, "en"), today=today)
        made = handover.id
    database.close()
    return made


def measure(folder: Path, source: Path, most: int | None) -> dict[str, object]:
    """Import in a process of its own; seconds, and the peak of its memory in MB."""
    files = folder / "files"
    number = write_files(source, files, most)
    url = os.environ.get("KB_DATABASE_URL") or f"sqlite:///{folder / 'kb.sqlite3'}"
    handover = make_handover(url)
    environ = os.environ | {
        "KB_DATABASE_URL": url, "KB_DATA_DIR": str(folder / "data"), "KB_SEARCH_INDEX": str(folder / "index")
    }  # fmt: skip
    command = [sys.executable, "-m", "kb", "import", str(files), "--handover", handover, "--accept-secrets"]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=environ, check=False)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
    return {
        "files": number, "status": done.returncode, "seconds": round(seconds, 1), "peak_mb": round(peak),
        "index_mb": round(size / 1e6, 1), "handover": handover,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("most", type=int, nargs="?")
    parser.add_argument("--keep", type=Path, help="work in this folder and leave everything there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
        found = measure(given.keep or Path(folder), given.source, given.most)
    print(json.dumps(found))
    return int(found["status"] != 0)


if __name__ == "__main__":
    sys.exit(main())

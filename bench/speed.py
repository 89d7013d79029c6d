"""CPU, memory and size of search at growing numbers of notes: ours beside FTS5, tantivy, Xapian, in one run.

    python bench/speed.py SECTIONS.jsonl.gz [--sizes 1000,10000,100000] [--systems ours,fts5,tantivy,xapian]

SECTIONS holds one JSON object a line: {"id", "title", "text"}, Markdown in `text`. Beyond their number notes are
made of their paragraphs (notes_corpus.py). Rivals get our tokens (stems; Han as characters and pairs) joined by
spaces, keep positions and no texts, and are asked for any of the query's tokens, the top 20 and two facets with
counts; ours parses the query itself and counts all seven facets. Every system builds in one process and answers
in another. Warm: median over all queries, asked before. Cold: a query on a freshly opened index in which only a
word that no note has was looked for (the operating system's cache of files stays). All times are CPU of the
process. Passages are a row of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import speed_report  # noqa: E402
from notes_corpus import Sections, notes  # noqa: E402
from notes_table import write_table  # noqa: E402
from speed_queries import prefixes, searches  # noqa: E402

SYSTEMS = ("ours", "fts5", "tantivy", "xapian")
SYSTEM_PYTHON = "/usr/bin/python3"
FIRST = 1000  # every size holds these; queries are made of them


def python_of(system: str) -> str | None:
    """The interpreter that runs a system's worker, None where the system is not installed."""
    if system != "xapian":
        return sys.executable
    for python in (sys.executable, SYSTEM_PYTHON):
        if Path(python).exists():
            found = subprocess.run([python, "-c", "import xapian"], capture_output=True, check=False)
            if found.returncode == 0:
                return python
    return None


def run(system: str, verb: str, job: Path) -> dict[str, Any]:
    python = python_of(system)
    assert python
    script = Path(__file__).with_name(f"speed_{system}.py")
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [python, str(script), verb, str(job)], capture_output=True, text=True, env=environ, check=False
    )
    if done.returncode:
        sys.exit(f"{system} {verb}:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def measure(
    folder: Path, sections: Sections, size: int, systems: list[str], given: argparse.Namespace
) -> dict[str, Any]:
    """Everything about one size: by system, what building and asking took."""
    source = folder / f"notes-{size}.sqlite3"
    first = list(notes(sections, min(size, FIRST)))
    corpus = write_table(source, notes(sections, size))
    asked = {"queries": searches(sections, first, given.queries), "prefixes": prefixes(first, given.queries)}
    found: dict[str, Any] = {"corpus": corpus, "systems": {}}
    for system in systems:
        job = folder / f"{system}-{size}.json"
        place = {"source": str(source), "folder": str(folder / f"{system}-{size}")}
        job.write_text(json.dumps(asked | place | {"rounds": given.rounds, "cold": given.cold}))
        print(f"{size} notes: {system}", file=sys.stderr, flush=True)
        found["systems"][system] = {"build": run(system, "build", job), **run(system, "measure", job)}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", type=Path)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--systems", default=",".join(SYSTEMS))
    parser.add_argument("--queries", type=int, default=40, help="of each kind")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cold", type=int, default=15, help="queries of each kind asked cold")
    parser.add_argument("--json", type=Path, help="keep the figures here too")
    given = parser.parse_args()
    systems = [one for one in given.systems.split(",") if python_of(one)]
    missing = sorted(set(given.systems.split(",")) - set(systems))
    sections = Sections(given.sections)
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in (int(one) for one in given.sizes.split(",")):
            found[size] = measure(Path(folder), sections, size, systems, given)
            speed_report.one_size(size, found[size])
    speed_report.growth(found)
    if missing:
        print(f"\nNot installed: {', '.join(missing)}")
    if given.json:
        given.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

"""The worst of hostile queries: in the process on an index of any size, and over HTTP on a small server.

    python bench/hostile.py SECTIONS.jsonl.gz [--notes 10000] [--examples 1000] [--http-notes 200] [--keep FOLDER]

SECTIONS holds one JSON object a line: {"id", "title", "text"}, Markdown in `text`; beyond their number notes are
made of their paragraphs. Asked are the kinds of tests/support/hostile_kinds.py, 256 characters of each stretch of
Unicode, and what Hypothesis makes of both while it looks for what takes longest. In the process: parsing,
searching with all facets and 20 hits, and marking the passages of those hits. First: as asked in that order
(Hypothesis: the second time). The worst are asked again: cold, of an index just opened, and warm, the least of
several each. Over HTTP any answer from 500 up fails the run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import hostile_http  # noqa: E402
from hostile_asking import Asked, Asker, by_hypothesis  # noqa: E402
from notes_corpus import Sections, notes  # noqa: E402
from notes_table import write_table  # noqa: E402
from speed_ours import Ours  # noqa: E402
from speed_worker import Job  # noqa: E402
from tables import table  # noqa: E402

from kb.search.analysis import fold, pieces  # noqa: E402
from tests.support.hostile_kinds import blocks, kinds  # noqa: E402

GOAL = 50.0  # milliseconds


def built(folder: Path, sections: Path, number: int) -> Job:
    """The index and the table of so many notes, made unless the folder holds them."""
    source, index = folder / f"notes-{number}.sqlite3", folder / f"index-{number}"
    empty = {"queries": {}, "prefixes": [], "rounds": 1, "cold": 0}
    job = Job({"source": str(source), "folder": str(index), **empty})
    if not source.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_table(source, notes(Sections(sections), number))
    if not index.exists():
        Ours().build(job)
    return job


def common_words(job: Job, number: int = 24) -> list[str]:
    """Words and characters that stand in most notes, stop words too: by turns Latin and Han."""
    counts: Counter[tuple[str, bool]] = Counter()
    for at, (body,) in enumerate(job.rows("body")):
        if at % 7 == 0:
            for piece in pieces(fold(body).text):
                counts.update({(char, True) for char in piece.text} if piece.han else [(piece.text, False)])
            if at > 10_000:
                break
    han = [text for (text, is_han), _count in counts.most_common() if is_han]
    latin = [text for (text, is_han), _count in counts.most_common() if not is_han]
    return [text for pair in zip(han, latin, strict=False) for text in pair][:number]


def report(asker: Asker, asked: list[Asked], most: int) -> None:
    """The worst as they were asked, and asked again."""
    worst = sorted(asked, key=lambda one: -one.first)[:most]
    asker.again(worst)
    header = ["kind", "first", "cold", "warm", "parse", "search", "passages", "found", "query"]
    rows = [
        [one.name, *(f"{value:.1f}" for value in (one.first, one.cold, one.warm, *one.parts)), str(one.found),
         one.shown]
        for one in worst
    ]  # fmt: skip
    print(table(header, rows))
    states = {
        "first": [one.first for one in asked], "cold": [one.cold for one in worst], "warm": [one.warm for one in worst]
    }  # fmt: skip
    print(f"\n{len(asked)} asked; worst and how many over {GOAL:.0f} ms:", end=" ")
    print(
        ", ".join(
            f"{state} {max(times):.1f} ({sum(t > GOAL for t in times)})" for state, times in states.items()
        )
    )
    print(f"Raised: {sum(bool(one.raised) for one in asked)}.")
    for one in [one for one in asked if one.raised][:10]:
        print(f"- {one.name}: {one.raised}: {one.shown}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sections", type=Path)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--examples", type=int, default=1000, help="how many Hypothesis makes")
    parser.add_argument("--http-notes", type=int, default=200, help="0: not over HTTP")
    parser.add_argument("--port", type=int, default=8797)
    parser.add_argument("--most", type=int, default=15, help="how many of the worst are shown")
    parser.add_argument("--keep", type=Path, help="keep the index in this folder, and use it again")
    given = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as name:
        job = built(given.keep or Path(name), given.sections, given.notes)
        common = common_words(job)
        asker = Asker(job)
        texts = kinds(common) | dict(blocks())
        print(f"\n## {given.notes:,} notes: {len(texts)} fixed kinds, CPU ms\n")
        asked = [asker.ask(name, text) for name, text in texts.items()]
        report(asker, asked, given.most)
        print(f"\n## {given.notes:,} notes: made by Hypothesis, CPU ms\n")
        made = [
            one for seek in (False, True) for one in by_hypothesis(asker, common, given.examples // 2, seek)
        ]
        report(asker, made, given.most)
        asked += made
        print(
            f"\nThe longest collection of garbage, not counted above: {asker.garbage.longest * 1000:.0f} ms."
        )
        failed = any(one.raised for one in asked)
    if given.http_notes:
        failed |= hostile_http.run(given.sections, given.http_notes, given.port, texts)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

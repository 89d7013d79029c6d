"""Known-item searches over real pages: `python bench/known_items.py SECTIONS.jsonl.gz [--seed 2] [--misses]`.

SECTIONS holds {"id", "title", "text"} a line, as search-data/notes. 600 English and 500 Chinese pages are put
into a real database, indexed, and searched by a viewer through the search service, 20 searches of each of
twelve kinds. Printed: for how many the right page is among the first five, and how many found nothing.
Seed 1 is for tuning, seed 2 for reporting. --files joins the sections of a file to one page.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.known_building import Page, Search, Shelf, choose, read_pages  # noqa: E402
from bench.known_chinese import chinese  # noqa: E402
from bench.known_english import english  # noqa: E402
from kb.access.roles import Role  # noqa: E402
from kb.checklists.services import start_handover  # noqa: E402
from kb.clock import now  # noqa: E402
from kb.db import Database  # noqa: E402
from kb.handovers.queries import identity_of  # noqa: E402
from kb.handovers.schemas import Member, NewHandover  # noqa: E402
from kb.migrations import upgrade  # noqa: E402
from kb.notes.services import create_note  # noqa: E402
from kb.people.models import User  # noqa: E402
from kb.people.schemas import NewUser  # noqa: E402
from kb.people.services import create_user  # noqa: E402
from kb.search import changes, pinyin  # noqa: E402, F401 - the listener of changes tells search of every write
from kb.search.indexer import Indexer  # noqa: E402
from kb.search.live import LiveIndex  # noqa: E402
from kb.search.service import SearchRequest, search  # noqa: E402

TOP = 5


@dataclass(frozen=True)
class Outcome:
    """What a search brought: its first ids, how many in all, what was suggested, how long it took."""

    search: Search
    first: tuple[str, ...]
    total: int
    suggestion: str | None
    took: float

    @property
    def right(self) -> bool:
        return not self.search.right.isdisjoint(self.first[:TOP])


def fill(database: Database, pages: list[Page]) -> tuple[dict[str, str], str]:
    """Write the pages as notes; returns the page of each note id, and the viewer's id."""
    with database.transaction() as session:
        manager, viewer = (
            create_user(
                session, NewUser(f"{name}@example.com", name, "a long password", False, "en"), by=None
            )
            for name in ("manager", "viewer")
        )
        who, today = identity_of(session, manager), now().date()
        new = NewHandover(
            title="Known items", position="Any", department="", language="en", leaver=manager.email,
            last_day=today + timedelta(days=30), support_until=None, confirmed_on=None, confirmed_by="",
            template=None, members=(Member(viewer.email, Role.VIEWER),),
        )  # fmt: skip
        handover = start_handover(session, who, new, today=today).id
        who = identity_of(session, manager)
        notes = {}
        for page in pages:
            language = "zh-Hans" if page.chinese else "en"
            data = {"kind": "procedure", "title": page.title, "body": page.text, "language": language}
            notes[create_note(session, who, handover, data).id] = page.id
        return notes, viewer.id


def ask(
    database: Database, live: LiveIndex, viewer: str, searches: list[Search], notes: dict[str, str]
) -> list[Outcome]:
    """Every search once, as that viewer."""
    outcomes = []
    with database.transaction(read_only=True) as session:
        identity = identity_of(session, session.get_one(User, viewer))
        for one in searches:
            began = time.perf_counter()
            answer = search(session, live, identity, SearchRequest(one.text))
            took = (time.perf_counter() - began) * 1000
            first = tuple(notes[hit.id] for hit in answer.hits)
            outcomes.append(Outcome(one, first, answer.total, answer.suggestion, took))
    return outcomes


def alike() -> Callable[[str], str]:
    """Characters that are pronounced as a character is."""
    sound: defaultdict[str, list[str]] = defaultdict(list)
    for code in range(0x4E00, 0x9FA6):
        for reading in pinyin.syllables(chr(code))[:1]:
            sound[reading].append(chr(code))
    return lambda char: "".join("".join(sound[reading]) for reading in pinyin.syllables(char)[:1])


def build(pages: list[Page], seed: int, number: int) -> list[Search]:
    """The searches of a seed, over the pages of each language by themselves."""
    pick = random.Random(seed)
    sides = [Shelf([page for page in pages if page.chinese == side], pages, pick) for side in (False, True)]
    return english(sides[0], number) + chinese(sides[1], number, alike())


def report(outcomes: list[Outcome], misses: bool) -> None:
    kinds: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        kinds.setdefault(outcome.search.kind, []).append(outcome)
    print(f"{'kind':22}{'right in top 5':>16}{'first':>7}{'empty':>7}{'median ms':>11}")
    for kind, found in [*kinds.items(), ("all", outcomes)]:
        right = sum(outcome.right for outcome in found)
        first = sum(bool(one.search.right & set(one.first[:1])) for one in found)
        empty = sum(not one.total for one in found)
        took = sorted(one.took for one in found)[len(found) // 2]
        print(f"{kind:22}{right:>10} / {len(found):<3}{first:>7}{empty:>7}{took:>11.1f}")
    of_120 = sum(120 / 12 * sum(map(bool, (o.right for o in found))) / len(found) for found in kinds.values())
    print(f"of 120 (ten of each kind): {of_120:.1f}")
    if misses:
        for outcome in outcomes:
            if not outcome.right:
                _miss(outcome)


def _miss(outcome: Outcome) -> None:
    wanted = sorted(outcome.search.right)
    place = next((i for i, id in enumerate(outcome.first, 1) if id in outcome.search.right), None)
    print(f"\n{outcome.search.kind}: {outcome.search.text}")
    print(f"  wanted {wanted}, place {place} of {outcome.total}, suggested {outcome.suggestion!r}")
    print(f"  first {list(outcome.first[:TOP])}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", type=Path)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--number", type=int, default=20, help="searches of each kind")
    parser.add_argument("--english", type=int, default=600)
    parser.add_argument("--chinese", type=int, default=500)
    parser.add_argument("--files", action="store_true", help="a page is a file, not a section")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--only", default="", help="kinds whose name holds this")
    given = parser.parse_args()
    pages = read_pages(given.sections, whole_files=given.files)
    pages = choose(pages, given.english, given.chinese, random.Random(given.seed))
    searches = [one for one in build(pages, given.seed, given.number) if given.only in one.kind]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/kb.sqlite3")
        upgrade(database)
        began = time.perf_counter()
        notes, viewer = fill(database, pages)
        live = LiveIndex(Path(folder) / "index")
        indexer = Indexer(database, live)
        assert indexer.take_lock()
        indexer.catch_up()
        print(f"{len(pages)} pages written and indexed in {time.perf_counter() - began:.1f} s")
        report(ask(database, live, viewer, searches, notes), given.misses)
        indexer.stop()
        live.close()
        database.close()


if __name__ == "__main__":
    main()

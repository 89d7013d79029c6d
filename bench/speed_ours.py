"""Worker of bench/speed.py: our index."""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from notes_corpus import SCOPES
from notes_table import COLUMNS, note_of
from speed_worker import TOP, Answer, Job, System, cpu, main

from kb.markdown import Heading
from kb.search.interface import Filters
from kb.search.language import parse
from kb.search.query import Query
from kb.search.snippets import snippet
from kb.search.whoosh_index import SearchIndex

BATCH = 500


class Ours(System):
    typing_ahead = True
    index: SearchIndex

    def build(self, job: Job) -> None:
        index = SearchIndex.create(job.folder)
        rows, position = job.rows(COLUMNS), 0
        while batch := [note_of(row).document() for row in islice(rows, BATCH)]:
            position += len(batch)
            index.apply(batch, [], position)
            while index.merge() or index.merge(big=True):  # in the product threads of their own do it
                pass
        while index.merge(quiet=True) or index.merge(big=True):
            pass
        index.close()

    def open(self, job: Job) -> None:
        if hasattr(self, "index"):
            self.index.close()
        self.index = SearchIndex(job.folder)

    def ask(self, query: dict[str, Any]) -> Answer:
        """All facets are counted, the two that rivals count among them."""
        found = self.index.search(parse(query["text"]), SCOPES, Filters(), TOP, 0)
        numbers = [int(hit.id.partition(":")[2]) for hit in found.hits]
        return found.total, numbers, len(found.facets["kind"]) + len(found.facets["module"])

    def ahead(self, prefix: str) -> int:
        return len(self.index.suggest(prefix, SCOPES, 10))

    def extra(self, job: Job) -> dict[str, float]:
        """The passages of the 20 hits: read from the database, and marked."""
        base = sqlite3.connect(job.source)
        reading, marking = [], []
        for query in next(iter(job.queries.values())):
            numbers, parsed = self.ask(query)[1], parse(query["text"])
            shown: list[tuple[str, list[Heading]]] = []
            reading.append(cpu(partial(_read, base, numbers, shown)))
            marking.append(cpu(partial(_mark, shown, parsed)))
        return {"reading": statistics.median(reading), "snippets": statistics.median(marking)}


def _read(base: sqlite3.Connection, numbers: list[int], shown: list[tuple[str, list[Heading]]]) -> None:
    places = ",".join("?" * len(numbers))
    rows = base.execute(f"SELECT body, outline FROM notes WHERE number IN ({places})", numbers)
    shown.extend((body, [Heading(*one) for one in json.loads(outline)]) for body, outline in rows)


def _mark(shown: list[tuple[str, list[Heading]]], query: Query) -> None:
    for body, outline in shown:
        snippet(body, outline, query)


if __name__ == "__main__":
    main(Ours())

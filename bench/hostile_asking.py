"""Asking one hostile query after the other in this process, with the CPU that its parts take."""

from __future__ import annotations

import gc
import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings, target
from notes_corpus import SCOPES
from speed_worker import TOP, Job

from kb.markdown import Heading
from kb.search.interface import Filters
from kb.search.language import parse
from kb.search.snippets import snippet
from kb.search.whoosh_index import SearchIndex
from tests.support.hostile_strategy import hostile_queries


@dataclass
class Asked:
    """One query; milliseconds of CPU. `cold` and `warm` only of those shown, each the least of several."""

    name: str
    text: str
    first: float
    parts: tuple[float, float, float]  # parsing, searching, marking
    found: int
    raised: str = ""
    cold: float = 0.0
    warm: float = 0.0

    @property
    def shown(self) -> str:
        """The beginning of the query, as a cell of a table may hold it."""
        return ascii(self.text[:30])[:36].replace("|", "\\|")


class Garbage:
    """What Python's collections of garbage take: they fall on whatever is asked, so they are kept apart."""

    def __init__(self) -> None:
        self.spent = self.longest = self._began = 0.0
        gc.callbacks.append(self._note)

    def _note(self, phase: str, _info: object) -> None:
        if phase == "start":
            self._began = time.process_time()
        else:
            took = time.process_time() - self._began
            self.spent += took
            self.longest = max(self.longest, took)

    def clock(self) -> float:
        """Seconds of CPU without them."""
        return time.process_time() - self.spent


class Asker:
    """The index and the texts of its notes."""

    def __init__(self, job: Job) -> None:
        self.folder, self.garbage = job.folder, Garbage()
        self.index = SearchIndex(job.folder)
        self.base = sqlite3.connect(job.source)
        for common in ("the", "的", "data"):
            self.ask("", common)

    def ask(self, name: str, text: str) -> Asked:
        """Ask as the page does; whatever is raised is kept."""
        marks, found, raised = [self.garbage.clock()], 0, ""
        try:
            query = parse(text)
            marks.append(self.garbage.clock())
            results = self.index.search(query, SCOPES, Filters(), TOP, 0)
            found = results.total
            marks.append(self.garbage.clock())
            shown = self._texts([hit.id for hit in results.hits])
            began = self.garbage.clock()
            for body, outline in shown:
                snippet(body, outline, query)
            marking = self.garbage.clock() - began
        except Exception as error:
            raised, marking = f"{type(error).__name__}: {error}"[:100], 0.0
        marks += [marks[-1]] * (3 - len(marks))
        parts = ((marks[1] - marks[0]) * 1000, (marks[2] - marks[1]) * 1000, marking * 1000)
        return Asked(name, text, sum(parts), parts, found, raised)

    def again(self, asked: list[Asked]) -> None:
        """Ask each twice more of a freshly opened index, and then three times more."""
        for one in asked:
            one.cold = min(self._reopened(one) for _ in range(2))
            one.warm = min(self.ask(one.name, one.text).first for _ in range(3))

    def _reopened(self, one: Asked) -> float:
        self.index.close()
        self.index = SearchIndex(self.folder)
        self.ask("", "zqzq")
        return self.ask(one.name, one.text).first

    def _texts(self, ids: list[str]) -> list[tuple[str, list[Heading]]]:
        numbers = [int(name.partition(":")[2]) for name in ids]
        places = ",".join("?" * len(numbers))
        rows = self.base.execute(f"SELECT body, outline FROM notes WHERE number IN ({places})", numbers)
        return [(body, [Heading(*one) for one in json.loads(outline)]) for body, outline in rows]


def by_hypothesis(asker: Asker, common: Sequence[str], number: int, seeking: bool) -> list[Asked]:
    """So many queries that Hypothesis makes, asked twice each, the second time kept.

    When `seeking` it is told how long each took and goes on from the slowest.
    """
    asked: dict[str, Asked] = {}

    @settings(
        max_examples=number, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate, Phase.target], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(hostile_queries(common))
    def look(text: str) -> None:
        asker.ask("", text)
        one = asker.ask("sought" if seeking else "made", text)
        asked[one.shown] = max(asked.get(one.shown, one), one, key=lambda each: each.first)
        if seeking:
            target(one.first, label="CPU ms")

    look()
    return list(asked.values())

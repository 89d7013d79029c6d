"""Notes of any number for benches: real sections, and beyond them new ones made of their paragraphs.

A new note takes the length of one real section and its paragraphs from others of the same language, so the
frequencies of words grow with the collection as those of real text do. Half of the words that stand in one real
section only become words of their own, and each note brings a name and a number of its own, so that the
vocabulary grows too. Everything follows from the seed.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from pathlib import Path

from kb.markdown import Heading, render
from kb.search.interface import SearchDocument

HAN = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile(r"\b[a-z]{4,}\b")
START = datetime(2026, 1, 1, tzinfo=UTC)
HANDOVERS = 20
SCOPES = frozenset(f"h:bench{number}" for number in range(HANDOVERS))
KINDS = ("procedure", "pitfall", "case")
IMPORTANCE = ("critical", "high", "normal", "low")
MODULES = tuple(f"Module {number}" for number in range(12))


@dataclass(frozen=True)
class Note:
    """One note as it is shown and searched; `outline` as kb.markdown gives it."""

    number: int
    title: str
    body: str
    outline: tuple[Heading, ...]
    kind: str
    module: str
    tags: tuple[str, ...]

    def document(self) -> SearchDocument:
        handover = f"bench{self.number % HANDOVERS}"
        return SearchDocument(
            id=f"note:{self.number}", type="note", handover=handover, scopes=(f"h:{handover}",),
            title=self.title, updated_at=START + timedelta(minutes=self.number), note_id=str(self.number),
            kind=self.kind, headings=tuple(heading.text for heading in self.outline), body=self.body,
            tags=self.tags, modules=(self.module,), author=f"author{self.number % 40}@example.com",
            importance=IMPORTANCE[self.number % 7 % 4], language="zh-Hans" if HAN.search(self.body) else "en",
        )  # fmt: skip


class Sections:
    """The real sections, shuffled once and for all."""

    def __init__(self, path: Path) -> None:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            self.rows = [json.loads(line) for line in lines]
        random.Random(7).shuffle(self.rows)

    @cached_property
    def bodies(self) -> list[tuple[str, tuple[Heading, ...]]]:
        """Each as it reads when rendered, and its headings."""
        made = (render(row["text"]) for row in self.rows)
        return [(one.text, one.outline) for one in made]

    @cached_property
    def chinese(self) -> list[bool]:
        return [bool(HAN.search(text)) for text, _outline in self.bodies]

    @cached_property
    def once(self) -> frozenset[str]:
        """Latin words that stand in one section only."""
        counts: Counter[str] = Counter()
        for text, _outline in self.bodies:
            counts.update(set(LATIN.findall(text.lower())))
        return frozenset(word for word, count in counts.items() if count == 1)

    def recombined(self, number: int) -> tuple[str, str]:
        """Title and body of a new note."""
        pick = random.Random(number)
        model = pick.randrange(len(self.rows))
        length, same = len(self.bodies[model][0]), self.chinese[model]
        parts: list[str] = []
        size = 0
        while size < length:
            donor = pick.randrange(len(self.rows))
            paragraphs = self.bodies[donor][0].split("\n")
            if self.chinese[donor] != same:
                continue
            at = pick.randrange(len(paragraphs))
            taken = "\n".join(paragraphs[at : at + pick.randint(1, 3)])[: length - size]
            parts.append(taken)
            size += len(taken) + 1
        return self.rows[model]["title"], self._own(pick, "\n".join(parts), same, number)

    def _own(self, pick: random.Random, text: str, chinese: bool, number: int) -> str:
        """Give the text words that no other has."""

        def coin(match: re.Match[str]) -> str:
            if match[0] not in self.once or pick.random() < 0.5:
                return match[0]
            return match[0] + "".join(pick.choices("aeiounrst", k=3))

        made = LATIN.sub(coin, text)
        pool = HAN.findall(text[:400]) if chinese else []
        name = "".join(pick.choices(pool, k=3)) if pool else "".join(pick.choices("abdeiklmnorstu", k=8))
        return f"{made}\n{name} TB{number:08d}"


def notes(sections: Sections, number: int) -> Iterator[Note]:
    """So many notes; the first ones are the same whatever the number."""
    real = len(sections.rows)
    for at in range(number):
        pick = random.Random(-at)
        if at < real:
            title = sections.rows[at]["title"]
            body, outline = sections.bodies[at] if number >= real else _rendered(sections, at)
        else:
            (title, body), outline = sections.recombined(at), ()
        module = MODULES[min(int(pick.expovariate(0.3)), len(MODULES) - 1)]
        tags = tuple(
            dict.fromkeys(f"tag{int(pick.paretovariate(0.6)) % 200}" for _ in range(pick.randrange(4)))
        )
        kind = pick.choices(KINDS, (6, 3, 1))[0]
        yield Note(at, title or f"Section {at}", body, outline, kind, module, tags)


def _rendered(sections: Sections, at: int) -> tuple[str, tuple[Heading, ...]]:
    made = render(sections.rows[at]["text"])
    return made.text, made.outline


def batches(stream: Iterator[Note], size: int = 500) -> Iterator[list[Note]]:
    while batch := list(islice(stream, size)):
        yield batch

"""Known-item searches: what somebody types who has a page in mind, made from titles and sub-headings."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Made = tuple[str, frozenset[str]] | None  # what is typed, and the pages that are right
HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[a-z]+")
HEADING = re.compile(r"(?m)^#{1,6}[ \t]+(\S.*?)[ \t#]*$")
FENCE = re.compile(r"(?ms)^(```|~~~).*?^\1")
TIDY = (
    (re.compile(r"<(\w+)[^>]*>.*?</\1>|<[^>]*>|\{[^}]*\}"), ""),
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"[`*_\\]{1,3}(?=\W|$)|(?<!\w)[`*_\\]{1,3}|\u200b"), ""),
    (re.compile(r"\s+"), " "),
)


def plain(heading: str) -> str:
    """A title or heading as a reader sees it."""
    for pattern, instead in TIDY:
        heading = pattern.sub(instead, heading)
    return heading.strip(" :#")


@dataclass(frozen=True)
class Page:
    """A page to be found; `text` is Markdown, `headings` do not hold the title."""

    id: str
    title: str
    headings: tuple[str, ...]
    text: str

    @cached_property
    def chinese(self) -> bool:
        return len(HAN.findall(self.title + self.text)) > 30

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Title and headings as they are compared."""
        return tuple(name.lower() for name in (self.title, *self.headings))


@dataclass(frozen=True)
class Search:
    """What is typed, and the ids of all pages that are right."""

    kind: str
    text: str
    right: frozenset[str]


def _page(id: str, title: str, text: str) -> Page:
    title = plain(title)[:200] or "-"
    headings = (plain(found) for found in HEADING.findall(FENCE.sub("", text)))
    return Page(id, title, tuple(name for name in headings if name and name != title), text)


def read_pages(path: Path, *, whole_files: bool) -> list[Page]:
    """Every section a page, or the sections of a file joined under their headings as one page."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    if not whole_files:
        return [_page(row["id"], row["title"], row["text"]) for row in rows]
    files: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for row in rows:
        name, _, number = row["id"].rpartition("#")
        files[name].append((int(number), row["title"], row["text"]))
    pages = []
    for name, parts in files.items():
        (_, title, text), *others = sorted(parts)[:12]
        joined = "\n\n".join([text, *(f"## {plain(head)}\n\n{below}" for _, head, below in others)])
        pages.append(_page(name, title, joined))
    return pages


def choose(pages: list[Page], english: int, chinese: int, pick: random.Random) -> list[Page]:
    """So many pages of each language; those with sub-headings first, for they are few among sections."""
    shuffled = sorted(pages, key=lambda page: page.id)
    pick.shuffle(shuffled)
    shuffled.sort(key=lambda page: not page.headings)
    sides: dict[bool, list[Page]] = {False: [], True: []}
    for page in shuffled:
        if page.chinese or not HAN.search(page.title + page.text):
            sides[page.chinese].append(page)
    with_headings = {side: sum(bool(page.headings) for page in found) for side, found in sides.items()}
    chosen = []
    for side, number in ((False, english), (True, chinese)):
        first = min(with_headings[side], number // 2)
        chosen += sides[side][:first] + sides[side][with_headings[side] :][: number - first]
        missing = number - first - len(sides[side][with_headings[side] :][: number - first])
        chosen += sides[side][first : first + missing]
    return chosen


class Shelf:
    """The pages of one language, whose names are searched for among all pages."""

    MOST_RIGHT = 3  # a name that more pages share finds nobody's page

    def __init__(self, pages: list[Page], every: list[Page], pick: random.Random) -> None:
        self.pages = pages
        self.every = every
        self.pick = pick

    def holding(self, matches: Callable[[str], bool]) -> frozenset[str]:
        """The pages one of whose names matches."""
        return frozenset(page.id for page in self.every if any(map(matches, page.names)))

    def shuffled(self, *, headings: bool = False) -> Iterator[str]:
        """Titles, or sub-headings, each once, in an order of the seed."""
        names = [name for page in self.pages for name in (page.headings if headings else (page.title,))]
        names = sorted(set(names))
        self.pick.shuffle(names)
        yield from names

    def build(
        self, kind: str, number: int, make: Callable[[str], tuple[str, frozenset[str]] | None],
        *, headings: bool = False,
    ) -> list[Search]:  # fmt: skip
        """The first so many sensible searches of a kind, none twice."""
        found: dict[str, Search] = {}
        for name in self.shuffled(headings=headings):
            made = make(name)
            if made and 1 <= len(made[1]) <= self.MOST_RIGHT:
                found.setdefault(made[0], Search(kind, *made))
            if len(found) == number:
                break
        return list(found.values())

    @cached_property
    def words(self) -> frozenset[str]:
        """Every Latin word of the texts; a slip that makes another of them is no misspelling."""
        return frozenset(
            word for page in self.every for word in LATIN.findall(f"{page.title} {page.text}".lower())
        )

    @cached_property
    def letters(self) -> Counter[str]:
        """How often each character stands in the texts."""
        return Counter(char for page in self.pages for char in page.title + page.text)

    @cached_property
    def pairs(self) -> Counter[str]:
        """How often each pair of Han stands in the texts."""
        return Counter(
            page.text[i : i + 2]
            for page in self.pages
            for i in range(len(page.text) - 1)
            if HAN.match(page.text[i]) and HAN.match(page.text[i + 1])
        )

"""The parts of a query after reading: what to look up, what to leave out, what to mark."""

from __future__ import annotations

from dataclasses import dataclass

from kb.search.analysis import bigrams, stem
from kb.search.asking import STOP_WORDS


@dataclass(frozen=True)
class Word:
    """A Latin word, folded but not stemmed."""

    text: str

    @property
    def units(self) -> int:
        return 1

    def within(self, budget: int) -> Word | None:
        """The leaf cut down to so many index terms, or None if nothing is left."""
        return self if budget >= 1 else None

    def steps(self) -> tuple[tuple[str, int], ...]:
        """The index terms that must follow each other, each with its offset in positions."""
        return ((stem(self.text), 0),)

    @property
    def width(self) -> int:
        """How many positions it takes up in a text."""
        return 1


@dataclass(frozen=True)
class Run:
    """An unbroken run of Han characters, in this order."""

    text: str

    @property
    def units(self) -> int:
        return max(1, len(self.text) - 1)

    def within(self, budget: int) -> Run | None:
        return Run(self.text[: budget + 1]) if budget >= 1 else None

    def steps(self) -> tuple[tuple[str, int], ...]:
        return tuple((pair, i) for i, pair in enumerate(bigrams(self.text)))

    def placed(self) -> tuple[tuple[str, int], ...]:
        """Those of the steps whose places the index keeps."""
        return self.steps() if len(self.text) > 1 else ()

    @property
    def width(self) -> int:
        return len(self.text)


@dataclass(frozen=True)
class Sequence:
    """Words and runs that follow each other; strict (quoted) ones match only so, others also in part."""

    parts: tuple[Word | Run, ...]
    strict: bool

    @property
    def units(self) -> int:
        return sum(part.units for part in self.parts)

    def within(self, budget: int) -> Sequence | None:
        kept: list[Word | Run] = []
        for part in self.parts:
            cut = part.within(budget)
            if cut is None:
                break
            kept.append(cut)
            budget -= cut.units
        return Sequence(tuple(kept), self.strict) if kept else None

    @property
    def identifies(self) -> bool:
        """Whether it is something like an order number: words joined, with digits in them, and no Han."""
        if self.strict or any(isinstance(part, Run) for part in self.parts):
            return False
        return any(char.isdigit() for part in self.parts for char in part.text)

    @property
    def telling(self) -> tuple[Word | Run, ...]:
        """The parts that say something by themselves: of an order number not the short letters in it."""
        if not self.identifies:
            return self.parts
        long = tuple(part for part in self.parts if len(part.text) > 2 or not part.text.isalpha())
        return long or self.parts

    def steps(self) -> tuple[tuple[str, int], ...]:
        found: list[tuple[str, int]] = []
        offset = 0
        for part in self.parts:
            found.extend((term, offset + at) for term, at in part.steps())
            offset += part.width
        return tuple(found)

    def placed(self) -> tuple[tuple[str, int], ...]:
        """Those of the steps whose places the index keeps: single Han beside words have them, others not."""
        found: list[tuple[str, int]] = []
        offset = 0
        for at, part in enumerate(self.parts):
            beside = self.parts[max(0, at - 1) : at + 2]
            if isinstance(part, Word) or len(part.text) > 1 or any(isinstance(one, Word) for one in beside):
                found.extend((term, offset + step) for term, step in part.steps())
            offset += part.width
        return tuple(found)


@dataclass(frozen=True)
class Prefix:
    """The beginning of a Latin word, typed with a star behind it."""

    text: str

    @property
    def units(self) -> int:
        return 8

    def within(self, budget: int) -> Prefix | None:
        return self if budget >= self.units else None


Leaf = Word | Run | Sequence | Prefix


AS_GOOD = 0.75  # another way to say a clause, from this weight up, counts as having it whole


@dataclass(frozen=True)
class Other:
    """Another way to say a clause: found too, worth at most `weight` (0 to 1) times as much."""

    leaf: Leaf
    weight: float


@dataclass(frozen=True)
class Clause:
    """One part of a query; with `title` it must stand in the title."""

    leaf: Leaf
    negated: bool = False
    title: bool = False
    others: tuple[Other, ...] = ()

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """All ways to say it, as typed first."""
        return (self.leaf, *(other.leaf for other in self.others))

    @property
    def named(self) -> bool:
        """Whether another way as good as this one says all of it, not only one word of a longer run."""
        return any(other.weight >= AS_GOOD and not self._keeps_a_part(other.leaf) for other in self.others)

    def _keeps_a_part(self, leaf: Leaf) -> bool:
        own, parts = self.leaf, leaf.parts if isinstance(leaf, Sequence) else ()
        return isinstance(own, Run) and any(isinstance(part, Run) and part.text in own.text for part in parts)


@dataclass(frozen=True)
class FieldTerm:
    """A typed filter such as kind:case; the value is folded."""

    name: str
    value: str
    negated: bool = False


@dataclass(frozen=True)
class Marks:
    """What to mark in a text: stems of words, beginnings of words, runs of Han, each folded."""

    stems: frozenset[str]
    prefixes: frozenset[str]
    runs: frozenset[str]


@dataclass(frozen=True)
class Query:
    """A query as read; `source` is what was typed."""

    source: str
    clauses: tuple[Clause, ...] = ()
    fields: tuple[FieldTerm, ...] = ()

    @property
    def wanted(self) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if not clause.negated)

    @property
    def unwanted(self) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if clause.negated)

    @property
    def lists_all(self) -> bool:
        """Nothing was asked but filters: everything they let through, newest first."""
        typed = any(not field.negated for field in self.fields)
        return not self.wanted and (typed or not self.source.strip())

    def terms_for_marking(self) -> Marks:
        """The wanted words, beginnings and runs, said in any way, as they are looked for when a text is marked."""
        stems: set[str] = set()
        prefixes: set[str] = set()
        runs: set[str] = set()
        for clause in self.wanted:
            others = [part for other in clause.others for part in _said(other.leaf) if not _is_small(part)]
            for part in (*_said(clause.leaf), *others):
                if isinstance(part, Word):
                    stems.add(stem(part.text))
                elif isinstance(part, Prefix):
                    prefixes.add(part.text)
                else:
                    runs.add(part.text)
        return Marks(frozenset(stems), frozenset(prefixes), frozenset(runs))


def _said(leaf: Leaf) -> tuple[Word | Run | Prefix, ...]:
    return leaf.parts if isinstance(leaf, Sequence) else (leaf,)


def _is_small(part: Word | Run | Prefix) -> bool:
    """Whether it is a word such as the "is" of "site is down", which would be marked all over a text."""
    return isinstance(part, Word) and part.text in STOP_WORDS

"""The glossary in memory: groups of words that mean the same, found by any of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.search.glossary.wordings import Key, Wording, wording
from kb.search.query import Run


@dataclass(frozen=True, slots=True)
class _Group:
    """One group and what looking it up needs of it, worked out once."""

    words: tuple[Wording, ...]
    keys: tuple[Key, ...]
    runs: tuple[str, ...]

    @classmethod
    def of(cls, written: Iterable[str]) -> _Group:
        words = tuple([wording(word) for word in written])
        keys = dict.fromkeys(one.key for one in words if one.key)
        runs = tuple([one.leaf.text for one in words if isinstance(one.leaf, Run) and len(one.leaf.text) > 1])
        return cls(words, tuple(keys), runs)


@dataclass(frozen=True)
class Glossary:
    """Groups of words that mean the same, ready to be looked up; never changed."""

    # By the words and runs of a term: the groups that hold it.
    groups: dict[Key, tuple[tuple[Wording, ...], ...]]
    runs: dict[int, frozenset[str]]  # terms that are one run of Han, by their length from 2 up
    longest: int  # words and runs in the longest term
    known: dict[tuple[str, ...], _Group]  # by its words as people wrote them

    @classmethod
    def of(cls, groups: Iterable[Iterable[str]], before: Glossary | None = None) -> Glossary:
        """Made of groups of words as people wrote them; those that stood in it `before` are not read again."""
        old = before.known if before else {}
        known = {written: old.get(written) or _Group.of(written) for written in map(tuple, groups)}
        found: dict[Key, tuple[tuple[Wording, ...], ...]] = {}
        runs: dict[int, set[str]] = {}
        for group in known.values():
            alone = (group.words,)
            for key in group.keys:
                found[key] = found[key] + alone if key in found else alone
            for run in group.runs:
                runs.setdefault(len(run), set()).add(run)
        by_length = {length: frozenset(runs[length]) for length in sorted(runs, reverse=True)}
        return cls(found, by_length, max(map(len, found), default=0), known)

    def synonyms(self, key: Key) -> Iterator[Wording]:
        """What else means the same, in the order in which people wrote it down."""
        for group in self.groups.get(key, ()):
            yield from (one for one in group if one.key != key)

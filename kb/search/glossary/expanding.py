"""Queries said in the team's other words too: every clause gets what the glossary says means the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kb.search.glossary.book import Glossary
from kb.search.glossary.wordings import Key, Parts, Wording, glued, holds, key_of, leaf_of, parts_of
from kb.search.query import Clause, Leaf, Other, Query, Run, Sequence, Word

WEIGHT = 0.9  # a synonym counts, the word as typed counts more
MOST_OTHERS = 12  # for one clause
MOST_UNITS = 64  # index terms looked up for all synonyms of one query
LONGEST_SPAN = 8  # clauses that one term may span


class _Budget:
    """What one query may still look up, and what it was widened by, as people wrote it."""

    def __init__(self, typed: Iterable[Key]) -> None:
        self.units = MOST_UNITS
        self.said: dict[str, None] = {}
        self.typed = frozenset(typed)

    def take(self, leaf: Leaf) -> bool:
        if leaf.units > self.units:
            return False
        self.units -= leaf.units
        return True

    def say(self, one: Wording) -> None:
        """A word that was typed anyway need not be said again."""
        if one.key not in self.typed:
            self.said[one.word] = None


def expand(query: Query, glossary: Glossary) -> tuple[Query, tuple[str, ...]]:
    """The query with synonyms as `others` of its clauses, and those synonyms as people wrote them.

    A term of several words that stands in several clauses gives its synonyms to each of them: a text that
    says 客服 then answers both `customer` and `service`, while texts with the two words apart are found as
    before. What is left out (-refund) is left out as it was typed: 退款 -refund wants the Chinese notes.
    """
    if not glossary.groups:
        return query, ()
    clauses = query.clauses
    spans = list(_spans(clauses, glossary))
    budget = _Budget(key for _first, _last, key in spans)
    others: list[dict[Leaf, None]] = [{} for _ in clauses]
    for first, last, key in spans:
        for one in glossary.synonyms(key):
            _give(one.leaf, one, clauses[first:last], others[first:last], budget)
    for clause, found in zip(clauses, others, strict=True):
        if isinstance(clause.leaf, Run) and not clause.negated and not found:
            for leaf, used in _within(clause.leaf.text, glossary):
                for one in used:
                    _give(leaf, one, (clause,), [found], budget)
    widened = tuple(
        replace(clause, others=clause.others + tuple(Other(leaf, WEIGHT) for leaf in found))
        if found
        else clause
        for clause, found in zip(clauses, others, strict=True)
    )
    return replace(query, clauses=widened), tuple(budget.said)


def _give(
    leaf: Leaf, one: Wording, clauses: Iterable[Clause], others: list[dict[Leaf, None]], budget: _Budget
) -> None:
    """Put one more wording to each of the clauses, as far as there is room for it."""
    for clause, found in zip(clauses, others, strict=True):
        if not holds(leaf, clause.leaf) and (
            leaf in found or (len(found) < MOST_OTHERS and budget.take(leaf))
        ):
            found[leaf] = None
            budget.say(one)


def _spans(clauses: tuple[Clause, ...], glossary: Glossary) -> Iterator[tuple[int, int, Key]]:
    """Where terms of the glossary stand: first clause, the one after the last, and the term's key.

    A quoted phrase stands for itself; words side by side may be one term.
    """
    parts = [parts_of(clause.leaf) for clause in clauses]
    for first, clause in enumerate(clauses):
        if clause.negated:
            continue
        alone = isinstance(clause.leaf, Sequence) and clause.leaf.strict
        joined: Parts = ()
        for last in range(first, first + 1 if alone else min(len(clauses), first + LONGEST_SPAN)):
            if last > first and not _side_by_side(clause, clauses[last]):
                break
            joined += parts[last]
            if len(joined) > glossary.longest + LONGEST_SPAN:
                break
            key = key_of(joined)
            if key in glossary.groups:
                yield first, last + 1, key


def _side_by_side(one: Clause, other: Clause) -> bool:
    quoted = isinstance(other.leaf, Sequence) and other.leaf.strict
    return one.title == other.title and not other.negated and not quoted


def _within(text: str, glossary: Glossary) -> Iterator[tuple[Leaf, tuple[Wording, ...]]]:
    """A run of Han with the terms in it said otherwise, and the wordings that were put in.

    退款审批 becomes "refund 审批" and, where 审批 = approval is known too, "refund approval": the rest of the
    run stays. `refund` alone would count every text about refunds as a full answer; two clauses 退款 and
    审批 would count a text that has both far apart as much as one with the words together. The parts are
    one sequence that is not strict, so a text with all of them together is a whole answer, and
    one with some of them is still found, below the whole ones. Of terms that overlap the longest counts, from the
    left, as a reader would take them apart.
    """
    pieces = _cut(text, glossary)
    found = [list(glossary.synonyms((piece.text,))) if known else [] for piece, known in pieces]
    for nth in range(max(map(len, found), default=0)):
        chosen = [words[nth] if nth < len(words) else None for words in found]
        yield _said(pieces, chosen)
        if sum(map(bool, chosen)) > 1:  # one term said otherwise, the others as typed
            for at, word in enumerate(chosen):
                if word is not None:
                    yield _said(pieces, [word if at == n else None for n in range(len(chosen))])


def _said(pieces: list[tuple[Run, bool]], chosen: list[Wording | None]) -> tuple[Leaf, tuple[Wording, ...]]:
    parts: list[Word | Run] = []
    for (piece, _known), word in zip(pieces, chosen, strict=True):
        if word and parts and _begins_with(word.parts[0], parts[-1]):
            parts.pop()  # 网站宕机 is 网站打不开, not 网站网站打不开
        parts += word.parts if word else (piece,)
    return leaf_of(glued(parts), strict=False), tuple(word for word in chosen if word)


def _begins_with(said: Word | Run, before: Word | Run) -> bool:
    """Whether a wording says what stands before it once more."""
    return isinstance(said, Run) and isinstance(before, Run) and said.text.startswith(before.text)


def _cut(text: str, glossary: Glossary) -> list[tuple[Run, bool]]:
    """The run in pieces: terms of the glossary (True) and what stands between them (False)."""
    pieces: list[tuple[Run, bool]] = []
    rest = at = 0
    while at < len(text):
        length = next((n for n, terms in glossary.runs.items() if text[at : at + n] in terms), 0)
        if length:
            if rest < at:
                pieces.append((Run(text[rest:at]), False))
            pieces.append((Run(text[at : at + length]), True))
            rest = at + length
        at += length or 1
    if rest < len(text):
        pieces.append((Run(text[rest:]), False))
    return pieces

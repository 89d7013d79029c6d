"""Also searched for: what an unknown word may stand for, found too and ranked below what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from kb.search.analysis import bigrams, stem
from kb.search.interface import Lexicon
from kb.search.query import Clause, Leaf, Other, Query, Run, Sequence, Word
from kb.search.spelling import latin
from kb.search.spelling.codes import coded
from kb.search.spelling.evidence import explained
from kb.search.spelling.inflected import inflected
from kb.search.spelling.placing import named, side_by_side, typed
from kb.search.spelling.readings import frequency, read, spelt_apart
from kb.search.spelling.repairing import repaired
from kb.search.spelling.scope import Scope
from kb.search.spelling.sounds import homophones

# Weights: the same word otherwise written; what must have been meant; perhaps another word.
READING, REPAIR, GUESS = 0.9, 0.7, 0.5
MOST_OTHERS = 12  # per query
MOST_EXAMINED = 6  # unknown words per query
MOST_TWICE = 2  # of them with two slips
MOST_READINGS, MOST_NEAR, MOST_PARTS, MOST_HOMOPHONES = 3, 2, 6, 2
SHORT = 3  # letters of a word that is too common a syllable to be read, or a part of too many
RARE = 3  # documents with a word that may yet be looked for as a part of others
MOST_JOINED = 8  # pairs of words tried as one
MOST_TYPED = 300  # characters; what is longer was pasted
# log in, set up, hand over: one word as a noun
PARTICLES = frozenset({"in", "out", "up", "on", "off", "over", "down", "back", "through", "board", "line"})

Found = dict[int, list[Other]]


def widen(query: Query, lexicon: Lexicon) -> tuple[Query, tuple[str, ...]]:
    """The query with other ways to say its unknown clauses, and these as shown; nothing is taken away."""
    scope = Scope(lexicon)
    found: Found = {}
    query = coded(query, scope)
    clauses = list(query.clauses)
    names = named(query.source)
    _syllables_apart(clauses, scope, found)
    if len(query.source) <= MOST_TYPED:
        _joined(query, scope, found)
    left = [
        (at, clause)
        for at, clause in enumerate(clauses)
        if not clause.negated
        and at not in found
        and not explained(clause)
        and text_of(clause.leaf) not in names
    ]

    def alone(at: int) -> bool:
        return not any(_is_there(one, scope) for i, one in enumerate(clauses) if i != at)

    unknown = [(at, clause.leaf) for at, clause in left if not _known(clause.leaf, scope)][:MOST_EXAMINED]
    for examined, (at, leaf) in enumerate(unknown):
        found[at] = list(_others(leaf, scope, _Room(examined < MOST_TWICE, alone(at))))
    words = [(at, clause.leaf) for at, clause in left if at not in found and isinstance(clause.leaf, Word)]
    for at, word in words:
        found[at] = list(_readings(word, scope))
    rare = [(at, one) for at, one in words if not found[at] and 0 < scope.found(one.text) <= RARE]
    for at, word in rare[: MOST_EXAMINED - len(unknown)]:
        found[at] = list(_longer(word, scope)) if alone(at) else []
    return _with(query, found)


def _with(query: Query, found: Found) -> tuple[Query, tuple[str, ...]]:
    """The query with what was found, the first of each clause before the second of any."""
    left = MOST_OTHERS
    kept: dict[int, list[Other]] = {}
    for rank in range(max((len(others) for others in found.values()), default=0)):
        for at, others in found.items():
            if rank < len(others) and left:
                kept.setdefault(at, []).append(others[rank])
                left -= 1
    clauses = tuple(
        replace(clause, others=(*clause.others, *_new(kept.get(at, ()), clause)))
        for at, clause in enumerate(query.clauses)
    )
    shown = dict.fromkeys(text_of(other.leaf) for at in sorted(kept) for other in kept[at])
    return (replace(query, clauses=clauses) if kept else query), tuple(shown)


def _new(others: Iterable[Other], clause: Clause) -> Iterator[Other]:
    there = {other.leaf for other in clause.others} | {clause.leaf}
    return (other for other in others if other.leaf not in there)


def text_of(leaf: Leaf) -> str:
    """A leaf as it is shown."""
    return " ".join(part.text for part in leaf.parts) if isinstance(leaf, Sequence) else leaf.text


def _known(leaf: Leaf, scope: Scope) -> bool:
    """Whether there is nothing to look for: it is written somewhere, at least in another form, or is no word."""
    if isinstance(leaf, Word):
        return scope.found(leaf.text) > 0 and (scope.written(leaf.text) > 0 or inflected(leaf.text, scope))
    if isinstance(leaf, Sequence):
        return leaf.strict or leaf.identifies or all(_known(part, scope) for part in leaf.parts)
    return not isinstance(leaf, Run)


def _readings(word: Word, scope: Scope) -> Iterator[Other]:
    """Of a word that is found: Chinese that it also is the pinyin of, if that is more frequent."""
    count = scope.found(word.text)
    if len(word.text) > SHORT and count:
        for run in read(word.text, scope, MOST_READINGS):
            if frequency(run, scope) >= count:
                yield Other(Run(run), READING)


def _longer(word: Word, scope: Scope) -> Iterator[Other]:
    """Of a word that is hardly found: longer words it may be a part of."""
    if len(word.text) > SHORT and latin.is_word(word.text):
        for longer in latin.parts(word.text, scope, MOST_PARTS):
            if stem(longer) != stem(word.text):
                yield Other(Word(longer), GUESS)


class _Room(NamedTuple):
    """How freely is guessed at a word: whether it may have two slips, whether no other word is found."""

    twice: bool
    alone: bool


def _others(leaf: Leaf, scope: Scope, room: _Room) -> Iterator[Other]:
    if isinstance(leaf, Word):
        yield from _of_word(leaf.text, scope, room)
    elif isinstance(leaf, Run):
        yield from _of_run(leaf.text, scope)
    elif isinstance(leaf, Sequence):
        room = _Room(room.twice, room.alone and not any(_is_found(part, scope) for part in leaf.parts))
        for at, part in enumerate(leaf.parts):
            if not _known(part, scope):
                others = list(_others(part, scope, room))
                for other in others:
                    if isinstance(other.leaf, (Word, Run)):
                        parts = (*leaf.parts[:at], other.leaf, *leaf.parts[at + 1 :])
                        yield Other(Sequence(parts, strict=False), other.weight)
                if others:
                    return


def _is_there(clause: Clause, scope: Scope) -> bool:
    """Whether anything can be found by a clause already."""
    return not clause.negated and any(_is_found(leaf, scope) for leaf in clause.leaves)


def _is_found(leaf: Leaf, scope: Scope) -> bool:
    if isinstance(leaf, Sequence):
        return any(_is_found(part, scope) for part in leaf.parts)
    if isinstance(leaf, Run):
        return any(scope.count(pair) for pair in bigrams(leaf.text))
    return isinstance(leaf, Word) and scope.found(leaf.text) > 0


def _of_word(word: str, scope: Scope, room: _Room) -> Iterator[Other]:
    """Readings; then near words and longer ones, each stem once; then the two words it may be.

    Beside words that are found, only words very near.
    """
    readings = read(word, scope, MOST_READINGS)
    yield from (Other(Run(run), READING) for run in readings)
    near = [] if readings else latin.near(word, scope, twice=room.twice and room.alone)
    if not room.alone:
        near = [one for one in near if one[0] == word[0]]
    guesses = {stem(word): ""}
    for one in (*near[:MOST_NEAR], *(latin.parts(word, scope, MOST_PARTS) if room.alone else ())):
        guesses.setdefault(stem(one), one)
    yield from (Other(Word(one), GUESS) for one in guesses.values() if one)
    halves = latin.split(word, scope) if not near else None
    if halves:
        yield Other(Sequence((Word(halves[0]), Word(halves[1])), strict=False), GUESS)


def _of_run(run: str, scope: Scope) -> Iterator[Other]:
    """What it must have been, or else what it may have been."""
    if len(run) == 2:
        found = [] if scope.count(run) else homophones(run, scope, MOST_HOMOPHONES)
        yield from (Other(Run(one), REPAIR if len(found) == 1 else GUESS) for one in found)
    elif (sure := repaired(run, scope, sure=True)) is not None:
        yield Other(Run(sure), REPAIR)
    elif (likely := repaired(run, scope, sure=False)) is not None:
        yield Other(Run(likely), GUESS)


def _syllables_apart(clauses: list[Clause], scope: Scope, found: Found) -> None:
    """Pinyin typed with spaces, tui kuan: each of the words may stand for what they are together."""
    words = [text_of(one.leaf) if isinstance(one.leaf, Word) and not one.negated else "" for one in clauses]
    for places, runs in spelt_apart(words, scope, MOST_READINGS):
        for at in places:
            found[at] = [Other(Run(run), READING) for run in runs]


def _joined(query: Query, scope: Scope, found: Found) -> None:
    """Two words that are written as one elsewhere: log in and login."""
    places = {clause.leaf: at for at, clause in enumerate(query.clauses) if not clause.negated}
    place = typed(query.source)
    tried = 0
    for index, (one, two) in enumerate(zip(place.pieces, place.pieces[1:], strict=False)):
        at = places.get(Word(one.text), places.get(Word(two.text)))
        if at is None or tried == MOST_JOINED or index in place.quoted or not side_by_side(one, two):
            continue
        if two.text in PARTICLES or not scope.found(one.text) or not scope.found(two.text):
            tried += 1
            word = one.text + two.text
            if latin.is_word(word) and scope.candidate_word(word):
                found.setdefault(at, []).append(Other(Word(word), GUESS))

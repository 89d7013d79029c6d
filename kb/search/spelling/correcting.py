"""Did you mean: the whole query as it should have been typed, with only the wrong words replaced."""

from __future__ import annotations

from collections.abc import Iterator

from kb.search.analysis import Piece
from kb.search.interface import Lexicon
from kb.search.query import Query, Run, Sequence, Word
from kb.search.spelling import latin
from kb.search.spelling.evidence import explained, is_usual
from kb.search.spelling.inflected import inflected
from kb.search.spelling.placing import Change, Typed, in_script_of, replaced, side_by_side, typed
from kb.search.spelling.readings import frequency, read, spelt_apart
from kb.search.spelling.repairing import repaired
from kb.search.spelling.scope import Scope
from kb.search.spelling.vocabulary import is_chinese

MOST_TYPED = 300  # characters; what is longer was pasted, not typed
MOST_UNITS = 16  # words and runs
MOST_EXAMINED = 6  # unknown words and runs for which others are looked for
RARE = 2  # documents that hold a word which may yet be a slip made there
RARER = 100  # times rarer than the other word
READ_RATHER = 3  # times more frequent must a near word be than Chinese that is pronounced as typed
LONG_ENOUGH = 6  # letters of a word in which swapped letters are seen
LONG = 10  # of one in which any slip is, but for its end


def suggest(query: Query, lexicon: Lexicon) -> str | None:
    """What was probably meant, or None; every word that differs is in a document the caller may read."""
    units = wrongable(query)
    if not units or len(units) > MOST_UNITS or len(query.source) > MOST_TYPED:
        return None
    scope = Scope(lexicon)
    place = typed(query.source)
    changes = list(_joined(place, scope))
    taken = {at for start, end, _ in changes for at in range(start, end)}
    taken |= place.names
    words = ["" if piece.han else piece.text for piece in place.pieces]
    for places, _ in spelt_apart(words, scope, 1):
        taken |= {place.pieces[at].start for at in places}
    meant = _meant([unit for unit in units if not _within(unit, place, taken)], scope)
    changes += _changes(place, meant, taken)
    alike = in_script_of(query.source, changes)
    text = query.source if alike is None else replaced(query.source, place.folded, alike)
    return text if text != query.source else None


def wrongable(query: Query) -> list[Word | Run]:
    """The words and runs that may be misspelt: wanted, in no order number, without synonyms."""
    found: dict[Word | Run, None] = {}
    for clause in query.wanted:
        if explained(clause):
            continue
        leaf = clause.leaf
        if isinstance(leaf, (Word, Run)):
            found[leaf] = None
        elif isinstance(leaf, Sequence) and not leaf.identifies:
            found.update(dict.fromkeys(leaf.parts))
    return list(found)


def _within(unit: Word | Run, place: Typed, taken: set[int]) -> bool:
    return any(piece.text == unit.text and piece.start in taken for piece in place.pieces)


def _meant(units: list[Word | Run], scope: Scope) -> dict[str, str]:
    """For each wrong word or run what it should be."""
    meant: dict[str, str] = {}
    examined = 0
    for unit in units:
        if examined == MOST_EXAMINED:
            break
        if isinstance(unit, Run):
            better = repaired(unit.text, scope, sure=True) or _swapped(unit.text, scope)
            examined += better is not None
        elif scope.written(unit.text) > RARE:
            continue
        else:
            examined += 1
            better = corrected(unit.text, scope)
        if better:
            meant[unit.text] = better
    return meant


def _swapped(run: str, scope: Scope) -> str | None:
    """The word of which the two characters were typed in the wrong order."""
    swapped = run[::-1]
    if len(run) != 2 or is_chinese(run) or scope.count(run) or not is_chinese(swapped):
        return None
    return swapped if is_usual(swapped, scope) else None


def corrected(word: str, scope: Scope) -> str | None:
    """The one word, or two, that a Latin word should probably be."""
    if not latin.is_word(word):
        return None
    if scope.written(word):
        return _slip_of_a_writer(word, scope)
    near = latin.near(word, scope, twice=False)
    count = scope.written(near[0]) if near else 0
    if scope.found(word) and inflected(word, scope, least=1 + count // RARER):
        return None
    if any(READ_RATHER * frequency(run, scope) >= count for run in read(word, scope, 1)):
        return None
    if near and near[0] == word[:-1] and latin.parts(word, scope, 1):
        return None  # the beginning of a longer word
    if near and near[0] == word + "s" and word[-1] != "s":
        return None
    if near:
        return near[0]
    halves = latin.split(word, scope)
    if halves:
        return " ".join(halves)
    near = latin.near(word, scope)
    return near[0] if near else None


def _slip_of_a_writer(word: str, scope: Scope) -> str | None:
    """A word that is found, but once or twice only, and is another, frequent one with one slip."""
    count = scope.written(word)
    if count > RARE or len(word) < LONG_ENOUGH:  # near() knows no other for an English word
        return None
    for other in latin.near(word, scope, twice=False)[:3]:
        swapped = len(other) == len(word) and sorted(other) == sorted(word)
        within = len(word) >= LONG and word[0] == other[0] and word[-2:] == other[-2:]
        if (swapped or within) and scope.written(other) >= RARER * count:
            return other
    return None


def _joined(place: Typed, scope: Scope) -> Iterator[Change]:
    """Two words, one of them unknown, that were one word: re fund."""
    looked = 0
    for one, two in zip(place.pieces, place.pieces[1:], strict=False):
        if looked == MOST_EXAMINED or not side_by_side(one, two):
            continue
        if (scope.found(one.text) and scope.found(two.text)) or not latin.is_word(one.text + two.text):
            continue
        looked += 1
        if scope.candidate_word(one.text + two.text):
            yield one.start, two.end, one.text + two.text


def _changes(place: Typed, meant: dict[str, str], taken: set[int]) -> Iterator[Change]:
    for piece in place.pieces:
        if piece.start in taken:
            continue
        if piece.han:
            yield from _in_run(piece, meant)
        elif piece.text in meant:
            yield piece.start, piece.end, meant[piece.text]


def _in_run(piece: Piece, meant: dict[str, str]) -> Iterator[Change]:
    """The characters of a run that should be others."""
    for run, better in meant.items():
        at = piece.text.find(run)
        if at >= 0:
            for i, (old, new) in enumerate(zip(run, better, strict=False), piece.start + at):
                if old != new:
                    yield i, i + 1, new

"""What of a query stands nowhere the caller may read, as it was typed: hits then answer only the rest of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kb.search.analysis import exact, stem
from kb.search.asking import STOP_WORDS, only_asks
from kb.search.interface import Lexicon
from kb.search.query import AS_GOOD, Clause, Leaf, Prefix, Query, Run, Sequence, Word
from kb.search.spelling.placing import Typed, typed

MOST_TYPED = 300  # characters; what is longer was pasted, and something in it always stands nowhere
MOST_ABSENT = 6
ONE_WORD = 3  # Han: of a run up to so long no character says anything by itself
MOST_BEGINNING = 20  # words looked at for an unfinished one
EDGES = "的了吗呢吧啊是在有和与或及就都也"  # of a stretch: they belong to what is around it


def absent(query: Query, lexicon: Lexicon) -> tuple[str, ...]:
    """Words, and stretches of Han, that no text in scope holds, nor anything that is as good."""
    if len(query.source) > MOST_TYPED:
        return ()
    gone = [part for clause in query.wanted for part in _of_clause(clause, lexicon)]
    if len(query.wanted) > 1:  # 走 in 退款怎么走 is no word to look for
        gone = [parts for parts in gone if not (isinstance(parts[0], Run) and len(parts[0].text) == 1)]
    if not gone:
        return ()
    place = typed(query.source)
    found = dict.fromkeys(_as_typed(query.source, parts, place) for parts in gone)
    return tuple(found)[:MOST_ABSENT]


def without_guesses(query: Query) -> Query | None:
    """The query without what may be another word; None if there is nothing of the kind in it."""
    clauses = tuple(
        replace(one, others=tuple(other for other in one.others if other.weight >= AS_GOOD))
        for one in query.clauses
    )
    return replace(query, clauses=clauses) if clauses != query.clauses else None


# What is absent: the words of a sequence, or a run of Han and where in it.
_Gone = tuple[Word | Run, ...]


def _of_clause(clause: Clause, lexicon: Lexicon) -> Iterator[_Gone]:
    leaf = clause.leaf
    if isinstance(leaf, Prefix):
        if not _begins(leaf.text, lexicon):
            yield (Word(leaf.text),)
        return
    if isinstance(leaf, Run):
        yield from ((Run(text),) for text in _stretches(leaf.text, clause, lexicon))
        return
    parts = leaf.parts if isinstance(leaf, Sequence) else (leaf,)
    gone = [part for part in parts if not _stands(part, lexicon) and not _says_nothing(part)]
    if not gone or any(_all_stand(other, lexicon) for other in _as_good(clause)):
        return
    if isinstance(leaf, Sequence) and leaf.identifies:  # part of an order number is another order
        yield parts
        return
    for part in gone:
        if isinstance(part, Run):
            yield from ((Run(text),) for text in _stretches(part.text, clause, lexicon))
        else:
            yield (part,)


def _as_good(clause: Clause) -> list[Leaf]:
    return [other.leaf for other in clause.others if other.weight >= AS_GOOD]


def _says_nothing(part: Word | Run) -> bool:
    if isinstance(part, Run):
        return only_asks(part.text)
    return part.text in STOP_WORDS or (len(part.text) == 1 and part.text.isdigit())


def _stands(part: Word | Run, lexicon: Lexicon) -> bool:
    """Whether a text in scope holds it: a word in any form, of a run each character in one of its pairs."""
    if isinstance(part, Word):
        return bool(lexicon.count(stem(part.text)) or lexicon.count(exact(part.text)))
    return all(_covered(part.text, lexicon))


def _begins(prefix: str, lexicon: Lexicon) -> bool:
    """Whether a word in scope begins so, as far as a few of them tell."""
    for words in lexicon.words():
        first = bisect_left(words, prefix)
        some = [word for word in words[first : first + MOST_BEGINNING] if word.startswith(prefix)]
        if len(some) == MOST_BEGINNING or any(_stands(Word(word), lexicon) for word in some):
            return True
    return False


def _all_stand(leaf: Leaf, lexicon: Lexicon) -> bool:
    parts = leaf.parts if isinstance(leaf, Sequence) else (leaf,)
    return not any(isinstance(part, Word | Run) and not _stands(part, lexicon) for part in parts)


def _covered(run: str, lexicon: Lexicon) -> list[bool]:
    """Which characters of a run stand somewhere beside their neighbour in it."""
    if len(run) == 1:
        return [lexicon.count(run) > 0]
    there = [lexicon.count(run[at : at + 2]) > 0 for at in range(len(run) - 1)]
    return [one or two for one, two in zip([False, *there], [*there, False], strict=True)]


def _stretches(run: str, clause: Clause, lexicon: Lexicon) -> Iterator[str]:
    """The unbroken parts of a run of which nothing stands anywhere: of 海关编码 it is 海关 where 编码 is written."""
    covered = _covered(run, lexicon)
    if all(covered):
        return
    for leaf in _as_good(clause):
        for at in _said_otherwise(run, leaf, lexicon):
            covered[at] = True
    if len(run) <= ONE_WORD:
        if not all(covered) and not only_asks(run):
            yield run
        return
    for stretch in _uncovered(run, covered):
        text = stretch.strip(EDGES)
        # A character left over, as 单 in 退款审批单, is a word of its own only if it is written nowhere at all.
        if text and not only_asks(text) and (len(text) > 1 or not lexicon.count(text)):
            yield text


def _uncovered(run: str, covered: list[bool]) -> Iterator[str]:
    start = None
    for at, there in enumerate([*covered, True]):
        if not there and start is None:
            start = at
        elif there and start is not None:
            yield run[start:at]
            start = None


def _said_otherwise(run: str, leaf: Leaf, lexicon: Lexicon) -> Iterable[int]:
    """The characters of a run that another way to say it replaces by what is written somewhere."""
    parts = leaf.parts if isinstance(leaf, Sequence) else (leaf,)
    left = set(range(len(run)))
    if _all_stand(leaf, lexicon):
        return left
    for part in parts:
        if isinstance(part, Run) and part.text in run:
            start = run.index(part.text)
            left -= set(range(start, start + len(part.text)))
        elif isinstance(part, Prefix) or not _stands(part, lexicon):
            return ()
    return left


def _as_typed(source: str, parts: _Gone, place: Typed) -> str:
    """The words or the stretch as somebody typed them, not folded."""
    texts = [part.text for part in parts]
    for first, piece in enumerate(place.pieces):
        at = piece.text.find(texts[0]) if len(texts) == 1 and piece.han else -1
        if at >= 0:
            span = piece.start + at, piece.start + at + len(texts[0])
        elif [one.text for one in place.pieces[first : first + len(texts)]] == texts:
            span = piece.start, place.pieces[first + len(texts) - 1].end
        else:
            continue
        start, end = place.folded.source(*span)
        return source[start:end]
    return " ".join(texts)

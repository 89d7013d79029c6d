"""Where the words of a query stand in a text, in positions of the text as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from kb.search.analysis import LETTER, bigrams, fold, halves, stem
from kb.search.query import Marks, Query

CHUNK = 32_000  # characters folded at a time
OVERLAP = 200
MAX_SPANS = 400
MAX_CHUNKS = 8
# In pairs of characters these carry no meaning of their own; they are marked within longer runs only.
_PARTICLES = frozenset("的了是在和与及或吗呢么这那就都也有我你他她它们什怎哪")
_SPACE = re.compile(r"\s+")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


_LETTER = re.compile(LETTER)
_BESIDE = re.compile(r"[^\w.!?;,。！？；，\n]{0,3}|[-._/:#]")  # between words that stand beside each other
_WORD = re.compile(f"{LETTER}+(?:'{LETTER}+)?")


class Span(NamedTuple):
    """A place to mark, and which part of the query stands there."""

    start: int
    end: int
    part: str


def spans(text: str, query: Query) -> list[Span]:
    """Places in source order, possibly overlapping; of a long text only the likeliest stretches are read."""
    marks = query.terms_for_marking()
    parts = len(marks.stems) + len(marks.prefixes) + len(marks.runs)
    if not parts:
        return []
    found: list[Span] = []
    met: set[str] = set()
    for offset in _offsets(text, marks):
        folded = fold(text[offset : offset + CHUNK + OVERLAP])
        for start, end, part in _in_folded(folded.text, marks):
            first, last = folded.source(start, end)
            found.append(Span(offset + first, offset + last, part))
            met.add(part)
        if len(found) >= MAX_SPANS or len(met) >= parts:
            break
    return _telling(text, sorted(set(found)), marks)


def _telling(text: str, found: list[Span], marks: Marks) -> list[Span]:
    """Without lone digits and letters, which stand everywhere: they count beside another word of the query only."""
    lone = {part for part in marks.stems if len(part) == 1}
    if not lone or len(lone) == len(marks.stems) + len(marks.prefixes) + len(marks.runs):
        return found
    kept: list[Span] = []
    chain: list[Span] = []
    for place in found:
        if chain and not _BESIDE.fullmatch(text, chain[-1].end, max(chain[-1].end, place.start)):
            kept += chain if any(one.part not in lone for one in chain) else ()
            chain = []
        chain.append(place)
    return kept + (chain if any(one.part not in lone for one in chain) else [])


def _offsets(text: str, marks: Marks) -> list[int]:
    """Where to read: those stretches first that hold most parts of the query as they are, without folding."""
    offsets = list(range(0, len(text), CHUNK))
    if len(offsets) > 1:
        literal = [*(_root(word) for word in marks.stems), *marks.prefixes, *marks.runs]
        held: dict[int, int] = {}
        for offset in offsets:
            stretch = text[offset : offset + CHUNK].lower()
            held[offset] = sum(part in stretch for part in literal)
        offsets.sort(key=lambda offset: -held[offset])
    return offsets[:MAX_CHUNKS]


def _root(word: str) -> str:
    """The letters a stem shares with its words: Porter turns y to i, puts an e back, makes -bl- of -bil-."""
    return word[:-2] if len(word) > 4 and word.isalpha() else word.rstrip("ie") or word


def _in_folded(text: str, marks: Marks) -> Iterator[Span]:
    for root in {_root(word) for word in marks.stems} | marks.prefixes:
        yield from _words(text, root, marks)
    for run in marks.runs:
        places = list(_places(text, run))
        if not places and len(run) > 2:
            pairs = [pair for pair in bigrams(run) if _PARTICLES.isdisjoint(pair)]
            places = [place for pair in dict.fromkeys(pairs) for place in _places(text, pair)]
        yield from places


def _words(text: str, root: str, marks: Marks) -> Iterator[Span]:
    """Words that begin like the root and turn out to be of the query."""
    at = text.find(root)
    while at >= 0:
        # Within order numbers, words begin where letters turn into digits as well.
        if not at or not _LETTER.match(text, at - 1) or text[at - 1].isdigit() != text[at].isdigit():
            word = _WORD.match(text, at)
            part = _part(word[0], marks) if word else None
            if word and part is not None:
                yield Span(at, word.end(), part)
        at = text.find(root, at + len(root))


def _part(word: str, marks: Marks) -> str | None:
    for term in (stem(word), *halves(word)[:1]):
        if term in marks.stems:
            return term
    return next((prefix for prefix in marks.prefixes if word.startswith(prefix)), None)


def _places(text: str, piece: str) -> Iterator[Span]:
    at = text.find(piece)
    for _ in range(MAX_SPANS):
        if at < 0:
            return
        yield Span(at, at + len(piece), piece)
        at = text.find(piece, at + 1)


def marked(text: str, places: list[Span], start: int = 0, end: int | None = None) -> str:
    """The text from start to end as HTML: escaped, one line, the places marked."""
    end = len(text) if end is None else end
    html: list[str] = []
    at = start
    for first, last in _merged(places):
        first, last = max(first, at), min(last, end)
        if first < last:
            html += [_plain(text[at:first]), "<mark>", _plain(text[first:last]), "</mark>"]
            at = last
    html.append(_plain(text[at:end]))
    return "".join(html)


def mark(text: str, query: Query) -> str:
    """A title or another short text as HTML, with the words of the query marked."""
    return marked(text, spans(text, query))


def _merged(places: list[Span]) -> Iterator[tuple[int, int]]:
    """Overlapping and touching places as one."""
    first = last = -1
    for start, end, _ in places:
        if start > last:
            if last > first:
                yield first, last
            first, last = start, end
        else:
            last = max(last, end)
    if last > first:
        yield first, last


def _plain(text: str) -> str:
    return escape(_SPACE.sub(" ", _CONTROLS.sub("", text)))

"""From text to the terms of the index, with a map from every folded character back to its source."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang.porter import stem as porter

from kb.search.han import HAN_CLASS, simplified

ANALYSER_VERSION = 2  # raise it whenever the same text would give other terms: the index is then rebuilt
MAX_WORD = 60
HAN_LENGTH = 0.6  # words that a character counts for in the length of a text
MOST_PLACES = 65_535  # of a document: what stands further back is found, but not as a phrase
NOWHERE = -1
NO_PLACES: array[int] = array("H")  # one for all terms without any; never added to
PART_GAP = 8  # positions between a title and the headings, the headings and the body
EXACT = "="  # prefix of the terms that hold a Latin word as written, beside its stem

# A character with its combining marks, or a run of Hangul letters: what must be normalised together.
_CLUSTER = re.compile("[\u1100-\u11ff]+|.[\u0300-\u036f\u3099\u309a]*", re.DOTALL)
_COMBINING = re.compile("[\u0300-\u036f\u1100-\u11ff\u3099\u309a]")
UNEVEN = "\uf8ff"  # of private use; where a text has it itself, it is looked at closely and stays
# With the character before, upon which a combining mark may stand.
_STRETCH = re.compile(f".?{UNEVEN}+", re.DOTALL)
_MARKS = re.compile("[\u0300-\u036f]")
# Zero-width characters, soft hyphen, bidirectional controls, variation selectors, byte order mark.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u2010": "-", "\u2011": "-", "\u2212": "-"})

LETTER = f"[^\\W_{HAN_CLASS}]"  # as regular expression: a letter or digit of a word
_GROUPED = r"(?<!\w)\d{1,3}(?:,\d{3})+(?!\w)"  # 2,000 is found by 2000
_PIECE = re.compile(f"(?P<han>[{HAN_CLASS}]+)|(?P<word>{_GROUPED}|{LETTER}+(?:'{LETTER}+)?)")
_HALVES = re.compile(r"\d+|[^\d]+")


@lru_cache(maxsize=20_000)
def _fold_cluster(cluster: str) -> str:
    """NFKC without accents, lower case, simplified; '' for what is invisible."""
    text = unicodedata.normalize("NFKD", _INVISIBLE.sub("", cluster))
    text = unicodedata.normalize("NFKC", _MARKS.sub("", text)).casefold().translate(_STRAIGHT)
    table = simplified()
    return "".join(table.get(char, char) for char in text)


class _FoldTable(dict[int, str]):
    """For str.translate: folds one character at a time; UNEVEN for those that do not fold to one by themselves."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _fold_cluster(char)
        if len(folded) != 1 or _COMBINING.match(char):
            folded = UNEVEN
        if len(self) < 60_000:
            self[code] = folded
        return folded


_TABLE = _FoldTable()


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; `starts[i]` and `ends[i]` bound the source of its character i."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source that became the folded span start..end (not empty)."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Fold width, case, accents and traditional characters, and drop what is invisible."""
    if text.isascii():
        return Folded(text.lower(), range(len(text)), range(1, len(text) + 1))
    folded = text.translate(_TABLE)
    if UNEVEN not in folded:
        return Folded(folded, range(len(text)), range(1, len(text) + 1))
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for stretch in (*_STRETCH.finditer(folded), None):
        even = stretch.start() if stretch else len(text)
        parts.append(folded[done:even])
        starts.extend(range(done, even))
        ends.extend(range(done + 1, even + 1))
        if stretch is None:
            break
        for match in _CLUSTER.finditer(text, even, stretch.end()):
            part = _fold_cluster(match[0])
            parts.append(part)
            starts.extend([match.start()] * len(part))
            ends.extend([match.end()] * len(part))
        done = stretch.end()
    return Folded("".join(parts), starts, ends)


@lru_cache(maxsize=4096)
def fold_value(value: str) -> str:
    """A tag, module or name, as filters compare it."""
    return " ".join(fold(value).text.split())


class Piece(NamedTuple):
    """A word, or a run of Han characters, within folded text."""

    text: str
    start: int
    end: int
    han: bool


def pieces(folded: str) -> Iterator[Piece]:
    """The words and runs of Han of folded text, in order."""
    for match in _PIECE.finditer(folded):
        yield Piece(match[0].replace(",", ""), match.start(), match.end(), match.lastgroup == "han")


@lru_cache(maxsize=16_000)
def stem(word: str) -> str:
    """The index term of a folded word (Porter 1980 for English words; others stay as they are)."""
    head, _, tail = word.partition("'")
    word = head if tail in ("", "s") else head + tail
    word = word[:MAX_WORD]
    if len(word) > 2 and word.isascii() and word.isalpha():
        return str(porter(word)) or word
    return word


def exact(word: str) -> str:
    """The index term of a word as written."""
    return EXACT + word.replace("'", "")[:MAX_WORD]


def bigrams(run: str) -> list[str]:
    """The overlapping pairs of a run of Han; a single character is itself."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


class Use:
    """How one document uses one term: weight in halves, and the places that are kept, ascending."""

    __slots__ = ("halves", "places")

    def __init__(self) -> None:
        self.halves = 0
        self.places = NO_PLACES


def index_terms(parts: Iterable[tuple[str, int]]) -> tuple[dict[str, Use], int]:
    """Every term of a document's parts (text, weight in halves), and its length, weighted, in words.

    Places count on through the parts, up to MOST_PLACES. Words as written have none, single Han only where
    they stand alone or beside a word: elsewhere their pairs tell where they are.
    """
    terms: dict[str, Use] = {}
    place = 0
    length = 0.0
    for text, halves in parts:
        after_word = False
        last = ""  # the last character of the run before, if it was one
        for word, _, _, han in pieces(fold(text).text):
            if han:
                for char in word:
                    _use(terms, char, halves)
                for i in range(len(word) - 1):
                    _use(terms, word[i : i + 2], halves, place + i)
                if after_word or len(word) == 1:
                    _use(terms, word[0], 0, place)
                place += len(word)
                length += halves * HAN_LENGTH * len(word)
                last = word[-1] if len(word) > 1 else ""
            else:
                if last:
                    _use(terms, last, 0, place - 1)
                for term in word_terms(word):
                    _use(terms, term, halves, NOWHERE if term[0] == EXACT else place)
                place += 1
                length += halves
                last = ""
            after_word = not han
        place += PART_GAP
    return terms, round(length / 2)


def width(text: str) -> int:
    """How many places a text takes up."""
    return sum(len(word) if han else 1 for word, _, _, han in pieces(fold(text).text))


def _use(terms: dict[str, Use], term: str, halves: int, place: int = NOWHERE) -> None:
    use = terms.get(term)
    if use is None:
        use = terms[term] = Use()
    use.halves += halves
    if NOWHERE < place < MOST_PLACES:
        if use.places is NO_PLACES:
            use.places = array("H")
        use.places.append(place)


@lru_cache(maxsize=16_000)
def word_terms(word: str) -> tuple[str, ...]:
    """The terms of one Latin word: its stem, the word as written, letters and digits apart."""
    base = stem(word)
    return tuple(dict.fromkeys((base, exact(word), *(half for half in halves(word) if half != base))))


def halves(word: str) -> tuple[str, ...]:
    """The letters and the digits of a word that mixes them, unless they are very short."""
    found = _HALVES.findall(word[:MAX_WORD])
    return tuple(half for half in found if len(half) > 2) if 1 < len(found) <= 4 else ()

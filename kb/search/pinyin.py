"""How Han are pronounced, without tones: what is typed as pinyin, and which pairs sound alike."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

FIRST = 0x4E00  # the first character of the basic block
LAST = 0x9FFF
SHIFT = 512  # more than there are syllables
LONGEST = 6  # letters of a syllable
MAX_LETTERS = 48  # of a word that is cut into syllables
MAX_WAYS = 8

# ü is typed as v, u or yu behind l and n; texts are folded, so that a typed ü arrives as u.
_UMLAUT = {"lue": "lve", "nue": "nve", "lyu": "lv", "nyu": "nv", "lyue": "lve", "nyue": "nve"}
_ALSO = {"lu": "lv", "nu": "nv"}


class _Readings(dict[str, tuple[int, ...]]):
    """The syllable numbers of each character met, usual readings first; filled from the table as needed."""

    def __missing__(self, char: str) -> tuple[int, ...]:
        table, place = _data().table, ord(char) - FIRST
        if not 0 <= place < len(table):
            return ()
        found = self[char] = table[place]
        return found


_READINGS = _Readings()


class _Data(NamedTuple):
    names: tuple[str, ...]  # the syllable of each number
    numbers: dict[str, int]
    table: tuple[tuple[int, ...], ...]  # the numbers for each character from FIRST on; few tuples, shared


@cache
def _data() -> _Data:
    """What `pinyin.txt` says: a syllable, then its characters by how usual that reading is for them."""
    text = files("kb.search").joinpath("pinyin.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    readings: list[tuple[int, ...]] = [()] * (LAST - FIRST + 1)
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}
    for rank in range(1, max(map(len, rows))):
        for number, row in enumerate(rows):
            if len(row) > rank and row[rank] != "-":
                for char in row[rank]:
                    known = (*readings[ord(char) - FIRST], number)
                    readings[ord(char) - FIRST] = shared.setdefault(known, known)
    names = tuple(row[0] for row in rows)
    return _Data(names, {name: number for number, name in enumerate(names)}, tuple(readings))


def syllables(char: str) -> tuple[str, ...]:
    """The toneless readings of one character, the usual one first; () if it has none."""
    names = _data().names
    return tuple(names[number] for number in _READINGS[char])


def pair_keys(pair: str) -> tuple[int, ...]:
    """The key of every way to read two simplified Han; () if there is none."""
    if len(pair) != 2:
        return ()
    firsts, seconds = _READINGS[pair[0]], _READINGS[pair[1]]
    if len(firsts) == 1 == len(seconds):
        return (firsts[0] * SHIFT + seconds[0],)
    return tuple([first * SHIFT + second for first in firsts for second in seconds])


def pair_key(first: str, second: str) -> int:
    """The key of two syllables; -1 if either is none."""
    known = _data().numbers
    if first not in known or second not in known:
        return -1
    return known[first] * SHIFT + known[second]


def split(word: str) -> list[tuple[str, ...]]:
    """The ways to read Latin letters as whole syllables, fewest syllables first, at most MAX_WAYS."""
    if not 0 < len(word) <= MAX_LETTERS:
        return []
    parts = [_ways(part) for part in word.lower().replace("ü", "v").split("'") if part]
    if not parts or not all(parts):
        return []
    ways: list[tuple[str, ...]] = [()]
    for part in parts:
        ways = sorted((head + tail for head, tail in product(ways, part)), key=len)[:MAX_WAYS]
    return ways


@lru_cache(maxsize=4096)
def _ways(letters: str) -> tuple[tuple[str, ...], ...]:
    """The best ways to cut a word without apostrophes, worked out from its end."""
    known = _data().numbers
    ways: list[list[tuple[str, ...]]] = [[] for _ in letters] + [[()]]
    for start in range(len(letters) - 1, -1, -1):
        found: list[tuple[str, ...]] = []
        for end in range(min(start + LONGEST, len(letters)), start, -1):
            typed = letters[start:end]
            syllable = _UMLAUT.get(typed, typed)
            if syllable in known:
                found += [(one, *way) for one in (syllable, _ALSO.get(typed)) if one for way in ways[end]]
        found.sort(key=len)  # stable: longer first syllables stay in front
        ways[start] = found[:MAX_WAYS]
    return tuple(ways[0])

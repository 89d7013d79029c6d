"""Titles by the beginning of their pinyin: tui, tuik and tuiku all begin 退款."""

from __future__ import annotations

from functools import cache

from kb.search.pinyin import FIRST, LAST, LONGEST, syllables

READINGS = 2  # of one character
LEAST, MOST = 2, 24  # letters
MOST_ALIKE = 80  # characters of one syllable


@cache
def _characters() -> dict[str, str]:
    """The characters of each syllable, those it is the usual reading of first."""
    found: dict[str, list[str]] = {}
    for rank in range(READINGS):
        for char in map(chr, range(FIRST, LAST + 1)):
            readings = syllables(char)
            if len(readings) > rank:
                found.setdefault(readings[rank], []).append(char)
    return {syllable: "".join(chars) for syllable, chars in found.items()}


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(one[:length] for one in _characters() for length in range(1, len(one) + 1))


def first_characters(letters: str) -> str:
    """The Han that a title with this pinyin may begin with; empty if the letters are none."""
    if not (LEAST <= len(letters) <= MOST and letters.isalpha() and letters.isascii()):
        return ""
    known = _characters()
    for length in range(min(LONGEST, len(letters)), 0, -1):
        if letters[:length] in known and _goes_on(letters[length:]):
            return known[letters[:length]][:MOST_ALIKE]
    return ""


def _goes_on(letters: str) -> bool:
    """Whether letters are syllables, the last perhaps not whole."""
    if not letters or letters in _beginnings():
        return True
    return any(
        letters[:length] in _characters() and _goes_on(letters[length:])
        for length in range(min(LONGEST, len(letters)), 0, -1)
    )


def begins_so(title: str, letters: str) -> bool:
    """Whether a title's pinyin begins with the letters."""
    if not letters:
        return True
    return bool(title) and any(
        reading.startswith(letters)
        or (letters.startswith(reading) and begins_so(title[1:], letters[len(reading) :]))
        for reading in syllables(title[0])
    )

"""Regular forms of English words: correct although the texts have another form only."""

from __future__ import annotations

from collections.abc import Iterator

from kb.search.spelling.scope import Scope

_AFTER_ANY = ("s", "'s", "ly", "ment", "ments", "ness", "ful", "less")
_AFTER_E = ("d", "r", "rs", "ed", "ing", "ings", "er", "ers", "or", "ors", "es", "able", "al", "ive", "y", "ily",
            "ation", "ations", "ion", "ions", "ity", "ier", "iest", "est", "ist", "ism")  # fmt: skip


def inflected(word: str, scope: Scope, least: int = 1) -> bool:
    """Whether it is a regular form of a word that is written in so many documents."""
    return any(scope.written(base) >= least for base in bases(word))


def bases(word: str) -> Iterator[str]:
    """The words of three letters or more that it may be a regular form of."""
    return (base for base in _bases(word) if len(base) > 2)


def _bases(word: str) -> Iterator[str]:
    for suffix in _AFTER_ANY:
        base = word.removesuffix(suffix)
        if base != word:
            yield from (base, base[:-1] + "y") if base[-1:] == "i" else (base,)
    for suffix in _AFTER_E:
        base = word.removesuffix(suffix)
        if base != word and len(base) > 1:
            yield from (base, base + "e")
            if base[-1] == base[-2]:
                yield base[:-1]
            elif base[-1] == "i":
                yield base[:-1] + "y"

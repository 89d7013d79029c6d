"""Words that are right although the texts do not hold them, and characters that are taken for each other."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files


def is_english(word: str) -> bool:
    """Whether it is an English word, in any of its forms."""
    word = word.removesuffix("'s")
    forms = _english()[1]
    return any(word[cut:] in forms.get(word[:cut], ()) for cut in range(len(word), 0, -1))


def is_frequent(word: str) -> bool:
    """Whether it is a short English word that stands everywhere and says little."""
    return word in _english()[0]


def is_chinese(pair: str) -> bool:
    """Whether two Han are a word by themselves."""
    return len(pair) == 2 and any(pair[1] in words.get(pair[0], "") for words in _chinese())


def is_well_known(pair: str) -> bool:
    """Whether two Han are a word that everybody knows, so that who types it means it."""
    return len(pair) == 2 and pair[1] in _chinese()[0].get(pair[0], "")


def look_like(char: str) -> str:
    """The characters that are taken for one, those first that make accepted words by mistake."""
    always, others = _lookalikes()
    return always.get(char, "") + others.get(char, "")


def is_exchanged(typed: str, meant: str) -> bool:
    """Whether people write the one for the other even in words that dictionaries have: 帐 and 账."""
    return meant in _lookalikes()[0].get(typed, "")


@cache
def _english() -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """The frequent words; and all, a word with the endings it takes, of which there are few different sets."""
    frequent, text = _sections("english.txt")
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    forms: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        first, *ends = line.split()
        endings = ("", *ends)
        forms[first] = known.setdefault(endings, endings)
    return frozenset(frequent.split()), forms


@cache
def _chinese() -> tuple[dict[str, str], ...]:
    texts = _sections("chinese.txt")
    return tuple({line[0]: line[1:] for line in text.splitlines()} for text in texts)


@cache
def _lookalikes() -> tuple[dict[str, str], dict[str, str]]:
    always, others = _sections("lookalikes.txt")
    return _groups(always), _groups(others)


def _groups(text: str) -> dict[str, str]:
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for group in text.split():
        for char in group:
            found[char].update(dict.fromkeys(group.replace(char, "")))
    return {char: "".join(others) for char, others in found.items()}


def _sections(name: str) -> list[str]:
    """The parts of a file between empty lines, without its remarks."""
    text = files("kb.search.spelling").joinpath(name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return "\n".join(lines).split("\n\n")

"""The six Chinese kinds of known-item searches; words are guessed from how often characters meet."""

from __future__ import annotations

from collections.abc import Callable
from math import log

from bench.known_building import HAN, Made, Search, Shelf

FUNCTION = frozenset("的了和与及或在是为对从到中上下后前时可被将把不有无等用以其该此如何什么吗")


def chinese(shelf: Shelf, number: int, sounds: Callable[[str], str]) -> list[Search]:
    """So many of each Chinese kind; `sounds` gives the characters that sound like one."""

    def source(name: str, least: int = 4) -> frozenset[str]:
        fits = least <= len(HAN.findall(name)) <= 20
        return shelf.holding(lambda other: name.lower() in other) if fits else frozenset()

    def same(name: str) -> Made:
        return name, source(name)

    def reordered(name: str) -> Made:
        words = chunks(name, shelf)
        if not 2 <= len(words) <= 6:
            return None
        mixed = shelf.pick.sample(words, len(words))
        return (shelf.pick.choice(["", " "]).join(mixed), source(name)) if mixed != words else None

    def dropped(name: str) -> Made:
        words = chunks(name, shelf)
        inner = [i for i in range(1, len(words) - 1) if len(words[i]) > 1]
        if not inner:
            return None
        words.pop(shelf.pick.choice(inner))
        return "".join(words), source(name)

    def pair(name: str) -> Made:
        words = [word for word in chunks(name, shelf) if len(word) == 2 and shelf.pairs[word] > 1]
        if not words:
            return None
        word = shelf.pick.choice(words)
        return word, shelf.holding(lambda other: word in other)

    def wrong(name: str) -> Made:
        whole = shelf.pick.random() < 1 / 2
        return mistaken(name, source) if whole else short(name)

    def short(name: str) -> Made:
        words = [word for word in chunks(name, shelf) if 2 <= len(word) <= 4 and HAN.fullmatch(word[0])]
        if not words:
            return None
        word = shelf.pick.choice(words)
        at = shelf.pick.randrange(len(word))
        others = [char for char in sounds(word[at]) if shelf.letters[char] and char != word[at]]
        if not others:
            return None
        typed = word[:at] + shelf.pick.choice(others) + word[at + 1 :]
        return typed, shelf.holding(lambda other: word in other)

    def mistaken(name: str, right: Callable[[str], frozenset[str]]) -> Made:
        places = [i for i, char in enumerate(name) if HAN.match(char) and char not in FUNCTION]
        if len(places) < 4 or len(name) > 16:
            return None
        at = shelf.pick.choice(places)
        others = [char for char in sounds(name[at]) if shelf.letters[char] and char != name[at]]
        if not others or shelf.pick.random() < 1 / 3:
            others = [
                char for char, _ in shelf.letters.most_common(400) if HAN.match(char) and char != name[at]
            ]
        return name[:at] + shelf.pick.choice(others) + name[at + 1 :], right(name)

    return [
        *shelf.build("zh title", number, same),
        *shelf.build("zh sub-heading", number, same, headings=True),
        *shelf.build("zh reordered", number, reordered),
        *shelf.build("zh word dropped", number, dropped),
        *shelf.build("zh two characters", number, pair),
        *shelf.build("zh wrong character", number, wrong),
    ]


def chunks(name: str, shelf: Shelf) -> list[str]:
    """A name cut where characters seldom stand together, and between scripts."""

    def bound(one: str, two: str) -> float:
        if not (HAN.match(one) and HAN.match(two)):
            return 9.0 if not HAN.match(one) and not HAN.match(two) else -9.0
        if one in FUNCTION or two in FUNCTION or not shelf.pairs[one + two]:
            return -9.0
        total = sum(shelf.letters.values())
        return log(shelf.pairs[one + two] * total / (shelf.letters[one] * shelf.letters[two]))

    ties = [bound(*name[i : i + 2]) for i in range(len(name) - 1)]
    words = [name[:1]]
    for i, tie in enumerate(ties):
        near = max(ties[i - 1] if i else -9.0, ties[i + 1] if i + 1 < len(ties) else -9.0)
        if tie < 3.0 or (len(words[-1]) > 1 and tie < near and tie < 9.0):
            words.append("")
        words[-1] += name[i + 1]
    return [word for word in (word.strip(" 、，：:（）()？?") for word in words) if word]

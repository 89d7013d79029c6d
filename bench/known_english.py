"""The six English kinds of known-item searches."""

from __future__ import annotations

import random
import re
from functools import partial

from bench.known_building import Made, Search, Shelf

WORD = re.compile(r"[a-z][a-z'’]+")
LITTLE_WORDS = """
a about after all an and any are as at be by can do does for from has have how i if in into is it its my not of
on or our out so than that the their them these they this to up us use using via was we what when where which
who why will with you your yes no q
"""
LITTLE = frozenset(LITTLE_WORDS.split())
# The plain form of what headings like to begin with.
VERBS = {
    "adding": "add", "accessing": "access", "building": "build", "changing": "change", "checking": "check",
    "configuring": "configure", "connecting": "connect", "creating": "create", "debugging": "debug",
    "deleting": "delete", "deploying": "deploy", "disabling": "disable", "editing": "edit",
    "enabling": "enable", "filing": "file", "finding": "find", "getting": "get", "giving": "give",
    "handling": "handle", "hiring": "hire", "installing": "install", "joining": "join", "making": "make",
    "managing": "manage", "measuring": "measure", "migrating": "migrate", "monitoring": "monitor",
    "onboarding": "onboard", "planning": "plan", "posting": "post", "preparing": "prepare",
    "publishing": "publish", "removing": "remove", "reporting": "report", "requesting": "request",
    "resolving": "resolve", "restoring": "restore", "reviewing": "review", "running": "run",
    "scheduling": "schedule", "sending": "send", "setting": "set", "sharing": "share", "starting": "start",
    "submitting": "submit", "testing": "test", "tracking": "track", "troubleshooting": "troubleshoot",
    "updating": "update", "upgrading": "upgrade", "using": "use", "verifying": "verify", "writing": "write",
}  # fmt: skip
ASKED = ("how do i find {}", "what is {}", "what do i need to know about {}", "where can i read about {}")


def telling(name: str) -> list[str]:
    return [word for word in WORD.findall(name.lower()) if word not in LITTLE and len(word) > 2]


def _all_words(words: list[str], name: str) -> bool:
    return set(words) <= set(WORD.findall(name))


def english(shelf: Shelf, number: int) -> list[Search]:
    """So many of each English kind."""

    def source(name: str, least: int = 2) -> tuple[list[str], frozenset[str]] | None:
        words = telling(name)
        if not least <= len(words) <= 8 or not name.isascii():
            return None
        return words, shelf.holding(partial(_all_words, words))

    def same(name: str) -> Made:
        found = source(name)
        return found and (name, found[1])

    def reordered(name: str) -> Made:
        words = name.replace(":", " ").split()
        found = source(name, 3)
        if not found:
            return None
        mixed = shelf.pick.sample(words, len(words))
        return (" ".join(mixed), found[1]) if mixed != words else None

    def part(name: str) -> Made:
        long = [word for word in telling(name) if len(word) > 6 and word.isalpha()]
        if not long or not name.isascii():
            return None
        piece = _piece(shelf.pick.choice(long), shelf.pick)
        return piece, shelf.holding(lambda other: piece in other)

    def question(name: str) -> Made:
        found = source(name)
        return found and (_asked(name.lower(), shelf.pick), found[1])

    def misspelt(name: str) -> Made:
        found = source(name)
        long = [word for word in telling(name) if len(word) > 4 and word.isalpha()]
        if not found or not long or len(found[0]) > 5:
            return None
        word = shelf.pick.choice(long)
        wrong = edited(word, shelf.pick)
        if wrong in shelf.words:
            return None
        if shelf.pick.random() < 1 / 2:  # half of them have nothing else to be found by
            return wrong, shelf.holding(partial(_all_words, [word]))
        return name.lower().replace(word, wrong, 1), found[1]

    return [
        *shelf.build("en title", number, same),
        *shelf.build("en sub-heading", number, same, headings=True),
        *shelf.build("en reordered", number, reordered),
        *shelf.build("en part of word", number, part),
        *shelf.build("en question", number, question),
        *shelf.build("en misspelt", number, misspelt),
    ]


def _piece(word: str, pick: random.Random) -> str:
    size = pick.randint(max(4, len(word) // 2), len(word) - 2)
    start = pick.choice([0, 0, 0, len(word) - size, (len(word) - size) // 2])
    return word[start : start + size]


def _asked(name: str, pick: random.Random) -> str:
    first, _, rest = name.rstrip("?.").partition(" ")
    if name.startswith(("how ", "what ", "where ", "who ", "when ", "why ", "can ", "do ")):
        return name.replace("how to", "how do i", 1)
    if first in VERBS or first in VERBS.values():
        return f"how do i {VERBS.get(first, first)} {rest}?"
    return pick.choice(ASKED).format(name)


def edited(word: str, pick: random.Random) -> str:
    """One letter left out, doubled, exchanged with the next or for another, not the first."""
    at = pick.randrange(1, len(word) - 1)
    other = pick.choice("aeiourstnl".replace(word[at], ""))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    changed = [word[:at] + word[at + 1 :], word[:at] + other + word[at:], word[:at] + other + word[at + 1 :]]
    return pick.choice([one for one in [*changed, swapped] if one != word])

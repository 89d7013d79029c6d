"""How likely one word was meant where another was typed: the kind of slip, the keys, the first letter."""

from __future__ import annotations

from math import log

from rapidfuzz.distance import JaroWinkler

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
OTHER_KEYS = 25  # a slip on some other letter is one of so many
NEAR_KEYS = 9  # one on a neighbouring key is one of about so many
DOUBLED = 3
FIRST_LETTER = 1.0  # people seldom miss it
FURTHER = 4.5  # each slip after the first


def _neighbours() -> dict[str, str]:
    found: dict[str, str] = {}
    for above, row in enumerate(_ROWS):
        for place, key in enumerate(row):
            near = [row[at] for at in (place - 1, place + 1) if 0 <= at < len(row)]
            near += [
                r[at] for r in _ROWS[max(0, above - 1) : above] for at in (place, place + 1) if at < len(r)
            ]
            near += [
                r[at] for r in _ROWS[above + 1 : above + 2] for at in (place - 1, place) if 0 <= at < len(r)
            ]
            found[key] = "".join(near)
    return found


NEIGHBOURS = _neighbours()


def unlikely(typed: str, meant: str, distance: int) -> float:
    """Minus the logarithm of the chance that `meant` was typed so; the more, the less likely."""
    first = FIRST_LETTER if typed[:1] != meant[:1] else 0.0
    if distance > 1:
        unlike = 1 - float(JaroWinkler.similarity(typed, meant))
        return first + log(len(meant)) + log(OTHER_KEYS) + FURTHER * (distance - 1) + 10 * unlike
    return first + _slip(typed, meant)


def _slip(typed: str, meant: str) -> float:
    """The same for one slip: swapped letters or a letter left out are few, a letter put in is one of many."""
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    places = log(len(meant))
    if len(typed) < len(meant):
        missing = meant[start]
        return places - (log(2) if missing == meant[start - 1 : start] else 0.0)
    if len(typed) > len(meant):
        extra = typed[start]
        beside = typed[start - 1 : start] + typed[start + 1 : start + 2]
        if extra in beside:
            return places + log(DOUBLED)
        return places + log(NEAR_KEYS if _near(extra, beside) else OTHER_KEYS)
    if typed[start] == meant[start + 1 : start + 2] and meant[start] == typed[start + 1 : start + 2]:
        return places
    return places + log(NEAR_KEYS if _near(typed[start], meant[start]) else OTHER_KEYS)


def _near(key: str, others: str) -> bool:
    return any(other in NEIGHBOURS.get(key, "") for other in others)

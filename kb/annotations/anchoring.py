"""Where a quote stands in a text: W3C text quote and text position selectors, in code points.

This finds unchanged quotes. A passage whose words have changed is said to be gone; telling its
successor from a stranger is work of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

CONTEXT = 32  # characters kept on each side of a quote


@dataclass(frozen=True)
class Span:
    """Positions of a passage in the canonical text, end exclusive."""

    start: int
    end: int


def occurrences(text: str, quote: str, most: int = 1000) -> list[int]:
    """Every place at which the quote begins, overlapping ones too."""
    found: list[int] = []
    at = text.find(quote)
    while at >= 0 and len(found) < most:
        found.append(at)
        at = text.find(quote, at + 1)
    return found


def _common(one: str, two: str) -> int:
    length = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        length += 1
    return length


def locate(text: str, quote: str, *, position: int | None, prefix: str, suffix: str) -> Span | None:
    """The occurrence nearest to the position where there is one, else that whose surroundings fit best."""
    places = occurrences(text, quote)
    if not quote or not places:
        return None

    def fit(at: int) -> int:
        before = _common(text[max(0, at - len(prefix)) : at][::-1], prefix[::-1])
        return before + _common(text[at + len(quote) :], suffix)

    if position is None:
        best = max(places, key=lambda at: (fit(at), -at))
    else:
        best = min(places, key=lambda at: (abs(at - position), -fit(at)))
    return Span(best, best + len(quote))


def relocate(text: str, quote: str, *, expected: int | None, prefix: str, suffix: str) -> Span | None:
    """The occurrence in an edited text: surroundings decide, then nearness to where it is expected."""
    places = occurrences(text, quote)
    if not quote or not places:
        return None

    def fit(at: int) -> tuple[int, int]:
        before = _common(text[max(0, at - len(prefix)) : at][::-1], prefix[::-1])
        after = _common(text[at + len(quote) :], suffix)
        return before + after, -abs(at - (expected if expected is not None else at))

    best = max(places, key=fit)
    return Span(best, best + len(quote))


def surroundings(text: str, span: Span) -> tuple[str, str]:
    """What stands before and after a passage, `CONTEXT` characters each."""
    return text[max(0, span.start - CONTEXT) : span.start], text[span.end : span.end + CONTEXT]

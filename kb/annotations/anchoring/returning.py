"""Words first marked that stand somewhere in what a save brought: moved there, or put back."""

from __future__ import annotations

from bisect import bisect_right

from kb.annotations.anchoring.likeness import likeness, telling
from kb.annotations.anchoring.marks import Mark, Placed, Status
from kb.annotations.anchoring.moving import MARGIN, TELLING
from kb.annotations.anchoring.quotes import CONTEXT, Passages, common
from kb.annotations.anchoring.units import Unit

RETURNED = 0.75  # likeness of a passage by which an orphan comes back
FITTING = 16  # characters around a short quote that must be those that stood there
REMEMBERED = 200  # characters on each side of a mark's place before the save
PLACES = 100  # of the same words that are told apart
BOUND = "\n"  # the beginning or end of a text, among characters without white space


class Returns:
    """Looks for quotes among the sentences that a text had not before."""

    def __init__(self, old: Passages, new: Passages, fresh: list[Unit]) -> None:
        self._before, self._passages, self._fresh = old, new, fresh

    def moved_alone(self, quote: str) -> bool:
        """Whether words that stood once stand once, in what this save brought."""
        places = self._passages.first(quote)
        return (
            len(places) == 1
            and len(self._before.first(quote)) == 1
            and self._is_fresh(places[0], places[0] + len(quote))
        )

    def alike(self, mark: Mark) -> Placed | None:
        """Words very much like those first marked."""
        if telling(mark.quote) < TELLING:
            return None
        ranked = sorted(
            ((likeness(mark.quote, unit.key), unit.start, unit.end) for unit in self._fresh[:1000]),
            reverse=True,
        )
        if (
            not ranked
            or ranked[0][0] < RETURNED
            or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN)
        ):
            return None
        return self._at("changed", ranked[0][1], ranked[0][2])

    def again(self, mark: Mark) -> Placed | None:
        """The words themselves, told apart by what stood around the mark."""
        quote = mark.quote
        whole = self._passages.first(mark.prefix + quote + mark.suffix)
        found = [whole[0] + len(mark.prefix)] if len(whole) == 1 else self._passages.first(quote)
        places = [at for at in found[:PLACES] if self._is_fresh(at, at + len(quote))]
        if not places or len(found) > PLACES:
            return None
        fits = sorted(((self.fit(at, mark), at) for at in places), reverse=True)
        best, at = fits[0]
        if len(fits) > 1 and fits[1][0] == best:
            return None
        wanted = min(len(_squeezed(mark.prefix)) + len(_squeezed(mark.suffix)), FITTING)
        alone = len(fits) == 1 and (
            telling(quote) >= TELLING or (telling(quote) > 1 and self.moved_alone(quote))
        )
        if best[0] < wanted and not alone:
            return None
        return self._at("anchored", at, at + len(quote))

    def fit(self, at: int, mark: Mark) -> tuple[int, int]:
        """How many characters around a place are those that stood around the mark, white space left out and not.

        Less around the mark than is kept of any says that the text began or ended there.
        """
        end = at + len(mark.quote)
        before = self._passages.text[max(0, at - 2 * REMEMBERED) : at]
        after = self._passages.text[end : end + 2 * REMEMBERED]
        began, ended = len(mark.prefix) < CONTEXT, len(mark.suffix) < CONTEXT
        return (
            common(_squeezed(before)[::-1] + BOUND, _squeezed(mark.prefix)[::-1] + BOUND * began)
            + common(_squeezed(after) + BOUND, _squeezed(mark.suffix) + BOUND * ended),
            self._passages.fit(at, mark.quote, mark.prefix, mark.suffix),
        )

    def _is_fresh(self, start: int, end: int) -> bool:
        fresh = self._fresh
        at = bisect_right(fresh, start, key=lambda unit: unit.end)
        return at < len(fresh) and fresh[at].start < end

    def _at(self, status: Status, start: int, end: int) -> Placed:
        return Placed(status, start, end, self._passages.text[start:end])


def _squeezed(text: str) -> str:
    return "".join(text.split())

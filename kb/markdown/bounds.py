"""What keeps hostile Markdown from costing more than about two seconds: counted work, never a clock.

A clock would make the same note come out differently on a busy day, and positions in its text with it.
"""

from __future__ import annotations

from markdown_it.utils import EnvType

MAX_SOURCE = 2_000_000  # code points
MAX_WORK = 1_200_000  # a unit takes 1 to 2 µs; ordinary notes spend 0.3 for each character, dense tables 2
MAX_OUTPUT = 8_000_000  # characters of addresses and titles, which reference links can repeat without end
MAX_DEPTH = 60  # of elements inside one paragraph; browsers flatten a page at 512
MAX_REPARSE = 6  # images and inline footnotes inside each other are parsed again at each level


class TooComplex(Exception):
    """The source needs more work, or nests deeper, than any honest note does."""


class Budget:
    """Counts work and repeated output for one rendering; raises TooComplex when either runs out."""

    __slots__ = ("depth", "output", "work")

    def __init__(self) -> None:
        self.work = MAX_WORK
        self.output = MAX_OUTPUT
        self.depth = 0

    def spend(self, units: int) -> None:
        self.work -= units
        if self.work < 0:
            raise TooComplex

    def emit(self, characters: int) -> None:
        self.output -= characters
        if self.output < 0:
            raise TooComplex


def budget_of(env: EnvType) -> Budget:
    """The budget of the rendering that this environment belongs to; a fresh one outside of any."""
    found = env.get("budget")
    if not isinstance(found, Budget):
        found = env["budget"] = Budget()
    return found

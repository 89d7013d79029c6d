"""Which remarks of a note are looked at: what an address says about it, and how many there are of each sort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from kb.annotations.models import AnnotationKind, AnnotationState
from kb.annotations.passages import Spot

# In an address: nothing for open ones, `resolved=1` for the resolved ones beside them, `resolved=only`.
ALL, ONLY = "1", "only"
MINE, TO_ME = "mine", "to-me"
_KINDS = frozenset(map(str, AnnotationKind))


@dataclass(frozen=True)
class View:
    """The filters of a margin and the page of it; everything that was not asked for is empty."""

    resolved: str = ""
    kind: str = ""
    look: bool = False  # only those whose passage has changed or is gone
    whose: str = ""
    each: bool = False  # highlights of one passage one by one
    page: int = 1

    @classmethod
    def of(cls, query: Any) -> View:
        """From an address's query; what cannot be read was not asked for."""
        page = query.get("remarks", "1")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
        return cls(
            resolved=_one_of(query.get("resolved"), (ALL, ONLY)),
            kind=_one_of(query.get("kind"), _KINDS),
            look=query.get("look") == "1",
            whose=_one_of(query.get("whose"), (MINE, TO_ME)),
            each=query.get("each") == "1",
            page=max(1, number),
        )

    def query(self, **changes: Any) -> str:
        """The query of another view beside this one, with its question mark; empty for the plain one."""
        other = replace(self, **({"page": 1} if changes else {}) | changes)
        pairs = [
            ("resolved", other.resolved), ("kind", other.kind), ("look", "1" if other.look else ""),
            ("whose", other.whose), ("each", "1" if other.each else ""),
            ("remarks", str(other.page) if other.page > 1 else ""),
        ]  # fmt: skip
        said = [pair for pair in pairs if pair[1]]
        return f"?{urlencode(said)}" if said else ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but the plain list of open remarks was asked for."""
        return bool(self.resolved or self.kind or self.look or self.whose or self.each)

    def agrees(self, spot: Spot) -> tuple[bool, bool, bool, bool]:
        """Whether a remark is one of these by state, kind, look and whose."""
        settled = spot.state == AnnotationState.RESOLVED
        state = self.resolved == ALL or settled == (self.resolved == ONLY)
        whose = spot.mine if self.whose == MINE else spot.to_me if self.whose == TO_ME else True
        return state, not self.kind or spot.kind == self.kind, not self.look or spot.look, bool(whose)


@dataclass
class Numbers:
    """How many remarks each choice of one filter would show while the others stay as they are."""

    state: Counter[str] = field(default_factory=Counter)
    kind: Counter[str] = field(default_factory=Counter)
    look: int = 0
    whose: Counter[str] = field(default_factory=Counter)


def sorted_out(spots: Iterable[Spot], view: View) -> tuple[list[Spot], Numbers]:
    """The remarks of a view, and the numbers beside its filters."""
    shown, numbers = [], Numbers()
    for spot in spots:
        state, kind, look, whose = view.agrees(spot)
        if state and kind and look and whose:
            shown.append(spot)
        if kind and look and whose:
            numbers.state[ALL] += 1
            numbers.state[ONLY if spot.state == AnnotationState.RESOLVED else ""] += 1
        if state and look and whose:
            numbers.kind[""] += 1
            numbers.kind[spot.kind] += 1
        if state and kind and whose and spot.look:
            numbers.look += 1
        if state and kind and look:
            numbers.whose[""] += 1
            numbers.whose[MINE] += bool(spot.mine)
            numbers.whose[TO_ME] += bool(spot.to_me)
    return shown, numbers


def _one_of(value: Any, known: Iterable[str]) -> str:
    return value if isinstance(value, str) and value in known else ""

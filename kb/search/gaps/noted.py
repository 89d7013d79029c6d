"""A search as it is noted, and where it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kb.access.identity import Identity
from kb.access.roles import Role

# Whose searches count where they were not limited to one handover: those who must find what the leaver knew.
SEARCHERS = (Role.SUCCESSOR, Role.TRAINER)


@dataclass(frozen=True, slots=True)
class Noted:
    """A search somebody made. `handover` is what it was limited to; `places`: hits by handover, where known.

    `narrowed`: by other filters (`filters`, as in an address), or asked of less than everything; finding
    nothing then is no gap. `partial`: some of its words stand nowhere, or all hits were guesses, so it was
    not found. `whole`: at least one hit has all of it.
    """

    identity: Identity
    text: str
    handover: str | None
    total: int
    at: datetime
    typing: bool = False
    narrowed: bool = False
    places: Mapping[str, int] | None = None
    partial: bool = False
    whole: bool = True
    filters: str = ""

    @property
    def missed(self) -> bool:
        """Whether what was looked for was not found."""
        return not self.total or self.partial

    def found(self, *, short: bool) -> bool:
        """Whether it surely was; of a few words, `short`, one hit has all."""
        return not self.missed and (self.whole or not short)

    @property
    def limit(self) -> str | None:
        """The handover it was limited to, if the person is in it."""
        return self.handover if self.handover in self.identity.roles else None

    def hits(self, *, plain: bool, short: bool = False) -> dict[str, int]:
        """Hits in each handover it counts for: where it found nothing 0, where it says nothing left out."""
        if self.narrowed or not plain if self.missed else not self.found(short=short):
            return {}
        found = 0 if self.missed else self.total
        if self.handover is not None:
            return {self.limit: found} if self.limit else {}
        if found and self.places is not None:
            held = self.identity.roles
            return {place: count for place, count in self.places.items() if count and place in held}
        return dict.fromkeys(self.identity.handovers_as(*SEARCHERS), found)

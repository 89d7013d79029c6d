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

    `narrowed`: by other filters, or asked of less than everything; finding nothing then is no gap.
    """

    identity: Identity
    text: str
    handover: str | None
    total: int
    at: datetime
    typing: bool = False
    narrowed: bool = False
    places: Mapping[str, int] | None = None

    @property
    def limit(self) -> str | None:
        """The handover it was limited to, if the person is in it."""
        return self.handover if self.handover in self.identity.roles else None

    def hits(self, *, plain: bool) -> dict[str, int]:
        """Hits in each handover it counts for: where it found nothing 0, where it says nothing left out."""
        if not self.total and (self.narrowed or not plain):
            return {}
        if self.handover is not None:
            return {self.limit: self.total} if self.limit else {}
        if self.total and self.places is not None:
            held = self.identity.roles
            return {place: count for place, count in self.places.items() if count and place in held}
        return dict.fromkeys(self.identity.handovers_as(*SEARCHERS), self.total)

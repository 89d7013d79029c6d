"""Who is asking: detached facts about a person, safe to hand to any thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.access.roles import Role


@dataclass(frozen=True)
class Identity:
    """A signed-in person and the roles they hold, by handover id."""

    user_id: str
    email: str
    name: str
    locale: str = "en"
    is_admin: bool = False
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)

    def roles_in(self, handover_id: str | None) -> frozenset[Role]:
        """The roles held in one handover; none for a stranger."""
        return self.roles.get(handover_id or "", frozenset())

    def handovers_as(self, *roles: Role) -> frozenset[str]:
        """Ids of the handovers in which any of these roles is held; without roles, of all."""
        wanted = frozenset(roles or Role)
        return frozenset(handover for handover, held in self.roles.items() if held & wanted)


@dataclass(frozen=True)
class Facts:
    """What the policy needs to know of an object: where it belongs, whose it is, whether it is a draft."""

    handover_id: str | None = None
    author_id: str | None = None
    draft: bool = False
    owner_id: str | None = None

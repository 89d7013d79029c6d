"""What adding or changing words would come to, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.errors import Invalid
from kb.i18n import _
from kb.search.glossary.models import GlossaryGroup
from kb.search.glossary.queries import groups_holding
from kb.search.glossary.schemas import MOST_WORDS, Wording, new_group

MOST_GROUPS = 5000


@dataclass(frozen=True)
class Plan:
    """What adding words comes to: into which group (None: a new one), what joins it, which words are new."""

    into: GlossaryGroup | None
    joining: tuple[GlossaryGroup, ...]
    fresh: tuple[Wording, ...]

    @property
    def changes(self) -> bool:
        """Whether anything is not yet as it is wanted."""
        return bool(self.fresh or self.joining or self.into is None)


def plan(session: Session, data: Mapping[str, Any]) -> Plan:
    """What adding a term and its synonyms would do; raises Invalid where it cannot be done."""
    words = new_group(data)
    held = list(groups_holding(session, [word.key for word in words]))
    groups_of = {word.key: group for group in held for word in group.words}
    into = groups_of.get(words[0].key) or next(iter(held), None)
    joining = tuple(group for group in held if group is not into)
    fresh = tuple(word for word in words if word.key not in groups_of)
    together = len(fresh) + sum(len(group.words) for group in held)
    if together > MOST_WORDS:
        raise Invalid.field("synonyms", _("Together that would be a group of %(count)s words; %(most)s are possible.")
                            % {"count": together, "most": MOST_WORDS})  # fmt: skip
    if into is None and _count(session) >= MOST_GROUPS:
        raise Invalid.field(
            "term", _("The glossary is full: %(most)s groups are possible.") % {"most": MOST_GROUPS}
        )
    return Plan(into, joining, fresh)


def not_elsewhere(session: Session, group: GlossaryGroup, words: Sequence[Wording]) -> None:
    """Joining groups is what adding is for; a change stays within its own."""
    for other in groups_holding(session, [word.key for word in words]):
        taken = {one.key for one in other.words}
        for at, word in enumerate(words):
            if other.id != group.id and word.key in taken:
                raise Invalid.field("synonyms" if at else "term", _(
                    "“%(word)s” stands in the group “%(term)s” already. Add both as one entry to join the groups."
                ) % {"word": word.word, "term": other.words[0].word})  # fmt: skip


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(GlossaryGroup)) or 0

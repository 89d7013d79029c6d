"""Writing about kept searches: one that is told rather than made, and setting a gap aside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import not_found, require
from kb.search.gaps.closing import answer
from kb.search.gaps.keeping import keep_all
from kb.search.gaps.noted import SEARCHERS, Noted
from kb.search.gaps.queries import key_of_gap

__all__ = ["SEARCHERS", "Noted", "keep", "set_aside"]


def keep(session: Session, noted: Noted) -> None:
    """Keep one search at once; it must come after those of the same person that are kept."""
    keep_all(session, [noted])


def set_aside(session: Session, identity: Identity, handover_id: str, gap_id: str, at: datetime) -> None:
    """Take a gap off the list; it comes back when somebody looks for the same in vain again."""
    require(identity, Permission.GAPS_READ, Facts(handover_id))
    key = key_of_gap(session, handover_id, gap_id)
    if key is None:
        raise not_found()
    answer(session, key, [handover_id], at)

"""Closing gaps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kb.search.gaps.models import Search, SearchPlace


def answer(session: Session, key: str, places: list[str], at: datetime) -> None:
    """What asked the same in vain in these handovers, up to a moment, is no gap any more."""
    same = select(Search.id).where(Search.key == key, Search.at <= at)
    session.execute(
        update(SearchPlace)
        .where(SearchPlace.handover_id.in_(places), SearchPlace.search_id.in_(same))
        .where(SearchPlace.hits == 0, SearchPlace.answered.is_(False))
        .values(answered=True)
        .execution_options(synchronize_session=False)
    )

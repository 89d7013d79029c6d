"""Kept searches after a while: the name is taken off, and what has been found since is dropped."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, selectinload

from kb.access.identity import Identity
from kb.access.permits import not_found
from kb.db import LOCK_SEARCHES, Database, lock_until_commit
from kb.ids import is_id, new_id
from kb.search.gaps.models import Search, SearchPlace

NAMED_FOR = timedelta(days=30)
AT_ONCE = 200  # searches in one short transaction that writes
Of = tuple[str | None, str, str]  # person, key, handover: who is counted once in a gap


def forget_people(database: Database, now: datetime) -> int:
    """Take the names off all searches older than 30 days; returns how many there were."""
    forgotten = 0
    while True:
        with database.transaction() as session:
            lock_until_commit(session, LOCK_SEARCHES)
            some = _forget_some(session, Search.at < now - NAMED_FOR)
        forgotten += some
        if some < AT_ONCE:
            return forgotten


def clear_history(session: Session, identity: Identity) -> None:
    """Take a person's name off everything they have searched; gaps keep their numbers."""
    lock_until_commit(session, LOCK_SEARCHES)
    while _forget_some(session, Search.user_id == identity.user_id):
        pass


def forget_search(session: Session, identity: Identity, search_id: str) -> None:
    """The same for one search of a person's, each time it was made; NotFound."""
    lock_until_commit(session, LOCK_SEARCHES)
    one = session.get(Search, search_id) if is_id(search_id) else None
    if one is None or one.user_id != identity.user_id:
        raise not_found()
    handover = (
        Search.handover_id.is_(None) if one.handover_id is None else Search.handover_id == one.handover_id
    )
    same = and_(Search.key == one.key, Search.filters == one.filters, handover)
    while _forget_some(session, and_(Search.user_id == identity.user_id, same)):
        pass


def _forget_some(session: Session, which: ColumnElement[bool]) -> int:
    some = list(
        session.scalars(
            select(Search)
            .where(Search.user_id.is_not(None), which)
            .order_by(Search.at, Search.id)
            .limit(AT_ONCE)
            .options(selectinload(Search.places))
        )
    )
    still_named = _still_named(session, some)
    drawn: defaultdict[Of, str] = defaultdict(new_id)
    for one in some:
        gaps = [place for place in one.places if _is_gap(place)]
        for place in gaps:
            whose = (one.user_id, one.key, place.handover_id)
            # A later search of the same person stands for them: two numbers would be two people, and
            # one number for both would lead from the old search to the name on the new one.
            place.searcher = None if whose in still_named else drawn[whose]
        if gaps:
            one.user_id = one.then_id = None
        else:
            session.delete(one)
    session.flush()
    return len(some)


def _is_gap(place: SearchPlace) -> bool:
    return not place.hits and not place.answered


def _still_named(session: Session, some: list[Search]) -> set[Of]:
    """For which gaps the same people have made other searches that keep their name for now."""
    rows = session.execute(
        select(Search.user_id, Search.key, SearchPlace.handover_id)
        .join(SearchPlace, SearchPlace.search_id == Search.id)
        .where(Search.user_id.in_({one.user_id for one in some}), Search.key.in_({one.key for one in some}))
        .where(Search.id.not_in([one.id for one in some]))
        .where(SearchPlace.hits == 0, SearchPlace.answered.is_(False))
    )
    return {(user, key, handover) for user, key, handover in rows}

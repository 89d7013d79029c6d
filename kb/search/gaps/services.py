"""Keeping searches: each in the handovers it counts for, joined with what was typed just before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import not_found, require
from kb.access.roles import Role
from kb.handovers.models import Handover
from kb.ids import new_id
from kb.people.models import User
from kb.search.gaps.models import Search, SearchPlace
from kb.search.gaps.queries import key_of_gap
from kb.search.gaps.texts import JOINED_WITHIN, Asked, is_same_search, read, too_short

SOON = timedelta(minutes=2)  # what is found so long after a miss was looked for in other words
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


def keep(session: Session, noted: Noted) -> Search | None:
    """Keep a search; None where there is nothing worth keeping. Searches must come in the order of time."""
    asked, person = read(noted.text), noted.identity
    if asked is None or (noted.typing and too_short(asked.folded)):
        return None
    if session.get(User, person.user_id) is None:
        return None
    limit = noted.handover if noted.handover in person.roles else None
    kept = _typed_on(session, noted, asked, limit)
    if kept is None:
        kept = Search(id=new_id(), user_id=person.user_id, places=[])
        session.add(kept)
    kept.at, kept.text, kept.key, kept.total = noted.at, asked.text, asked.key, noted.total
    hits = _hits(session, noted, plain=asked.plain)
    kept.handover_id = limit if limit and _is_there(session, limit) else None
    kept.places = [
        SearchPlace(search_id=kept.id, handover_id=place, hits=count) for place, count in hits.items()
    ]
    session.flush()
    if noted.total:
        _answer(session, asked.key, [place for place, count in hits.items() if count], noted.at)
        _follow(session, kept)
    return kept


def _typed_on(session: Session, noted: Noted, asked: Asked, limit: str | None) -> Search | None:
    """The person's last search, if this is the same one typed on or mended."""
    last = session.scalars(
        select(Search)
        .where(Search.user_id == noted.identity.user_id, Search.at >= noted.at - JOINED_WITHIN)
        .order_by(Search.at.desc(), Search.id)
        .limit(1)
        .options(selectinload(Search.places))
    ).first()
    before = read(last.text) if last is not None and last.handover_id == limit else None
    if before is None or not is_same_search(before.folded, asked.folded):
        return None
    return last


def _is_there(session: Session, handover_id: str) -> bool:
    return session.scalar(select(Handover.id).where(Handover.id == handover_id)) is not None


def _hits(session: Session, noted: Noted, *, plain: bool) -> dict[str, int]:
    """Hits in each handover the search counts for: where it found nothing 0, where it says nothing left out."""
    person = noted.identity
    if noted.handover is not None:
        hits = {noted.handover: noted.total} if noted.handover in person.roles else {}
    elif noted.total and noted.places is not None:
        hits = {place: count for place, count in noted.places.items() if count and place in person.roles}
    else:
        hits = dict.fromkeys(person.handovers_as(*SEARCHERS), noted.total)
    if not noted.total and (noted.narrowed or not plain):
        return {}
    there = select(Handover.id).where(Handover.id.in_(hits))
    return {place: hits[place] for place in session.scalars(there)}


def _answer(session: Session, key: str, places: list[str], at: datetime) -> None:
    """What asks the same was looked for in vain there, and is found now."""
    same = select(Search.id).where(Search.key == key, Search.at <= at)
    session.execute(
        update(SearchPlace)
        .where(SearchPlace.handover_id.in_(places), SearchPlace.search_id.in_(same))
        .where(SearchPlace.hits == 0, SearchPlace.answered.is_(False))
        .values(answered=True)
        .execution_options(synchronize_session=False)
    )


def _follow(session: Session, found: Search) -> None:
    """What the same person has just looked for in vain was followed by this."""
    session.execute(
        update(Search)
        .where(Search.user_id == found.user_id, Search.at >= found.at - SOON, Search.at <= found.at)
        .where(Search.total == 0, Search.then_id.is_(None), Search.id != found.id)
        .values(then_id=found.id)
        .execution_options(synchronize_session=False)
    )


def set_aside(session: Session, identity: Identity, handover_id: str, gap_id: str, at: datetime) -> None:
    """Take a gap off the list; it comes back when somebody looks for the same in vain again."""
    require(identity, Permission.GAPS_READ, Facts(handover_id))
    key = key_of_gap(session, handover_id, gap_id)
    if key is None:
        raise not_found()
    _answer(session, key, [handover_id], at)

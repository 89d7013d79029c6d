"""The change log: whatever findable thing a transaction touches gets a row in that same transaction.

Features never call search; the session tells. On PostgreSQL sequence numbers become visible out of
order, so appending takes a lock held until the commit: a reader never steps over an uncommitted row.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, event, func, insert, select
from sqlalchemy.orm import Session, UOWTransaction

from kb.annotations.models import Annotation, Reply
from kb.checklists.models import Item
from kb.clock import now
from kb.db import LOCK_CHANGE_LOG, Base, before_commit, lock_until_commit
from kb.notes.models import Note
from kb.registers.models import Entry
from kb.search.models import Change

NOTE, ITEM, ANNOTATION, REGISTER = "note", "item", "annotation", "register"
# Tables that are in the index; they may not be changed in bulk, which no session event sees.
INDEXED: dict[type[Base], str] = {Note: NOTE, Item: ITEM, Annotation: ANNOTATION, Entry: REGISTER}
_TOUCHED = "kb_search_touched"
_APPENDED = "kb_search_appended"

# Set whenever this process has committed a change: its indexer need not wait for the next look.
committed = threading.Event()


def _touched(objects: Iterable[object]) -> Iterable[tuple[str, str]]:
    for thing in objects:
        if isinstance(thing, Note | Item | Annotation | Entry):
            yield INDEXED[type(thing)], thing.id
        elif isinstance(thing, Reply):
            yield ANNOTATION, thing.annotation_id


@event.listens_for(Session, "after_flush")
def _gather(session: Session, _context: UOWTransaction) -> None:
    changed = [thing for thing in session.dirty if session.is_modified(thing)]
    touched = session.info.setdefault(_TOUCHED, {})
    for key in _touched([*session.new, *changed, *session.deleted]):
        touched[key] = None


@event.listens_for(Session, "before_flush")
def _about_to_go(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """Entries repeat something of their item, and the database forgets whose they were when it goes."""
    gone = [thing.id for thing in session.deleted if isinstance(thing, Item)]
    if gone:
        touch(session, REGISTER, session.scalars(select(Entry.id).where(Entry.item_id.in_(gone))))


def touch(session: Session, kind: str, ids: Iterable[str]) -> None:
    """Say that rows were written past the session (a bulk import)."""
    session.info.setdefault(_TOUCHED, {}).update(dict.fromkeys((kind, object_id) for object_id in ids))


def _append(session: Session) -> None:
    session.flush()
    touched: dict[tuple[str, str], None] = session.info.pop(_TOUCHED, {})
    if not touched:
        return
    lock_until_commit(session, LOCK_CHANGE_LOG)
    moment = now()
    rows = [{"type": kind, "object_id": object_id, "at": moment} for kind, object_id in touched]
    session.execute(insert(Change), rows)
    session.info[_APPENDED] = True


before_commit(LOCK_CHANGE_LOG, _append)


@event.listens_for(Session, "after_commit")
def _tell(session: Session) -> None:
    if session.info.pop(_APPENDED, False):
        committed.set()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_TOUCHED, None)
    session.info.pop(_APPENDED, None)


def newest(session: Session) -> int:
    """The last number in the log; 0 when it is empty."""
    return session.scalar(select(func.max(Change.seq))) or 0


def oldest(session: Session) -> int:
    """The first number still kept; 0 when it is empty."""
    return session.scalar(select(func.min(Change.seq))) or 0


# Asked at every search: made once, and of columns.
_AFTER = (
    select(Change.seq, Change.type, Change.object_id, Change.at)
    .where(Change.seq > bindparam("position"))
    .order_by(Change.seq)
    .limit(bindparam("limit"))
)


def after(session: Session, position: int, limit: int) -> Sequence[Any]:
    """The next rows of the log: seq, type, object_id, at."""
    return session.execute(_AFTER, {"position": position, "limit": limit}).all()

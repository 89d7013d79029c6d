"""Recording: rows are gathered during a transaction and chained just before it commits."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from kb.activity.models import Event
from kb.clock import now
from kb.db import LOCK_AUDIT_CHAIN, before_commit, lock_until_commit

_WAITING = "kb_events_waiting"
_key = b""


def use_key(secret: str) -> None:
    """Set the chain's key, kept outside the database: who can write rows still cannot forge their hashes."""
    global _key
    _key = hashlib.sha256(b"kb audit chain:" + secret.encode("utf-8")).digest()


def record(
    session: Session, *, actor_id: str | None, action: str, object_type: str, object_id: str,
    handover_id: str | None = None, **details: Any,
) -> None:  # fmt: skip
    """Note that somebody did something, in the transaction in which they did it."""
    entry = Event(
        at=now(), actor_id=actor_id, action=action, object_type=object_type, object_id=object_id,
        handover_id=handover_id, details=details,
    )  # fmt: skip
    session.info.setdefault(_WAITING, []).append(entry)


def actor_mark(actor_id: str | None) -> str:
    """A keyed pseudonym of a person: it stays when their account is erased, and tells nothing without the key."""
    return (
        hmac.new(_key, b"actor:" + actor_id.encode("utf-8"), hashlib.sha256).hexdigest() if actor_id else ""
    )


def chain_hash(entry: Event, previous: str) -> str:
    """HMAC-SHA256 over the row's canonical JSON and the hash before it; of the actor the mark, which outlives them."""
    facts = [
        entry.actor_mark,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.handover_id,
        entry.details,
    ]
    text = json.dumps([_stamp(entry.at), *facts, previous], ensure_ascii=False, sort_keys=True)
    return hmac.new(_key, text.encode("utf-8"), hashlib.sha256).hexdigest()


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _append(session: Session) -> None:
    """Only now is the lock taken, so that writers wait for each other as briefly as can be."""
    waiting: list[Event] = session.info.pop(_WAITING, [])
    if not waiting:
        return
    session.flush()
    lock_until_commit(session, LOCK_AUDIT_CHAIN)
    previous = session.scalar(select(Event.hash).order_by(Event.id.desc()).limit(1)) or ""
    for entry in waiting:
        entry.actor_mark = actor_mark(entry.actor_id)
        entry.previous, entry.hash = previous, chain_hash(entry, previous)
        previous = entry.hash
        session.add(entry)
        session.flush()


before_commit(LOCK_AUDIT_CHAIN, _append)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_WAITING, None)

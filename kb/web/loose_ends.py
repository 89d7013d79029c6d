"""What is not settled when a handover is signed: register entries, offers, questions. It does not keep anybody."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.annotations.queries import open_questions
from kb.notes.models import Note
from kb.offboarding.models import Transfer, TransferState
from kb.offboarding.queries import transfers_in
from kb.registers.queries import still_naming

MOST = 3  # named of each kind


@dataclass(frozen=True)
class LooseEnd:
    """One kind: `entries`, `transfers` or `questions`; how many there are, and the first of them with links."""

    kind: str
    number: int
    links: tuple[tuple[str, str], ...]  # words, address


def loose_ends(session: Session, identity: Identity, handover_id: str) -> list[LooseEnd]:
    """What is left, without the kinds of which nothing is."""
    found = (
        _entries(session, handover_id), _transfers(session, handover_id), _questions(session, identity, handover_id)
    )  # fmt: skip
    return [one for one in found if one.number]


def _entries(session: Session, handover_id: str) -> LooseEnd:
    entries = still_naming(session, handover_id)
    links = ((one.name, f"/register/{one.id}") for one in entries[:MOST])
    return LooseEnd("entries", len(entries), tuple(links))


def _transfers(session: Session, handover_id: str) -> LooseEnd:
    waiting = session.scalars(transfers_in(handover_id).where(Transfer.state == TransferState.OFFERED)).all()
    links = (
        (one.taker.name if one.taker else "", f"/handovers/{handover_id}/leaving") for one in waiting[:MOST]
    )
    return LooseEnd("transfers", len(waiting), tuple(links))


def _questions(session: Session, identity: Identity, handover_id: str) -> LooseEnd:
    asked = open_questions(identity).where(Note.handover_id == handover_id)
    number = session.scalar(select(func.count()).select_from(asked.order_by(None).subquery())) or 0
    first = session.scalars(asked.limit(MOST)).all() if number else ()
    links = ((one.note.title, f"/notes/{one.note.id}#a-{one.id}") for one in first)
    return LooseEnd("questions", number, tuple(links))

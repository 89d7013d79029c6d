"""How far the running handovers of the demo were on each day so far: by when what fills a slot today was written.

And when some of the work comes round next.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.checklists.models import Item, ItemState
from kb.handovers.models import Handover, Stage
from kb.notes.filling import is_accepted
from kb.notes.models import Note
from kb.progress.board import Board, board_of
from kb.progress.models import CoverageDay

RUNNING = (Stage.PREPARING, Stage.CAPTURING, Stage.TRANSFERRING)
# Where the rhythm does not tell: the work of the checklists, and in how many days it comes round next.
NEXT_IN_DAYS = {
    "product-compliance": 47, "domain-renewal": 61, "vendor-contracts": 39, "tls-certificates": 12, "icp-phone": 18,
}  # fmt: skip
TO_ACCEPT = timedelta(days=3)  # from writing to accepting, where nobody has noted when


def load_progress(session: Session, zone: str, today: date) -> None:
    """Say when work comes round, and fill in the days from the beginning of each running handover to yesterday."""
    for item in session.scalars(select(Item).where(Item.template_key.in_(NEXT_IN_DAYS))):
        item.next_on = today + timedelta(days=NEXT_IN_DAYS[item.template_key or ""])
    session.flush()
    for handover_id in session.scalars(select(Handover.id).where(Handover.stage.in_(RUNNING))).all():
        board = board_of(session, handover_id, today)
        session.add_all(_days(session, board, ZoneInfo(zone), today))
    session.flush()


def _days(session: Session, board: Board, zone: ZoneInfo, today: date) -> list[CoverageDay]:
    written, accepted = _moments(session, board)
    began = board.handover.created_at.astimezone(zone).date()
    return [
        CoverageDay(
            handover_id=board.handover.id, day=day, asked=board.coverage.asked, risk=str(board.risk.level),
            filled=sum(moment.astimezone(zone).date() <= day for moment in written),
            accepted=sum(moment.astimezone(zone).date() <= day for moment in accepted),
        )
        for day in (began + timedelta(days=n) for n in range((today - began).days))
    ]  # fmt: skip


def _moments(session: Session, board: Board) -> tuple[list[datetime], list[datetime]]:
    """When each slot that is filled was filled, and each that is accepted was accepted, as far as can be told."""
    begun = dict(
        session.execute(select(Note.id, Note.created_at).where(Note.handover_id == board.handover.id)).all()
    )
    written, accepted = [], []
    for one in board.coverage.items:
        for slot in one.slots:
            if slot.filled:
                moment = begun.get(slot.note_id or "") or slot.marked_at or board.handover.created_at
                written.append(moment)
                if is_accepted(slot, one.item.state == ItemState.ACCEPTED):
                    accepted.append(slot.accepted_at or moment + TO_ACCEPT)
    return written, accepted

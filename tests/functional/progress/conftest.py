"""A handover that ends in 20 days, its people, and one critical item with two slots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.checklists.services import add_item, change_item
from kb.handovers.models import Handover
from kb.handovers.queries import get_handover
from kb.people.models import User
from kb.progress.board import Board, BoardItem, board_of
from kb.rehearsals.meetings import record_meeting
from kb.rehearsals.practice import record_run
from tests.support.factories import make_handover, make_note, make_user, who

BODY = "## Steps\n\nDo it like this every time.\n\n## Cautions\n\nNever on a Friday evening.\n"
ITEM = {
    "module": "Service",
    "title": "Refund review",
    "importance": "critical",
    "slots": ["steps", "cautions"],
}


@dataclass
class Scene:
    """What the tests do and see, as the people of the handover."""

    session: Session
    leaver: User
    successor: User
    manager: User
    handover: Handover
    item: str

    @property
    def last_day(self) -> date:
        return self.handover.last_day

    @property
    def today(self) -> date:
        """The day the board is read on."""
        return self.last_day - timedelta(days=20)

    def who(self, user: User | None = None) -> Identity:
        return who(self.session, user or self.leaver)

    def board(self, today: date | None = None) -> Board:
        self.session.flush()
        self.session.expire_all()
        return board_of(self.session, self.handover.id, today or self.today)

    def only(self, today: date | None = None) -> BoardItem:
        """The one item on the board."""
        (one,) = self.board(today).items
        return one

    def change(self, **fields: Any) -> None:
        change_item(self.session, self.who(), self.item, fields)

    def add(self, **fields: Any) -> str:
        return add_item(self.session, self.who(), self.handover.id, ITEM | fields).id

    def note(self, by: User | None = None, **fields: Any) -> str:
        data = {"items": [self.item], "body": BODY, "title": "Refund review"} | fields
        return make_note(self.session, by or self.leaver, self.handover, **data).id

    def practise(self, level: str = "independent", outcome: str = "passed") -> None:
        run = {"level": level, "outcome": outcome, "feedback": "It went well enough."}
        record_run(self.session, self.who(self.successor), self.item, run, "UTC")

    def demonstrate(self, **fields: Any) -> None:
        held = {
            "kind": "demonstration",
            "held_at": "2026-01-05T10:00:00+00:00",
            "attendees": [self.leaver.email, self.successor.email],
            "minutes": "Shown from beginning to end.",
            "items": [self.item],
        }
        record_meeting(self.session, self.who(), self.handover.id, held | fields, "UTC")


@pytest.fixture
def scene(session: Session) -> Scene:
    leaver, successor = make_user(session, name="Lin"), make_user(session, name="Chen")
    manager = make_user(session, name="Wang")
    handover = make_handover(session, leaver=leaver, manager=manager, successor=successor, days=20)
    item = add_item(session, who(session, leaver), handover.id, ITEM)
    return Scene(session, leaver, successor, manager, get_handover(session, handover.id), item.id)

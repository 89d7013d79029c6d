"""The board says how far a handover is and what is at risk, by evidence."""

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
from tests.support.factories import make_handover, make_note, make_user, who

BODY = "## Steps\n\nDo it.\n\n## Cautions\n\nNever on Friday.\n"


@dataclass
class Scene:
    """A handover that ends in 20 days, its people, and one critical item with two slots."""

    session: Session
    leaver: User
    successor: User
    handover: Handover
    item: str

    @property
    def today(self) -> date:
        """The day the board is read on."""
        return self.handover.last_day - timedelta(days=20)

    def identity(self, user: User | None = None) -> Identity:
        return who(self.session, user or self.leaver)

    def board(self, today: date | None = None) -> Board:
        self.session.flush()
        self.session.expire_all()
        return board_of(self.session, self.handover.id, today or self.today)

    def only(self, today: date | None = None) -> BoardItem:
        (one,) = self.board(today).items
        return one

    def change(self, **fields: Any) -> None:
        change_item(self.session, self.identity(), self.item, fields)

    def note(self, by: User | None = None, body: str = BODY) -> str:
        fields = {"items": [self.item], "body": body, "title": "Refund review"}
        return make_note(self.session, by or self.leaver, self.handover, **fields).id


@pytest.fixture
def scene(session: Session) -> Scene:
    leaver, successor = make_user(session, name="Lin"), make_user(session, name="Chen")
    handover = make_handover(session, leaver=leaver, successor=successor, days=20)
    item = add_item(session, who(session, leaver), handover.id, {
        "module": "Service", "title": "Refund review", "importance": "critical", "slots": ["steps", "cautions"],
    })  # fmt: skip
    return Scene(session, leaver, successor, get_handover(session, handover.id), item.id)


def test_a_critical_item_with_nothing_written(scene: Scene):
    one = scene.only()
    assert one.risk.level == "critical"
    assert one.risk.reasons == ("Nothing is written yet.", "Only Lin knows it.")
    assert scene.board().risk.reasons == (
        "1 critical item has nothing written.", "1 item is known by Lin alone.", "20 days are left.",
    )  # fmt: skip


def test_written_by_the_leaver_alone_is_still_a_risk(scene: Scene):
    scene.note()
    one = scene.only()
    assert (one.risk.level, one.risk.reasons) == ("medium", ("Only Lin knows it.",))


def test_written_and_known_by_somebody_else_is_none(scene: Scene):
    scene.note(by=scene.successor)
    one = scene.only()
    assert (one.risk.level, one.risk.reasons, one.standing.alone) == ("low", (), False)

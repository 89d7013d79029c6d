"""Two handovers of a shop, people in every role, and somebody from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.roles import Role
from kb.checklists.models import Item
from kb.checklists.services import add_item
from kb.db import Database
from kb.handovers.models import Handover
from kb.people.models import User
from tests.support.factories import cookie_for, make_handover, make_user, who
from tests.support.visitor import Visitor

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.testing import TestClient

T = TypeVar("T")

ITEM = {
    "module": "Customer service", "title": "Refund review", "guidance": "Who may approve what.",
    "importance": "critical", "slots": ["steps", "cautions"], "owner": "leaver@example.com",
}  # fmt: skip


def person(session: Session, name: str) -> User:
    """The account of a role."""
    return session.scalars(select(User).where(User.email == f"{name}@example.com")).one()


@dataclass
class Shop:
    """The people by role, each with a browser, and the ids of what there is."""

    client: TestClient[Litestar]
    database: Database
    people: dict[str, Visitor] = field(default_factory=dict)
    handover: str = ""
    item: str = ""

    def __getitem__(self, name: str) -> Visitor:
        return self.people[name]

    def ask(self, question: Callable[[Session], T]) -> T:
        """Something the database knows."""
        with self.database.transaction(read_only=True) as session:
            return question(session)

    def change(self, deed: Callable[[Session], T]) -> T:
        """Something done in a transaction of its own."""
        with self.database.transaction() as session:
            return deed(session)

    def stored(self) -> Handover:
        """The handover as it is now."""
        return self.ask(lambda session: session.get_one(Handover, self.handover))

    def stored_item(self) -> Item:
        """The item as it is now."""
        return self.ask(lambda session: session.get_one(Item, self.item))


@pytest.fixture
def shop(app_client: TestClient[Litestar], database: Database) -> Shop:
    """A handover with one item, critical and not written about; its people speak English."""
    made = Shop(app_client, database)
    with database.transaction() as session:
        users = {
            str(role): make_user(session, f"{role}@example.com", name=f"{role.title()} Li") for role in Role
        }
        users["stranger"] = make_user(session, "stranger@example.com", name="Stranger Wu")
        users["admin"] = make_user(session, "admin@example.com", admin=True)
        handover = make_handover(
            session, manager=users["manager"], leaver=users["leaver"], days=20,
            successor=users["successor"], trainer=users["trainer"], viewer=users["viewer"],
        )  # fmt: skip
        item = add_item(session, who(session, users["leaver"]), handover.id, ITEM)
        made.handover, made.item = handover.id, item.id
        made.people = {name: Visitor(app_client, cookie_for(session, user)) for name, user in users.items()}
    made.people["nobody"] = Visitor(app_client)
    return made

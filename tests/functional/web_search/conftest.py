"""A small world to search in: one handover with a draft, and one that is somebody else's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from kb.access.roles import Role
from kb.db import Database
from tests.support.factories import cookie_for, make_handover, make_note, make_user
from tests.support.visitor import Visitor, indexed

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.testing import TestClient


@dataclass
class Found:
    """Who looks, and the ids of what there is to find."""

    client: TestClient[Litestar]
    database: Database
    people: dict[str, Visitor] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Visitor:
        return self.people[name]


@pytest.fixture
def library(app_client: TestClient[Litestar], database: Database) -> Found:
    """Notes about 退款 and refunds: published, draft, foreign; everybody signed in."""
    found = Found(app_client, database)
    with database.transaction() as session:
        users = {str(role): make_user(session, f"{role}@example.com", name=role.title()) for role in Role}
        users["stranger"] = make_user(session, "stranger@example.com")
        users["admin"] = make_user(session, "admin@example.com", admin=True)
        ours = make_handover(
            session, manager=users["manager"], leaver=users["leaver"], title="Shop & more",
            successor=users["successor"], trainer=users["trainer"], viewer=users["viewer"],
        )  # fmt: skip
        theirs = make_handover(session, manager=users["stranger"], title="Foreign affairs")
        body = "## 什么时候做\n\n每天两次。\n\n## 步骤\n\n先核对订单，再处理退款申请，<b>不要</b>跳过。\n"
        published = make_note(
            session, users["leaver"], ours, title="退款审核", body=body, tags=["财务"], kind="case"
        )
        english = make_note(
            session, users["leaver"], ours, title="Refund reviews", body="## Steps\n\nRefund only up to 50.\n"
        )
        draft = make_note(
            session, users["leaver"], ours, title="退款密件 draftword", body="退款 secretword", status="draft",
            tags=["secrettag"], importance="critical",
        )  # fmt: skip
        foreign = make_note(
            session, users["stranger"], theirs, title="退款 foreignword", body="退款", tags=["foreigntag"]
        )
        found.ids = {
            "ours": ours.id, "theirs": theirs.id, "published": published.id, "english": english.id,
            "draft": draft.id, "foreign": foreign.id,
        }  # fmt: skip
        found.people = {name: Visitor(app_client, cookie_for(session, user)) for name, user in users.items()}
    indexed(app_client)
    return found

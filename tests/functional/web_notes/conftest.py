"""One handover with a checklist and a note, and its people at their browsers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from httpx import Response

from kb.access.roles import Role
from kb.checklists.queries import items_of
from kb.db import Database
from kb.notes.models import Note
from kb.notes.queries import get_note
from tests.support.factories import cookie_for, make_handover, make_note, make_user
from tests.support.visitor import Visitor

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.testing import TestClient

BODY = (
    "## 步骤\n\n先核对订单 😀，再处理退款。\n\n- 不要**借账号**。\n\n见 [[Night shift]] 和 [[还没写的]]。\n"
)


class Writer(Visitor):
    """Somebody who also sends what no browser would, and what scripts send."""

    def send_raw(self, path: str, body: bytes) -> Response:
        """A form's bytes as they are, after the token."""
        start = urlencode({"csrf_token": self.token}).encode() + b"&"
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self._asked("POST", path, headers=headers, content=start + body)

    def send_parts(self, path: str, body: bytes) -> Response:
        """The bytes of a form in parts, as files would be sent; the line between them is `x`."""
        return self._asked(
            "POST", path, headers={"content-type": "multipart/form-data; boundary=x"}, content=body
        )

    def send_fragment(self, path: str, fields: dict[str, Any]) -> Response:
        """A form as htmx sends it."""
        headers = {"content-type": "application/x-www-form-urlencoded", "hx-request": "true"}
        body = urlencode({"csrf_token": self.token, **fields}, doseq=True)
        return self._asked("POST", path, headers=headers, content=body)


@dataclass
class Desk:
    """Who writes, and the ids of what there is."""

    database: Database
    people: dict[str, Writer] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Writer:
        return self.people[name]

    @property
    def note(self) -> str:
        """The address of the note."""
        return f"/notes/{self.ids['note']}"

    @property
    def new(self) -> str:
        """Where a new note is sent."""
        return f"/handovers/{self.ids['handover']}/notes"

    def stored(self, note_id: str | None = None) -> Note:
        """A note as the database has it now."""
        with self.database.transaction(read_only=True) as session:
            return get_note(session, note_id or self.ids["note"])


@pytest.fixture
def desk(app_client: TestClient[Litestar], database: Database) -> Desk:
    """A note of the leaver's, one it links to, and everybody signed in."""
    desk = Desk(database)
    with database.transaction() as session:
        users = {str(role): make_user(session, f"{role}@example.com", name=role.title()) for role in Role}
        users["stranger"] = make_user(session, "stranger@example.com")
        ours = make_handover(
            session, manager=users["manager"], leaver=users["leaver"], template="ecommerce-operations",
            language="zh-Hans",
            successor=users["successor"], trainer=users["trainer"], viewer=users["viewer"],
        )  # fmt: skip
        item = session.scalars(items_of(ours.id)).first()
        assert item
        other = make_note(session, users["leaver"], ours, title="Night shift", body="See [[退款审核]].\n")
        note = make_note(
            session, users["leaver"], ours, title="退款审核", body=BODY, language="zh-Hans", items=[item.id],
            tags=["退款"], purpose="当班的人照着做",
        )  # fmt: skip
        desk.ids = {"handover": ours.id, "item": item.id, "note": note.id, "other": other.id}
        desk.people = {name: Writer(app_client, cookie_for(session, user)) for name, user in users.items()}
    return desk


def fields_of(note: Note, **changed: Any) -> dict[str, Any]:
    """What the form of a note's editor sends."""
    return {
        "title": note.title, "body": note.body, "kind": note.kind, "importance": note.importance,
        "base_revision": note.revision, "items": [item.id for item in note.items], "status": note.status,
        "tags": ", ".join(note.tags), "purpose": note.purpose, "language": note.language,
        "owner": note.owner.email if note.owner else "",
    } | changed  # fmt: skip

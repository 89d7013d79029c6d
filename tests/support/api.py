"""Calls of the JSON API by people of a small world: one handover with everybody in it, and strangers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.roles import Role
from kb.clock import now
from kb.db import Database
from kb.handovers.models import Handover
from kb.ids import new_id
from kb.import_export.models import Job
from kb.people.models import User
from tests.support.factories import make_handover, make_user, token_for

PATIENCE = 30.0  # seconds until the index counts as stuck


@dataclass(frozen=True)
class File:
    """A file to be sent in a form of parts instead of JSON."""

    name: str = "a.txt"
    content: bytes = b"plain"


class Caller:
    """One person's calls; addresses are relative to /api/v1."""

    def __init__(self, client: TestClient[Litestar], token: str | None, email: str = "") -> None:
        self._client = client
        self.email = email
        self._headers = {"authorization": f"Bearer {token}".encode()} if token else {}

    def __call__(self, method: str, path: str, json: Any = None, **more: Any) -> Response:
        headers: dict[str, Any] = self._headers | dict(more.pop("headers", {}))
        if isinstance(json, File):
            more["files"] = {"file": (json.name, json.content)}
        elif json is not None:
            more["json"] = json
        return self._client.request(method, f"/api/v1{path}", headers=headers, **more)

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of a call that must succeed."""
        answer = self("GET", path, params=params or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, json: Any, status: int = 201) -> Any:
        """The JSON of something created."""
        answer = self("POST", path, json)
        assert answer.status_code == status, answer.text
        return answer.json()

    def errors(self, method: str, path: str, json: Any) -> dict[str, str]:
        """The broken fields of a call that must be refused with 422."""
        answer = self(method, path, json)
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"].startswith("application/problem+json")
        return {error["field"]: error["message"] for error in answer.json()["errors"]}


@dataclass
class World:
    """A handover with one person per role; `stranger` has a handover of their own."""

    client: TestClient[Litestar]
    database: Database
    handover: str = ""
    foreign: str = ""
    callers: dict[str, Caller] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Caller:
        try:
            caller: Caller = self.__dict__["callers"][name]
        except KeyError:
            raise AttributeError(name) from None
        return caller

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction of its own, for what the API has no call for."""
        with self.database.transaction() as session:
            yield session

    def note(self, by: str = "manager", **fields: Any) -> Any:
        """A new note of the handover."""
        body = {"kind": "procedure", "title": "Refunds", "body": "## Steps\n\nCheck the order first.\n"}
        return self.callers[by].post(f"/handovers/{self.handover}/notes", body | fields)

    def item(self, **fields: Any) -> Any:
        """A new item of the handover."""
        body = {"module": "Orders", "title": "Refunds", "importance": "high", "slots": ["steps"]}
        return self.manager.post(f"/handovers/{self.handover}/items", body | fields)

    def entry(self, **fields: Any) -> Any:
        """A new entry of the handover's register, which the leaver holds."""
        body = {"kind": "account", "name": "Back office", "holder": self.leaver.email}
        return self.manager.post(f"/handovers/{self.handover}/register", body | fields)

    def found(self, caller: Caller, until: Callable[[Any], bool], **params: Any) -> Any:
        """Search until the index has read on far enough."""
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = caller.get("/search", **params)
            if until(answer) or time.monotonic() > deadline:
                assert until(answer), answer
                return answer
            time.sleep(0.02)

    def job(self) -> str:
        """An import of the manager's that runs; its id."""
        with self.session() as session:
            manager = session.scalars(select(User).where(User.email == self.callers["manager"].email)).one()
            moment = now()
            made = Job(handover_id=self.handover, user_id=manager.id, created_at=moment, updated_at=moment)
            session.add(made)
            session.flush()
            return made.id

    def indexed(self) -> None:
        """Wait until everything committed so far is in the index."""
        from kb.search.indexer import Indexer

        indexer: Indexer = self.client.app.state["indexer"]
        deadline = time.monotonic() + PATIENCE
        while (status := indexer.status()).pending or status.state != "ready":
            assert time.monotonic() < deadline, status
            time.sleep(0.02)


def make_world(client: TestClient[Litestar], database: Database) -> World:
    """People, the handover and one that is somebody else's."""
    world = World(client, database)
    with world.session() as session:
        names = [*map(str, Role), "stranger", "admin"]
        people = {
            name: make_user(session, f"{name}-{new_id()}@example.com", name=name, admin=name == "admin")
            for name in names
        }
        others: dict[str, Any] = {role: people[role] for role in ("successor", "trainer", "viewer")}
        handover = make_handover(session, manager=people["manager"], leaver=people["leaver"], **others)
        foreign: Handover = make_handover(session, manager=people["stranger"], title="Somebody else's")
        world.handover, world.foreign = handover.id, foreign.id
        world.callers = {name: _caller(client, session, user) for name, user in people.items()}
    world.callers["nobody"] = Caller(client, None)
    return world


def _caller(client: TestClient[Litestar], session: Session, user: User) -> Caller:
    return Caller(client, token_for(session, user), user.email)


def ids(answer: Any) -> set[str]:
    """What a search found."""
    return {hit["id"] for hit in answer["hits"]}

"""The world the API's tests call: one application per kind of database, new people and handovers for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb.config import read_settings
from kb.db import Database
from tests.support import databases, postgres, server
from tests.support.api import World, make_world
from tests.support.run_folder import Missing

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.testing import TestClient


def _address(kind: str, folder: Path, stack: ExitStack) -> str:
    if kind == "sqlite":
        return databases.sqlite_url(folder)
    try:
        postgres.server()
    except Missing as problem:
        if os.environ.get("CI"):
            pytest.fail(str(problem))
        pytest.skip(str(problem))
    return stack.enter_context(databases.postgres_url())


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient[Litestar], Database]]:
    """A client of an application that lives as long as the worker; rights keep the tests apart."""
    from litestar.testing import TestClient

    from kb.app import create_app

    folder = tmp_path_factory.mktemp(f"api-{request.param}")
    with ExitStack() as stack:
        url = _address(request.param, folder, stack)
        database = Database(url)
        stack.callback(database.close)
        app = create_app(read_settings(server.environ_for(folder, url)))
        client = stack.enter_context(TestClient(app, raise_server_exceptions=False))
        client.follow_redirects = False
        yield client, database


@pytest.fixture
def world(shared: tuple[TestClient[Litestar], Database]) -> World:
    """A handover with one person per role, a stranger with one of their own, an administrator in none."""
    return make_world(*shared)


@pytest.fixture(scope="session")
def standing(shared: tuple[TestClient[Litestar], Database]) -> World:
    """A world for tests that leave its members as they are."""
    return make_world(*shared)


@pytest.fixture
def shelf(world: World) -> dict[str, Any]:
    """Notes, items and a remark about refunds, and what others must not find."""
    item = world.item(module="售后", title="退款审核 refunds")
    other = world.item(module="Orders", title="Order desk")
    made = {
        "item": item,
        "other": other,
        "slow": world.note(
            by="leaver", kind="pitfall", title="退款为什么慢", body="## 现象\n\n退款 refunds 要等财务。\n",
            items=[item["id"]], tags=["退款"], importance="critical", language="zh-Hans",
        ),
        "steps": world.note(
            title="Refunds step by step", body="## Steps\n\nOpen the <order>, check refunds & pay.\n",
            items=[item["id"], other["id"]], tags=["pay", "退款"], importance="high",
        ),
        "desk": world.note(title="Desk", kind="case", body="Nothing but a mention of refunds here.", importance="low"),
        "draft": world.note(by="trainer", title="Draft on refunds", body="unready", status="draft"),
    }  # fmt: skip
    quote = {
        "kind": "question",
        "body": "Who approves refunds?",
        "target": {"quote": {"exact": "check refunds"}},
    }
    made["remark"] = world.viewer.post(f"/notes/{made['steps']['id']}/annotations", quote)
    foreign = {"kind": "case", "title": "Refunds elsewhere", "body": "refunds", "tags": ["foreign"]}
    made["foreign"] = world.stranger.post(f"/handovers/{world.foreign}/notes", foreign)
    world.indexed()
    return made

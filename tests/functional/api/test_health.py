"""Health without a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import databases
from tests.support.api import World
from tests.support.server import environ_for

if TYPE_CHECKING:
    from pathlib import Path


def test_live_and_ready(world: World):
    assert world.client.get("/health/live").status_code == 200
    world.note()
    world.indexed()
    answer = world.client.get("/health/ready")
    assert answer.status_code == 200
    ready = answer.json()
    assert set(ready) == {"database", "index"}
    assert ready["database"] == "ok"
    assert set(ready["index"]) == {"state", "lag_seconds", "documents"}
    assert ready["index"]["state"] == "ready"
    assert ready["index"]["lag_seconds"] == 0
    assert ready["index"]["documents"] >= 1


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_not_ready_without_the_database(database_url: str, tmp_path: Path):
    from litestar.testing import TestClient

    from kb.app import create_app
    from kb.config import read_settings

    with databases.postgres_url(dropped=True) as url:
        client = TestClient(
            create_app(read_settings(environ_for(tmp_path, url))), raise_server_exceptions=False
        )
        client.__enter__()
    try:
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json()["database"]) == (503, "unavailable")
        assert client.get("/health/live").status_code == 200
        refused = client.get("/api/v1/me", headers={"authorization": "Bearer x"})
        assert refused.status_code == 503
        assert refused.headers["retry-after"]
    finally:
        client.__exit__(None, None, None)

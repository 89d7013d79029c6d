"""The demo, loaded once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from kb.attachments.storage import Storage
from kb.db import Database
from kb.demo.loader import load_demo
from tests.support.databases import sqlite_url

ZONE = "Asia/Shanghai"


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo_database(demo_folder: Path) -> Iterator[Database]:
    database = Database(sqlite_url(demo_folder))
    with database.transaction() as session:
        assert load_demo(session, ZONE, Storage(demo_folder))
    yield database
    database.close()


@pytest.fixture
def demo(demo_database: Database) -> Iterator[Session]:
    with demo_database.session() as session:
        yield session
        session.rollback()

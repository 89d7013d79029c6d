"""Fixtures for every test: databases of both kinds, settings, the app, a live server, a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from sqlalchemy.orm import Session

from kb.config import Settings, read_settings
from kb.db import Database
from tests.support import databases, passwords, postgres, run_folder, server, statements
from tests.support.browser import Watch, running_chromium
from tests.support.run_folder import Missing
from tests.support.server import Server

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.testing import TestClient
    from playwright.sync_api import Browser, BrowserContext, Page

hypothesis.settings.register_profile("kb", deadline=None)  # a slow machine is not a wrong answer
hypothesis.settings.load_profile("kb")


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("KB_")]:
        del os.environ[name]  # whoever starts the tests may have settings of their own
    statements.keep()
    passwords.cheaper()
    if not hasattr(config, "workerinput"):
        run_folder.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.stop()
        run_folder.end()


def not_here(problem: Missing) -> None:
    """Without a browser or PostgreSQL people may still run the rest; in CI nothing is left out."""
    if os.environ.get("CI"):
        pytest.fail(str(problem))
    pytest.skip(str(problem))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database; a test that needs one kind only parametrises this indirectly."""
    if request.param == "sqlite":
        yield databases.sqlite_url(tmp_path)
        return
    try:
        postgres.server()
    except Missing as problem:
        not_here(problem)
    with databases.postgres_url() as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings over a fresh database, everything else in the test's own folder."""
    return read_settings(server.environ_for(tmp_path, database_url))


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The engine over `database_url`."""
    database = Database(settings.database_url)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One writing session; the test commits, what it leaves open is rolled back."""
    with database.session() as session:
        yield session
        session.rollback()


@pytest.fixture(scope="session")
def routed(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """One application for all tests of a worker: to read its handlers' signatures takes longer than most tests."""
    from kb.app import create_app

    folder = tmp_path_factory.mktemp("routed")
    return create_app(read_settings(server.environ_for(folder, f"sqlite:///{folder / 'kb.sqlite3'}")))


@pytest.fixture
def app(routed: Litestar, settings: Settings) -> Litestar:
    """The whole application; all it works with is new, and over `settings`."""
    from kb.app import furnish

    routed.state = furnish(settings)
    return routed


@pytest.fixture
def app_client(app: Litestar) -> Iterator[TestClient[Litestar]]:
    """A client of the whole application; redirects are not followed, so that they can be seen."""
    from litestar.testing import TestClient

    with TestClient(app) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all browser tests of a worker; each test makes its own people and handovers."""
    folder = tmp_path_factory.mktemp("live-server")
    with server.running_server(folder, databases.sqlite_url(folder)) as running:
        yield running


@pytest.fixture(scope="session")
def live_database(live_server: Server) -> Iterator[Database]:
    """The live server's database, for what a test needs to find there."""
    database = Database(live_server.database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    try:
        with running_chromium() as browser:
            yield browser
    except Missing as problem:
        not_here(problem)


@pytest.fixture
def context_options() -> dict[str, Any]:
    """How the pages of a test are opened; parametrise or override to change it."""
    return {"locale": "en", "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}


@pytest.fixture
def context(
    chromium: Browser, live_server: Server, context_options: dict[str, Any]
) -> Iterator[BrowserContext]:
    """One person's browser; the test fails if a page raised, broke the policy or called elsewhere."""
    context = chromium.new_context(base_url=live_server.url, **context_options)
    watch = Watch(context, live_server.url)
    yield context
    context.close()
    assert watch.complaints == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of that browser; addresses are relative to the live server."""
    return context.new_page()


@pytest.fixture
def no_js_page(chromium: Browser, live_server: Server, context_options: dict[str, Any]) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, **context_options)
    yield context.new_page()
    context.close()

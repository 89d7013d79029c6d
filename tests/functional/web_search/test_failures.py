"""When things go wrong on our side: the right status, a sentence, and the headers that every answer has."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import Environment, FileSystemLoader
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from kb.clock import now
from kb.config import Settings
from kb.gate.headers import HEADERS
from kb.people.models import User
from kb.web.pages import _environment
from tests.functional.web_search.conftest import Found
from tests.support.visitor import Visitor, words

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.testing import TestClient


@pytest.fixture
def templates_gone(app_client: TestClient[Litestar], settings: Settings) -> Iterator[Environment]:
    """The running application, its templates read, after their files have gone from the disk."""
    for thread in threading.enumerate():
        if thread.name == "kb-preload":
            thread.join()
    environment = _environment(settings.time_zone, "en")
    assert isinstance(environment.loader, FileSystemLoader)
    environment.loader.searchpath.clear()
    yield environment
    _environment.cache_clear()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_templates_are_read_at_the_start_and_never_again(
    app_client: TestClient[Litestar], templates_gone: Environment
):
    assert Visitor(app_client).get("/sign-in").status_code == 200
    assert "<h1>" in Visitor(app_client).get("/nowhere").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_failure_whose_page_fails_is_still_a_sentence(
    app_client: TestClient[Litestar], templates_gone: Environment
):
    assert templates_gone.cache is not None
    templates_gone.cache.clear()
    for path, status in (("/nowhere", 404), ("/sign-in", 500)):
        answer = Visitor(app_client).get(path)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/plain")
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert answer.text.endswith(".\n")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_has_no_address_is_answered_with_the_headers_too(app_client: TestClient[Litestar]):
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("DELETE", "/sign-in", 405),
        ("GET", "/api/v1/no", 404),
    ):
        answer = app_client.request(method, path)
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["cache-control"] == "no-store"
    assert '<html lang="zh-Hans"' in app_client.get("/nowhere", headers={"accept-language": "zh-CN"}).text


@pytest.fixture
def somebody_faster(library: Found) -> Iterator[None]:
    """Whoever makes an account finds that one with its address was made at that very moment."""

    def insert_first(session: Session, *_more: Any) -> None:
        for user in [one for one in session.new if isinstance(one, User)]:
            row = {
                "email": user.email,
                "name": "Faster",
                "locale": "en",
                "is_admin": False,
                "is_active": True,
            }
            session.execute(insert(User).values(id="faster000000", created_at=now(), **row))

    event.listen(Session, "before_flush", insert_first)
    yield
    event.remove(Session, "before_flush", insert_first)


@pytest.mark.usefixtures("somebody_faster")
def test_two_who_make_the_same_at_once_are_told_so_on_pages_too(library: Found):
    answer = library["admin"].send("/admin/users", {"name": "A", "email": "new@example.com"})
    assert answer.status_code == 409
    assert "Somebody changed the same thing at this moment." in words(answer)

"""One's own account: password, tokens, language; and the help everybody may read."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from kb.people.queries import user_by_email
from kb.people.services import FAILURES
from tests.functional.web_search.conftest import Found
from tests.functional.web_search.test_admin import SECRET
from tests.support.factories import PASSWORD, cookie_for, make_user
from tests.support.visitor import Visitor, words

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.testing import TestClient

    Client = TestClient[Litestar]

ME = "own@example.com"
NEW = "a-new-long-password"


@pytest.fixture
def me(library: Found) -> Visitor:
    """Somebody with a password, signed in."""
    with library.database.transaction() as session:
        make_user(session, ME, password=PASSWORD)
    visitor = Visitor(library.client)
    visitor.sign_in(ME, PASSWORD)
    return visitor


def test_a_changed_password_works_at_once_and_signs_other_browsers_out(me: Visitor, library: Found):
    other = Visitor(library.client)
    with library.database.transaction() as session:
        user = user_by_email(session, ME)
        assert user
        other.cookies |= cookie_for(session, user)
    me.get("/me")
    answer = me.send("/me/password", {"current_password": PASSWORD, "new_password": NEW})
    assert answer.headers["location"] == "/me"
    assert "Your password is changed." in words(me.get("/me"))
    assert other.get("/me").status_code == 303
    assert Visitor(library.client).sign_in(ME, PASSWORD).status_code == 422
    assert Visitor(library.client).sign_in(ME, NEW).status_code == 303


def test_a_refused_change_says_which_field_and_changes_nothing(me: Visitor):
    for fields, sentence in (
        ({"current_password": "wrong", "new_password": NEW}, "This is not your current password."),
        ({"current_password": PASSWORD, "new_password": "short"}, "at least 10 characters"),
        ({"current_password": PASSWORD}, "at least 10 characters"),
        ({}, "at least 10 characters"),
    ):
        me.get("/me")
        answer = me.send("/me/password", fields)
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert 'aria-invalid="true"' in answer.text
    assert me.sign_in(ME, PASSWORD).status_code == 303


def test_guessing_the_current_password_is_slowed(me: Visitor):
    me.get("/me")
    for _attempt in range(FAILURES):
        me.send("/me/password", {"current_password": "guess", "new_password": NEW})
    assert me.send("/me/password", {"current_password": PASSWORD, "new_password": NEW}).status_code == 429


def test_a_token_of_ones_own_works_until_it_is_ended(me: Visitor, library: Found):
    me.get("/me")
    made = me.send("/me/tokens", {"expires_days": ""})
    found = SECRET.search(made.text)
    assert found
    token = found[1]

    def status() -> int:
        library.client.cookies.clear()
        return library.client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).status_code

    assert status() == 200
    page = me.get("/me")
    assert token not in page.text
    mark = re.search(r'name="token" value="([^"]+)"', page.text)
    assert mark
    stranger = library["viewer"]
    stranger.get("/me")
    assert stranger.send("/me/tokens/end", {"token": mark[1]}).status_code == 404
    assert status() == 200
    assert me.send("/me/tokens/end", {"token": mark[1]}).status_code == 303
    assert status() == 401


def test_the_language_is_chosen_on_the_account_page_too(me: Visitor):
    me.get("/me")
    answer = me.send("/preferences", {"locale": "zh-Hans", "next": "/me"})
    assert answer.headers["location"] == "/me"
    assert '<html lang="zh-Hans"' in me.get("/me").text


def test_everybody_may_read_the_help_in_their_language(app_client: Client):
    for language, sentence in (("en", "Who sees a draft"), ("zh-Hans", "草稿谁能看见")):
        page = Visitor(app_client).get(f"/help?lang={language}")
        assert page.status_code == 200
        assert sentence in words(page)
        assert f'<article class="prose narrow help" lang="{language}"' in page.text


def test_both_languages_of_the_help_have_the_same_parts(app_client: Client):
    pages = [Visitor(app_client).get(f"/help?lang={language}").text for language in ("en", "zh-Hans")]
    parts = [re.findall(r'<h2 id="([^"]+)"', page) for page in pages]
    assert parts[0] == parts[1] != []
    assert pages[0].count("<tr>") == pages[1].count("<tr>")


def test_others_write_while_a_password_is_checked(
    me: Visitor, library: Found, monkeypatch: pytest.MonkeyPatch
):
    """Hashing takes long on purpose; a transaction that writes would keep everybody else waiting."""
    checking, written = Event(), Event()
    verify = PasswordHasher.verify

    def slowly(self: PasswordHasher, encoded: str, password: str) -> bool:
        checking.set()
        assert written.wait(20)
        return verify(self, encoded, password)

    me.get("/me")
    monkeypatch.setattr(PasswordHasher, "verify", slowly)
    change = {"current_password": PASSWORD, "new_password": NEW}
    for number, doing in enumerate(
        (lambda: me.send("/me/password", change), lambda: Visitor(library.client).sign_in(ME, NEW))
    ):
        with ThreadPoolExecutor(1) as other:
            answer = other.submit(doing)
            assert checking.wait(20)
            try:
                with library.database.transaction() as session:
                    make_user(session, f"meanwhile-{number}@example.com")
            finally:
                written.set()
            assert answer.result().status_code == 303
        checking.clear()
        written.clear()

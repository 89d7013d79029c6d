"""Signing in and out on pages: nothing is told about accounts, guessing is slowed, nobody is led astray."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.db import Database
from kb.gate.authentication import LOCALE_COOKIE, SESSION_COOKIE, THEME_COOKIE
from kb.people.queries import user_by_email
from kb.people.services import FAILURES, FAILURES_OF_ADDRESS, note_failure
from tests.support.factories import PASSWORD, cookie_for, make_user
from tests.support.visitor import Visitor, words

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.testing import TestClient

    Client = TestClient[Litestar]

EMAIL = "lin@example.com"


@pytest.fixture
def visitor(app_client: Client, database: Database) -> Visitor:
    """A stranger's browser; Lin has an account with a password, Wang one without."""
    with database.transaction() as session:
        make_user(session, EMAIL, name="Lin Xiaowen", password=PASSWORD)
        make_user(session, "wang@example.com")
    return Visitor(app_client)


def test_before_there_is_any_account_the_page_says_how_to_make_one(app_client: Client):
    page = Visitor(app_client).get("/sign-in")
    assert "kb user create" in page.text
    assert "--admin" in page.text
    assert 'name="password"' not in page.text


def test_a_stranger_is_led_to_sign_in_and_back(visitor: Visitor):
    away = visitor.get("/search?q=退款&kind=case")
    assert away.status_code == 303
    form = visitor.get(away.headers["location"])
    assert 'value="/search?q=%E9%80%80%E6%AC%BE&amp;kind=case"' in form.text
    there = visitor.send(
        "/sign-in", {"email": EMAIL, "password": PASSWORD, "next": "/search?q=%E9%80%80%E6%AC%BE&kind=case"}
    )
    assert there.headers["location"] == "/search?q=%E9%80%80%E6%AC%BE&kind=case"
    assert visitor.get("/search").status_code == 200


def test_capitals_and_spaces_in_the_address_do_not_matter(visitor: Visitor):
    assert visitor.sign_in("  LIN@Example.com ", PASSWORD).status_code == 303


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_is_led_to_another_site_but_anywhere_on_this_one(visitor: Visitor):
    for address, led in (
        ("https://evil.example", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("javascript:1", "/"),
        ("/search?q=退款", "/search?q=%E9%80%80%E6%AC%BE"),
    ):  # fmt: skip
        visitor.cookies.clear()
        answer = visitor.sign_in(EMAIL, PASSWORD, next=address)
        assert (answer.status_code, answer.headers["location"]) == (303, led)


def test_the_cookie_is_for_this_site_and_not_for_scripts(visitor: Visitor):
    answer = visitor.sign_in(EMAIL, PASSWORD)
    line = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(SESSION_COOKIE))
    assert "httponly" in line.lower()
    assert "samesite=lax" in line.lower()
    assert "path=/" in line.lower()


def test_wrong_is_answered_alike_whoever_is_meant(visitor: Visitor):
    for email in (EMAIL, "nobody@example.com", "wang@example.com", "", "a\0b@example.com", "x" * 5000):
        answer = visitor.sign_in(email, "not the password")
        assert answer.status_code == 422
        assert "The address or the password is not right." in words(answer)
        assert SESSION_COOKIE not in visitor.cookies


def test_what_was_typed_is_kept_but_not_the_password(visitor: Visitor):
    answer = visitor.sign_in(EMAIL, "a-wrong-password", next="/help")
    assert f'value="{EMAIL}"' in answer.text
    assert 'value="/help"' in answer.text
    assert "a-wrong-password" not in answer.text


def test_guessing_is_slowed_even_with_the_right_password(visitor: Visitor):
    for _attempt in range(FAILURES):
        assert visitor.sign_in(EMAIL, "guess").status_code == 422
    answer = visitor.sign_in(EMAIL, PASSWORD)
    assert answer.status_code == 429
    assert "Too many attempts." in words(answer)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_persons_mistyping_does_not_lock_out_their_office(visitor: Visitor):
    for _attempt in range(FAILURES + 1):
        visitor.sign_in("wang@example.com", "guess")
    assert visitor.sign_in(EMAIL, PASSWORD).status_code == 303


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_address_that_guesses_at_many_accounts_has_to_wait(visitor: Visitor, database: Database):
    with database.transaction() as session:
        for number in range(FAILURES_OF_ADDRESS):
            note_failure(session, f"{number}@example.com", "testclient")
    assert visitor.sign_in(EMAIL, PASSWORD).status_code == 429


def test_a_session_in_the_browser_before_is_ended_by_a_new_one(
    visitor: Visitor, app_client: Client, database: Database
):
    with database.transaction() as session:
        wang = user_by_email(session, "wang@example.com")
        assert wang
        visitor.cookies |= cookie_for(session, wang)
    old = Visitor(app_client, visitor.cookies)
    assert old.get("/search").status_code == 200
    visitor.get("/search")
    visitor.send("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert visitor.cookies[SESSION_COOKIE] != old.cookies[SESSION_COOKIE]
    assert old.get("/search").status_code == 303


def test_signing_out_ends_the_session_itself(visitor: Visitor, app_client: Client):
    visitor.sign_in(EMAIL, PASSWORD)
    kept = Visitor(app_client, visitor.cookies)
    visitor.get("/search")
    answer = visitor.send("/sign-out")
    assert answer.headers["location"] == "/sign-in"
    assert SESSION_COOKIE not in visitor.cookies
    assert kept.get("/search").status_code == 303
    assert "You are signed out." in words(visitor.get("/sign-in"))


def test_a_form_without_the_right_token_does_nothing(visitor: Visitor):
    visitor.sign_in(EMAIL, PASSWORD)
    visitor.token = "not-a-token"
    assert visitor.send("/sign-out").status_code == 403
    assert visitor.get("/search").status_code == 200


def test_a_language_chosen_on_any_page_is_kept_in_the_browser_and_with_the_account(
    visitor: Visitor, app_client: Client, database: Database
):
    assert '<html lang="zh-Hans"' in visitor.get("/help?lang=zh-Hans").text
    assert visitor.cookies[LOCALE_COOKIE] == "zh-Hans"
    assert '<html lang="zh-Hans"' in visitor.get("/help").text
    visitor.sign_in(EMAIL, PASSWORD)
    other = Visitor(app_client)
    with database.transaction() as session:
        lin = user_by_email(session, EMAIL)
        assert lin
        assert lin.locale == "zh-Hans"
        other.cookies |= cookie_for(session, lin)
    assert '<html lang="zh-Hans"' in other.get("/search").text


def test_a_stranger_who_asks_for_a_language_finds_the_form_in_it(visitor: Visitor):
    away = visitor.get("/search?lang=zh-Hans")
    assert '<html lang="zh-Hans"' in visitor.get(away.headers["location"]).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_theme_is_kept_and_an_unknown_one_changes_nothing(visitor: Visitor):
    dark = ' data-theme="dark"'
    for theme, kept, shown in (("dark", "dark", dark), ("<script>", "dark", dark), ("auto", "auto", "")):
        visitor.get("/sign-in")
        answer = visitor.send("/preferences", {"theme": theme, "next": "/help"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/help")
        assert f'<html lang="en"{shown}>' in visitor.get("/help").text
        assert visitor.cookies[THEME_COOKIE] == kept


def test_who_is_signed_in_already_is_led_on(visitor: Visitor):
    visitor.sign_in(EMAIL, PASSWORD)
    assert visitor.get("/sign-in?next=/help").headers["location"] == "/help"

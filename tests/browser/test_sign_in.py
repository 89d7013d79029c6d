"""Signing in with a real browser, switching language and theme, with scripts and without."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kb.db import Database
from kb.ids import new_id
from tests.support.factories import PASSWORD, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def email(live_database: Database) -> str:
    """The address of somebody with a password."""
    address = f"{new_id()}@example.com"
    with live_database.transaction() as session:
        make_user(session, address, name="Wang Min", password=PASSWORD)
    return address


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_one_signs_in_lands_where_one_wanted_and_signs_out(page: Page, email: str):
    page.goto("/search?q=refund")
    expect(page.get_by_label("Email")).to_be_focused()
    sign_in(page, email, "not the password")
    expect(page.get_by_role("alert")).to_contain_text("The address or the password is not right.")
    expect(page.get_by_label("Email")).to_have_value(email)
    expect(page.get_by_label("Password")).to_be_focused()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=refund$"))
    page.locator(".menu-me", has_text="Account: Wang Min").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page).to_have_url(re.compile("/sign-in"))


def test_the_language_is_switched_and_kept(page: Page, email: str):
    page.goto("/sign-in")
    page.get_by_role("link", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.goto("/help")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("heading", level=1)).to_have_text("帮助")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Help")


def _paper(page: Page) -> Any:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_theme_is_switched_and_kept(page: Page, no_js_page: Page, scripts: bool):
    shown = page if scripts else no_js_page
    shown.goto("/help")
    light = _paper(shown)
    shown.locator("summary[aria-label='Light or dark']").click()
    shown.get_by_role("button", name="Dark", exact=True).click()
    expect(shown.locator("html")).to_have_attribute("data-theme", "dark")
    assert _paper(shown) != light
    page_reloads_dark(shown)


def page_reloads_dark(page: Page) -> None:
    """The choice is with the server by now or soon: a reload after the answer shows it."""
    page.wait_for_load_state("networkidle")
    page.goto("/sign-in")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_without_scripts_one_signs_in_and_out_too(no_js_page: Page, email: str):
    no_js_page.goto("/me")
    sign_in(no_js_page, email)
    expect(no_js_page.get_by_role("heading", level=1)).to_have_text("Your account")
    no_js_page.locator(".menu-me", has_text="Account: Wang Min").click()
    no_js_page.get_by_role("button", name="Sign out").click()
    expect(no_js_page).to_have_url(re.compile("/sign-in"))

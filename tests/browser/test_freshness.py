"""Saying that a note is still right, by keyboard and without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kb.clock import now
from kb.db import Database
from kb.notes.models import Note
from tests.browser.notes_desk import Desk, make_desk
from tests.support.browser import axe_violations
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    desk.sign_in(context, live_server.url)
    with live_database.transaction() as session:
        session.get_one(Note, desk.note).check_by = now().date() - timedelta(days=40)
    return desk


def _check(page: Page, desk: Desk) -> None:
    page.goto("/")
    page.get_by_role("link", name="Read and check it").first.click()
    expect(page.locator(".trust")).to_contain_text("check overdue since")
    button = page.get_by_role("button", name="Still right")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="you have checked it")).to_be_visible()
    expect(page.locator(".trust")).to_contain_text("checked just now by 林悦")
    expect(page.locator(".trust")).not_to_contain_text("overdue")
    assert desk.stored(desk.note).check_by == now().date() + timedelta(days=365)


def test_one_press_says_it_is_still_right(desk: Desk, page: Page):
    _check(page, desk)
    assert axe_violations(page) == []


def test_the_same_without_scripts(desk: Desk, no_js_page: Page, live_server: Server):
    desk.sign_in(no_js_page.context, live_server.url)
    _check(no_js_page, desk)

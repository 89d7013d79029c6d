"""Saying what fills a slot of an item: by keyboard, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kb.checklists.services import add_item
from kb.db import Database
from kb.people.models import User
from tests.browser.notes_desk import Desk, make_desk
from tests.support.browser import axe_violations
from tests.support.factories import who
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    desk.sign_in(context, live_server.url)
    return desk


def _item(desk: Desk) -> str:
    fields = {"module": "Orders", "title": "Refunds", "slots": ["steps", "contacts"]}
    with desk.database.transaction() as session:
        leaver = who(session, session.get_one(User, desk.leaver))
        return add_item(session, leaver, desk.handover, fields).id


def _open(page: Page, slot: str) -> None:
    link = page.locator(f"#slot-{slot}").get_by_role("link", name="Written elsewhere, or not needed?")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("It is written here")).to_be_visible()


def _say(page: Page, desk: Desk, item: str) -> None:
    page.goto(f"/items/{item}")
    _open(page, "steps")
    page.get_by_label("It is written here").select_option(f"{desk.note}#s-步骤")
    page.get_by_role("button", name="Point at it").press("Enter")
    steps, contacts = page.locator("#slot-steps"), page.locator("#slot-contacts")
    expect(steps).to_contain_text("Written")
    expect(steps).to_contain_text("› 步骤")
    _open(page, "contacts")
    reason = page.get_by_label("Or: why there is nothing to write")
    reason.fill("n/a")
    page.get_by_role("button", name="Not needed").press("Enter")
    expect(reason).to_have_value("n/a")
    expect(reason).to_have_attribute("aria-invalid", "true")
    reason.fill("Nobody outside is involved.")
    page.get_by_role("button", name="Not needed").press("Enter")
    expect(contacts).to_contain_text("Nobody outside is involved.")
    expect(contacts).to_contain_text("Said by 林悦, just now")


def test_a_slot_is_filled_by_keyboard(desk: Desk, page: Page):
    item = _item(desk)
    page.goto(f"/items/{item}?slot=contacts#slot-contacts")
    page.get_by_label("Or: why there is nothing to write").fill("tbd")
    page.get_by_role("button", name="Not needed").press("Enter")
    expect(page.get_by_label("Or: why there is nothing to write")).to_be_focused()
    assert axe_violations(page) == []
    _say(page, desk, item)
    assert axe_violations(page) == []


def test_the_same_without_scripts(desk: Desk, no_js_page: Page, live_server: Server):
    desk.sign_in(no_js_page.context, live_server.url)
    _say(no_js_page, desk, _item(desk))

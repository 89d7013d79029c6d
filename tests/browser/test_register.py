"""The register in a browser: cards on a phone, a step recorded by keyboard, a refusal that is led to."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kb.db import Database
from kb.people.models import User
from kb.registers.services import add_entry
from tests.browser.notes_desk import Desk, make_desk
from tests.support.browser import axe_violations
from tests.support.factories import who
from tests.support.server import Server

pytestmark = pytest.mark.browser
LONG = "https://accounts.example.com/console/very/long/address/without/any/blank/in/it/at/all/really"


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    desk.sign_in(context, live_server.url)
    return desk


def _enter(desk: Desk, **fields: str) -> str:
    with desk.database.transaction() as session:
        leaver = session.get_one(User, desk.leaver)
        data = {"kind": "account", "name": "淘宝后台", "holder": leaver.email, "location": LONG} | fields
        return add_entry(session, who(session, leaver), desk.handover, data).id


def test_on_a_phone_entries_are_cards_that_fit(desk: Desk, page: Page):
    entry = _enter(desk, new_holder="A holder with quite a long name indeed", expires_on="2026-01-31")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"/handovers/{desk.handover}/register")
    card = page.locator(f"#entry-{entry}")
    expect(card).to_have_css("display", "grid")
    expect(page.locator(".register thead")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    name, state = (
        card.get_by_role("link", name="淘宝后台").bounding_box(),
        card.locator("td").nth(1).bounding_box(),
    )
    assert name and state and name["y"] + name["height"] <= state["y"] + 1
    assert axe_violations(page) == []


def test_a_step_is_recorded_by_keyboard(desk: Desk, page: Page):
    entry = _enter(desk)
    page.goto(f"/register/{entry}")
    page.get_by_role("radio", name="Shared").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Transferred")).to_be_checked()
    page.get_by_label("Who takes it over").fill("Successor")
    page.get_by_role("button", name="Record the step").press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("What shows it: Say what shows it")
    summary.get_by_role("link").press("Enter")
    evidence = page.get_by_label("What shows it")
    expect(evidence).to_be_focused()
    expect(evidence).to_have_attribute("aria-invalid", "true")
    page.keyboard.type("Signed in as successor on 21 November")
    page.get_by_role("button", name="Record the step").press("Enter")
    expect(page.locator(".steps")).to_contain_text("Signed in as successor on 21 November")
    assert axe_violations(page) == []


def test_on_a_phone_the_tab_one_is_on_is_in_sight(desk: Desk, page: Page):
    page.set_viewport_size({"width": 390, "height": 800})
    for path in ("", "/register", "/practice", "/signoff"):
        page.goto(f"/handovers/{desk.handover}{path}")
        tabs, current = (page.locator(".page-tabs .tabs"), page.locator(".page-tabs .tabs > [aria-current]"))
        outer, inner = tabs.bounding_box(), current.bounding_box()
        assert outer and inner
        assert outer["x"] <= inner["x"]
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]

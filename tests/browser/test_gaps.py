"""The page of what was looked for in vain, in a browser: readable in every setting, and leading somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from kb.clock import now
from kb.db import Database
from kb.search.gaps.services import Noted, keep
from tests.support.browser import axe_violations
from tests.support.factories import cookie_for, make_handover, make_user, who
from tests.support.server import Server

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Place:
    """A handover with gaps, and the session of its leaver."""

    address: str
    token: str


@pytest.fixture
def place(live_database: Database) -> Place:
    with live_database.transaction() as session:
        leaver, successor = make_user(session, name="林晓雯"), make_user(session, name="陈思远")
        handover = make_handover(session, leaver=leaver, successor=successor)
        session.flush()
        person = who(session, successor)
        texts = ("海外仓退货", "customs papers", "错误代码" * 28, "verylongword" * 9, "customs papers")
        for minutes, text in enumerate(texts, -10):
            keep(session, Noted(person, text, None, 0, now() + timedelta(minutes=minutes)))
        return Place(f"/handovers/{handover.id}/gaps", cookie_for(session, leaver)["kb_session"])


def settle(context: BrowserContext, live_server: Server, place: Place, language: str, theme: str) -> None:
    cookies = {"kb_session": place.token, "kb_locale": language, "kb_theme": theme}
    context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])


@pytest.mark.parametrize(
    ("language", "width", "theme"),
    [("en", 1280, "dark"), ("zh-Hans", 1280, "light"), ("zh-Hans", 390, "dark"), ("en", 320, "light")],
)
def test_it_is_readable(
    context: BrowserContext, live_server: Server, place: Place, language: str, width: int, theme: str
):
    settle(context, live_server, place, language, theme)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(place.address)
    expect(page.locator(".gap")).to_have_count(4)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_it_leads_to_writing_to_searching_and_away(
    context: BrowserContext, live_server: Server, place: Place
):
    settle(context, live_server, place, "en", "light")
    page = context.new_page()
    page.goto(place.address)
    first = page.locator(".gap").first
    expect(first).to_contain_text("searched 2 times · by one person")
    first.get_by_role("link", name="Write a note").click()
    expect(page.locator("[name=title]")).to_have_value("customs papers")
    page.goto(place.address)
    page.locator(".gap").first.get_by_role("link", name="Search now").click()
    expect(page.locator("[data-search-input]").first).to_have_value("customs papers")
    page.goto(place.address)
    page.locator(".gap").first.get_by_role("link", name="Same as …").click()
    expect(page.locator("[name=term]")).to_have_value("customs papers")
    expect(page.locator("[name=synonyms]")).to_be_focused()
    page.goto(place.address)
    page.get_by_role("button", name="Set aside: customs papers").click()
    expect(page.locator(".gap")).to_have_count(3)
    expect(page.get_by_text("customs papers")).to_have_count(0)

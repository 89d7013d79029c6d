"""Other words for what was typed: said, switched off and on in one click; and pages that stay what they were."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from kb.db import Database
from kb.people.queries import user_by_email
from kb.search.glossary.services import add
from tests.browser.search_desk import SearchDesk, make_search_desk
from tests.browser.test_search_page import asked, hits
from tests.support.factories import who
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_server: Server, live_database: Database, context: BrowserContext) -> SearchDesk:
    """The browser is signed in as the successor."""
    desk = make_search_desk(live_server, live_database)
    desk.sign_in(context)
    return desk


@pytest.fixture
def glossary(desk: SearchDesk) -> SearchDesk:
    """The team says chargeback for what the notes call 退款额度."""
    with desk.database.transaction() as session:
        leaver = user_by_email(session, desk.leaver)
        assert leaver
        add(session, who(session, leaver), {"term": "wurble", "synonyms": ["退款额度", "refunds abroad"]})
    return desk


def widened(page: Page) -> Locator:
    return page.locator(".widened")


def test_what_was_also_searched_is_said_and_switched_off_in_one_click(page: Page, glossary: SearchDesk):
    page.goto("/search?q=wurble&type=note")
    expect(widened(page)).to_contain_text("Also searched for")
    expect(widened(page)).to_contain_text("退款额度")
    expect(hits(page)).to_have_count(2)
    page.get_by_role("link", name="Search only for what I typed").click()
    assert asked(page) == {"q": ["wurble"], "type": ["note"], "expand": ["0"]}
    expect(hits(page)).to_have_count(0)
    page.get_by_role("link", name="Search for other words too").click()
    expect(hits(page)).to_have_count(2)
    page.go_back()
    expect(hits(page)).to_have_count(0)


def test_other_words_are_marked_in_the_note_as_well(page: Page, glossary: SearchDesk):
    page.goto("/search?q=wurble&type=note")
    hits(page).filter(has_text="退款额度").click()
    page.wait_for_url(re.compile(r"/notes/\w+\?q=wurble&also="))
    page.locator("[data-found-at]").wait_for()
    marked = page.evaluate("() => [...CSS.highlights.get('found')].map((range) => range.toString())")
    assert set(marked) == {"退款"}


@pytest.mark.parametrize(("typed", "meant"), [("convertet", "converted"), ("腿款", "退款")])
def test_did_you_mean_is_offered_and_keeps_the_filters(page: Page, desk: SearchDesk, typed: str, meant: str):
    page.goto(f"/search?q={typed}&tag=退款&sort=newest")
    link = page.locator("[data-meant]")
    expect(link).to_have_text(meant)
    expect(page.locator("#q-page")).to_have_value(typed)  # nothing is replaced in silence
    link.click()
    assert asked(page) == {"q": [meant], "tag": ["退款"], "sort": ["newest"]}
    expect(hits(page).first).to_be_visible()
    expect(page.locator("[data-meant]")).to_have_count(0)


def test_turning_pages_misses_nothing_while_others_write(page: Page, desk: SearchDesk):
    page.goto(f"/search?handover={desk.handovers['shop']}&type=note&limit=1")
    first = hits(page).inner_text()
    desk.write("退款新规", "退款")
    page.get_by_role("link", name="Next").click()
    second = hits(page).inner_text()
    assert {first, second} == {"退款审核", "退款额度"}
    assert asked(page)["offset"] == ["1"]
    expect(page.get_by_role("link", name="Next")).to_have_count(0)
    page.get_by_role("link", name="Previous").click()
    expect(hits(page)).to_have_text([first])

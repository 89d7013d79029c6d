"""What a search is told by its page: filters that were typed, words that stand nowhere, how to ask; remarks marked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kb.annotations.services import create_annotation
from kb.db import Database
from kb.people.queries import user_by_email
from tests.browser.search_desk import SearchDesk, make_search_desk
from tests.browser.test_search_page import asked, hits
from tests.support.browser import axe_violations
from tests.support.factories import who
from tests.support.server import Server
from tests.support.visits import until_indexed

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_server: Server, live_database: Database, context: BrowserContext) -> SearchDesk:
    """The browser is signed in as the successor."""
    desk = make_search_desk(live_server, live_database)
    desk.sign_in(context)
    return desk


def test_a_typed_filter_is_taken_off_by_its_chip_and_changed_by_its_facet(page: Page, desk: SearchDesk):
    page.goto("/search")
    page.locator("#q-page").fill("类型：案例 退款 or refund")
    chips = page.get_by_role("list", name="Filters").get_by_role("link")
    expect(chips).to_have_text(["Kind of note: Case"])
    expect(hits(page)).to_have_count(1)
    facet = page.locator("[data-facet=kind] a")
    expect(facet.locator(".facet-name")).to_have_text(["Case", "Pitfall", "Procedure"])
    facet.filter(has_text="Procedure").click()
    assert asked(page) == {"q": ["退款 or refund"], "kind": ["procedure"]}
    page.go_back()
    chips.first.click()
    assert asked(page) == {"q": ["退款 or refund"]}
    expect(page.locator("#q-page")).to_have_value("退款 or refund")
    expect(hits(page)).to_have_count(3)


def test_what_stands_nowhere_is_said_and_can_be_asked_for(page: Page, desk: SearchDesk):
    page.goto("/search?q=xylophone 退款")
    notice = page.get_by_role("note")
    expect(notice).to_contain_text("“xylophone” is written nowhere you may read")
    expect(notice.get_by_role("link", name="Ask 林晓雯")).to_be_visible()
    assert axe_violations(page) == []
    page.locator("#q-page").fill("退款")
    expect(notice).to_have_count(0)


def test_how_to_ask_is_told_on_the_page_and_in_the_help(page: Page, desk: SearchDesk):
    page.goto("/search?q=退款")
    page.get_by_text("How to search more exactly").click()
    for way in ("refu*", "in:title refund", "importance:critical", "author:…", "module:…", "tag:…"):
        expect(page.locator(".help-syntax code", has_text=way)).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("link", name="More about searching").click()
    page.wait_for_url(re.compile("/help#searching"))
    expect(page.locator("#searching")).to_be_in_viewport()


def test_a_remark_is_reached_with_the_words_marked(page: Page, desk: SearchDesk):
    with desk.database.transaction() as session:
        leaver = user_by_email(session, desk.leaver)
        assert leaver
        said = {"kind": "comment", "body": "也要看退款申请的 zymurgy 表", "exact": "先核对订单"}
        create_annotation(session, who(session, leaver), desk.notes["audit"], said)
    until_indexed(desk.server)
    page.goto("/search?q=zymurgy 退款申请&type=annotation")
    hits(page).first.click()
    page.wait_for_url(re.compile(r"\?q=.*#a-"))
    marked = page.locator(".remarks-list mark")
    expect(marked).to_have_text(["退款申请", "zymurgy"])
    page.locator("#found [data-found='0']").click()
    expect(marked).to_have_count(0)
    expect(page.locator(".remark-said")).to_have_text("也要看退款申请的 zymurgy 表")

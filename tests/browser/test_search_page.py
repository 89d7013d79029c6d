"""The results page: narrowing, sorting, turning pages, sharing, and what to do when nothing is there."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from kb.db import Database
from tests.browser.search_desk import SearchDesk, make_search_desk
from tests.support.browser import axe_violations
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_server: Server, live_database: Database, context: BrowserContext) -> SearchDesk:
    """The browser is signed in as the successor."""
    desk = make_search_desk(live_server, live_database)
    desk.sign_in(context)
    return desk


def hits(page: Page) -> Locator:
    return page.locator("#results [data-hit]")


def asked(page: Page) -> dict[str, list[str]]:
    """The parameters in the address."""
    return parse_qs(urlsplit(page.url).query)


def test_facets_narrow_down_and_everything_stands_in_the_address(page: Page, desk: SearchDesk):
    page.goto("/search?q=退款 or refund")
    expect(hits(page)).to_have_count(3)
    page.locator("[data-facet=handover] a", has_text="店铺交接").click()
    page.locator("[data-facet=kind] a", has_text="Procedure").click()
    expect(hits(page)).to_have_text(["退款额度"])
    assert asked(page) == {
        "q": ["退款 or refund"],
        "handover": [desk.handovers["shop"]],
        "kind": ["procedure"],
    }
    chosen = page.get_by_role("list", name="Filters")
    expect(chosen.get_by_role("link")).to_have_text(
        ["Handover: 店铺交接", "Kind of note: Procedure", "Without any filter"]
    )
    shared = page.context.new_page()
    shared.goto(page.url)
    expect(hits(shared)).to_have_text(["退款额度"])
    chosen.get_by_role("link", name="Kind of note").click()
    expect(hits(page)).to_have_count(2)
    page.go_back()
    expect(hits(page)).to_have_text(["退款额度"])
    page.get_by_role("link", name="Without any filter").click()
    expect(hits(page)).to_have_count(3)


def test_counts_say_what_a_click_will_leave(page: Page, desk: SearchDesk):
    page.goto("/search?q=退款 or refund")
    entries = page.locator("[data-facet=kind] a").all()
    counts = {
        entry.locator(".facet-name").inner_text(): entry.locator(".count").inner_text() for entry in entries
    }
    assert counts == {"Case": "1", "Procedure": "1", "Pitfall": "1"}
    page.locator("[data-facet=kind] a", has_text="Case").click()
    expect(page.locator("#results")).to_have_attribute("data-total", "1")


def test_the_order_is_in_the_address_and_kept_while_typing_on(page: Page, desk: SearchDesk):
    page.goto("/search?q=退款")
    page.get_by_role("link", name="Newest first").click()
    expect(page).to_have_url(re.compile(r"sort=newest"))
    expect(page.get_by_role("link", name="Newest first")).to_have_attribute("aria-current", "true")
    page.locator("#q-page").fill("退款额度")
    expect(page).to_have_url(re.compile(r"sort=newest.*q=%E9%80%80%E6%AC%BE%E9%A2%9D%E5%BA%A6"))
    best = page.get_by_role("link", name="Best first")
    expect(best).to_have_attribute(
        "href", re.compile("%E9%A2%9D%E5%BA%A6")
    )  # the list has followed the address
    best.click()
    expect(hits(page).first).to_have_text("退款额度")
    assert asked(page) == {"q": ["退款额度"]}


def test_a_hit_says_what_it_is_and_how_far_to_trust_it(page: Page, desk: SearchDesk):
    page.goto("/search?q=批准退款申请")
    hit = page.locator(".hit").first
    expect(hit.locator(".hit-path")).to_have_text(re.compile("Case.*店铺交接.*› 步骤.*› 审批", re.DOTALL))
    expect(hit.locator(".hit-snippet mark").first).to_have_text("批准退款申请")
    expect(hit.locator(".trust")).to_have_text(re.compile("林晓雯.*just now.*not accepted yet", re.DOTALL))


def test_nothing_found_has_somewhere_to_go(page: Page, desk: SearchDesk):
    page.goto("/search?q=zzqx 发票&kind=case")
    expect(page.get_by_role("heading", name="Nothing found for “zzqx 发票”")).to_be_visible()
    page.get_by_role("link", name="Search without filters").click()
    assert asked(page) == {"q": ["zzqx 发票"]}
    expect(page.locator(".nothing .days").first).to_have_text(re.compile(r"\d+ days left"))
    expect(page.get_by_role("link", name="Ask 林晓雯")).to_have_attribute(
        "href", re.compile(f"mailto:{desk.leaver}")
    )
    expect(page.get_by_text("This search is kept for the person leaving")).to_be_visible()
    assert axe_violations(page) == []


def test_an_answer_that_does_not_come_is_seen_and_can_be_asked_for_again(page: Page, desk: SearchDesk):
    page.goto("/search?q=退款")
    page.route("**/search?*", lambda route: route.abort())
    page.locator("#q-page").fill("refund")
    expect(page.locator("#results [data-failed]")).to_be_visible()
    expect(hits(page).first).to_be_visible()  # what was found before is still there
    page.unroute("**/search?*")
    page.keyboard.press("Enter")
    expect(hits(page).first).to_have_text("Refunds abroad")
    expect(page.locator("#results [data-failed]")).to_have_count(0)


def test_the_page_is_sound_for_assistive_technology(page: Page, desk: SearchDesk):
    for address in ("/search?q=退款&kind=case&sort=newest", "/search?q=退款&expand=0"):
        page.goto(address)
        expect(hits(page).first).to_be_visible()
        assert axe_violations(page) == []


def test_what_is_offered_while_typing_says_what_it_is(page: Page, desk: SearchDesk):
    page.goto("/help")
    page.keyboard.press("/")
    page.keyboard.type("退")
    offered = page.get_by_role("option")
    expect(offered.last).to_have_text("Search all text for “退”")
    tag = page.locator("[role=option][data-type=tag]")
    expect(tag).to_have_text(re.compile("退款.*Tag"))
    tag.click()
    page.wait_for_url(re.compile("tag="))
    expect(hits(page)).to_have_count(3)

"""Searching as people do: while typing, with an input method, by keyboard, back and forth, without scripts."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from kb.db import Database
from tests.support.browser import compose
from tests.support.factories import cookie_for, make_handover, make_note, make_user
from tests.support.server import Server
from tests.support.visits import until_indexed

pytestmark = pytest.mark.browser
Ids = dict[str, str]


@pytest.fixture
def ids(live_server: Server, live_database: Database, context: BrowserContext) -> Ids:
    """A handover of two notes; the browser is signed in as its successor."""
    with live_database.transaction() as session:
        leaver, successor = make_user(session, name="林晓雯"), make_user(session, name="Chen Siyuan")
        ours = make_handover(session, manager=leaver, leaver=leaver, successor=successor, title="店铺交接")
        body = "## 什么时候做\n\n" + "每天两次。\n\n" * 40 + "## 审批步骤\n\n先核对订单，再批准退款申请。\n"
        chinese = make_note(session, leaver, ours, title="退款审核", body=body, kind="case")
        english = make_note(session, leaver, ours, title="Parcels that come back", body="Weigh the parcel.\n")
        cookies = cookie_for(session, successor)
        found = {"chinese": chinese.id, "english": english.id, "session": cookies["kb_session"]}
    until_indexed(live_server)
    context.add_cookies([{"name": "kb_session", "value": found["session"], "url": live_server.url}])
    return found


class Asked:
    """What scripts have asked the server for."""

    def __init__(self, page: Page) -> None:
        self.searches: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.headers.get("hx-request") == "true":
            self.searches.append(httpx.URL(request.url).params.get("q", ""))


def box(page: Page) -> Any:
    return page.locator("#q-page")


def test_results_come_while_typing_and_the_address_is_the_search(page: Page, ids: Ids):
    page.goto("/search")
    page.keyboard.type("parcel")  # the box has the focus
    expect(page.locator("#results [data-hit]")).to_have_text(["Parcels that come back"])
    expect(page).to_have_url(re.compile(r"/search\?q=parcel$"))
    expect(page.locator("#live")).to_have_text("1 result")
    expect(box(page)).to_be_focused()


def test_an_input_method_fires_no_half_typed_query(page: Page, ids: Ids):
    page.goto("/search")
    asked = Asked(page)
    compose(page, ["t", "tu", "tui", "tuik", "tuiku", "tuikua", "tuikuan"], "退款")
    expect(page.locator("#results [data-hit]").first).to_have_text("退款审核")
    assert asked.searches == ["退款"]


def test_an_input_method_fires_no_half_typed_suggestion(page: Page, ids: Ids):
    page.goto("/help")
    asked = Asked(page)
    page.keyboard.press("/")
    compose(page, ["t", "tu", "tuik", "tuikuan"], "退款")
    expect(page.get_by_role("option")).to_have_count(2)  # and all results
    assert asked.searches == ["退款"]


def test_back_and_forward_walk_through_the_searches(page: Page, ids: Ids):
    page.goto("/search?q=parcel")
    box(page).fill("退款")
    expect(page.locator("#results [data-hit]").first).to_have_text("退款审核")
    page.go_back()
    expect(page.locator("#results [data-hit]")).to_have_text(["Parcels that come back"])
    expect(box(page)).to_have_value("parcel")
    page.go_forward()
    expect(page.locator("#results [data-hit]").first).to_have_text("退款审核")
    expect(box(page)).to_have_value("退款")


def test_arrow_keys_walk_the_results_and_enter_opens_the_passage(page: Page, ids: Ids):
    page.goto("/search")
    page.keyboard.type("批准退款")
    hits = page.locator("#results [data-hit]")
    expect(hits.first).to_contain_text("退款审核")
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/notes/{ids['chinese']}\?q=.*#s-"))
    passage = page.get_by_role("heading", name="审批步骤")
    expect(passage).to_be_in_viewport()


def test_suggestions_in_the_header_are_walked_and_opened(page: Page, ids: Ids):
    page.goto("/help")
    page.keyboard.press("/")
    page.keyboard.type("parc")
    expect(page.get_by_role("option")).to_have_count(2)  # and all results
    header = page.locator("#q-top")
    expect(header).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(header).to_have_attribute("aria-activedescendant", "suggest-top-0")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/notes/{ids['english']}"))


def test_filters_are_clicked_and_kept_while_typing_on(page: Page, ids: Ids):
    page.goto("/search?q=退款 or parcel")
    expect(page.locator("#results [data-hit]")).to_have_count(2)
    page.locator("[data-facet=kind] a", has_text="Case").click()
    expect(page.locator("#results [data-hit]")).to_have_text(["退款审核"])
    box(page).fill("parcel")
    expect(page.locator("#results")).to_have_attribute("data-total", "0")
    expect(page).to_have_url(re.compile("kind=case"))
    page.get_by_role("link", name="Search without filters").click()
    expect(page.locator("#results [data-hit]")).to_have_text(["Parcels that come back"])


def test_the_language_can_be_changed_without_losing_the_search(page: Page, ids: Ids):
    page.goto("/search")
    page.keyboard.type("退款")
    expect(page.locator("#results [data-hit]").first).to_have_text("退款审核")
    page.get_by_role("link", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("#q-page")).to_have_value("退款")
    expect(page.locator("#results [data-hit]").first).to_have_text("退款审核")


def test_without_scripts_the_form_searches_and_filters_are_links(
    no_js_page: Page, live_server: Server, ids: Ids
):
    no_js_page.context.add_cookies([{"name": "kb_session", "value": ids["session"], "url": live_server.url}])
    no_js_page.goto("/search")
    no_js_page.locator("#q-page").fill("退款 or parcel")
    no_js_page.keyboard.press("Enter")
    expect(no_js_page.locator("#results [data-hit]")).to_have_count(2)
    no_js_page.locator("[data-facet=kind] a", has_text="Case").click()
    expect(no_js_page.locator("#results [data-hit]")).to_have_count(1)
    no_js_page.locator("#results [data-hit]").click()
    no_js_page.wait_for_url(re.compile(rf"/notes/{ids['chinese']}"))

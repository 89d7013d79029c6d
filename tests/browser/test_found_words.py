"""From a hit to its passage: the words are marked in the note, without touching its text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kb.db import Database
from tests.browser.search_desk import SearchDesk, make_search_desk
from tests.support.browser import axe_violations
from tests.support.server import Server

pytestmark = pytest.mark.browser

MARKED = "() => [...(CSS.highlights.get('found') ?? [])].map((range) => range.toString())"
HERE = "() => [...CSS.highlights.get('found-here')].map((range) => range.toString())"
IN_SIGHT = """() => {
  const box = [...CSS.highlights.get('found-here')][0].getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}"""


@pytest.fixture
def desk(live_server: Server, live_database: Database, context: BrowserContext) -> SearchDesk:
    """The browser is signed in as the successor."""
    desk = make_search_desk(live_server, live_database)
    desk.sign_in(context)
    return desk


def open_first_hit(page: Page, words: str) -> None:
    page.goto(f"/search?q={words}")
    page.locator("#results [data-hit]").first.click()


def test_a_hit_lands_on_the_passage_with_the_words_marked(page: Page, desk: SearchDesk):
    open_first_hit(page, "退款申请")
    expect(page.locator("#found")).to_contain_text("2 places marked")
    assert page.evaluate(MARKED) == ["退款申请", "退款申请"]
    assert page.evaluate(IN_SIGHT)
    expect(page.get_by_role("heading", name="审批")).to_be_in_viewport()
    expect(page.locator("#live")).to_have_text("2 places marked")
    expect(page.locator(".note-body mark")).to_have_count(0)
    expect(page.locator("#q-top")).to_have_value("退款申请")  # to search on from here
    assert axe_violations(page) == []


def test_the_places_are_walked_by_key_and_by_button_and_cleared(page: Page, desk: SearchDesk):
    open_first_hit(page, "退款申请")
    at = page.locator("[data-found-at]")
    expect(at).to_have_text("1 / 2")
    page.keyboard.press("n")
    expect(at).to_have_text("2 / 2")
    page.get_by_role("button", name="Next place").click()
    expect(at).to_have_text("1 / 2")
    page.keyboard.press("p")
    expect(at).to_have_text("2 / 2")
    assert page.evaluate(IN_SIGHT)
    page.get_by_role("button", name="Clear the marks").click()
    expect(page.locator("#found")).to_have_count(0)
    assert page.evaluate(MARKED) == []
    expect(page).to_have_url(re.compile(rf"/notes/{desk.notes['audit']}#s-"))


@pytest.mark.parametrize(
    ("words", "marked"),
    [("退款申請", ["退款申请", "退款申请"]), ("ＲＥＦＵＮＤＳ", ["refund"]), ("converting", ["converted"])],
)
def test_the_words_are_marked_by_the_rules_they_were_found_by(
    page: Page, desk: SearchDesk, words: str, marked: list[str]
):
    """Traditional characters, full width, other forms of a word."""
    open_first_hit(page, words)
    expect(page.locator("#found")).to_be_visible()
    assert page.evaluate(MARKED) == marked


def test_what_was_searched_beside_is_marked_too(page: Page, desk: SearchDesk):
    page.goto(f"/notes/{desk.notes['abroad']}?q=退款&also=refund")
    expect(page.locator("#found")).to_contain_text("1 place marked")
    assert page.evaluate(HERE) == ["refund"]


def test_a_note_opened_otherwise_is_left_alone(page: Page, desk: SearchDesk):
    page.goto(f"/notes/{desk.notes['audit']}")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#found")).to_have_count(0)
    page.goto(f"/notes/{desk.notes['audit']}?q=zzqx")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#found")).to_have_count(0)


def test_without_scripts_a_hit_leads_to_its_heading(no_js_page: Page, desk: SearchDesk):
    desk.sign_in(no_js_page.context)
    open_first_hit(no_js_page, "退款申请")
    expect(no_js_page.get_by_role("heading", name="审批")).to_be_in_viewport()
    assert "#s-" in no_js_page.url

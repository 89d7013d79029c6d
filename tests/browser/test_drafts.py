"""Nothing typed is lost: the page is killed, another window or device is open, the note has moved on."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from kb.db import Database
from tests.browser.drafts_desk import KEPT, drafts_of, save, state_of, text_of
from tests.browser.notes_desk import Desk, make_desk
from tests.support.browser import axe_violations
from tests.support.server import PATIENCE, Server

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    desk.sign_in(context, live_server.url)
    return desk


def test_the_page_is_killed_and_the_words_are_offered_on_two_devices(
    desk: Desk, page: Page, context: BrowserContext, chromium: Browser, live_server: Server,
    context_options: dict[str, Any],
):  # fmt: skip
    page.goto(f"{desk.address}/edit")
    text_of(page).fill("写到一半 😀")
    expect(state_of(page)).to_have_text(KEPT)
    page.close()  # nobody is asked, nothing is saved
    other = chromium.new_context(base_url=live_server.url, **context_options)
    desk.sign_in(other, live_server.url)
    for device in (other.new_page(), context.new_page()):
        device.goto("/")
        device.get_by_role("link", name="Go on writing").first.click()
        expect(text_of(device)).to_have_value("写到一半 😀")
        device.goto(f"{desk.address}/edit")
        expect(text_of(device)).not_to_have_value("写到一半 😀")
        assert axe_violations(device) == []
        device.get_by_role("link", name="Bring it back").click()
        expect(text_of(device)).to_have_value("写到一半 😀")
    save(device)
    expect(page_notice(device)).to_have_text(re.compile(r"Saved \d\d:\d\d:\d\d, revision 2\."))
    other.close()
    assert desk.stored(desk.note).body == "写到一半 😀"
    assert drafts_of(desk) == []


def page_notice(page: Page) -> Locator:
    return page.locator(".flashes .notice-text")


def test_a_new_note_is_kept_before_it_is_one(desk: Desk, page: Page, context: BrowserContext):
    page.goto(f"/handovers/{desk.handover}/notes/new")
    page.get_by_label("Title").fill("夜里停电")
    expect(state_of(page)).to_have_text(KEPT)
    page.close()
    again = context.new_page()
    again.goto(f"/handovers/{desk.handover}/notes/new")
    again.get_by_role("link", name="Bring it back").click()
    expect(again.get_by_label("Title")).to_have_value("夜里停电")
    again.locator("summary", has_text="Forget it").click()
    again.get_by_role("button", name="Yes, forget them").click()
    expect(again.get_by_label("Title")).to_have_value("")
    assert drafts_of(desk) == []


def test_words_typed_in_the_last_moment_are_in_the_browser(desk: Desk, page: Page, context: BrowserContext):
    page.goto(f"{desk.address}/edit")
    page.route("**/draft", lambda route: route.abort())
    text_of(page).fill("没有送到")
    expect(state_of(page)).to_have_text(re.compile("kept in this browser"))
    page.close()
    again = context.new_page()
    again.goto(f"{desk.address}/edit")
    again.get_by_role("link", name="Bring it back").click()
    expect(text_of(again)).to_have_value("没有送到")


def test_an_offered_draft_is_dropped_and_what_is_typed_meanwhile_stays(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    text_of(page).fill("不要了")
    expect(state_of(page)).to_have_text(KEPT)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.address}/edit")
    text_of(page).fill("新的")
    page.locator("summary:visible", has_text="Drop it").click()
    expect(page.get_by_role("link", name="Bring it back")).to_be_visible()
    page.get_by_role("button", name="Yes, forget them").click()
    expect(page.get_by_role("link", name="Bring it back")).to_be_hidden()
    expect(text_of(page)).to_have_value("新的")
    expect(state_of(page)).to_have_text(KEPT)
    assert [draft.fields["body"] for draft in drafts_of(desk)] == ["新的"]


def test_a_draft_older_than_the_note_is_put_together_with_it(desk: Desk, page: Page, context: BrowserContext):
    text = desk.stored(desk.note).body
    page.goto(f"{desk.address}/edit")
    text_of(page).fill(text.replace("最后点同意", "最后点确认"))
    expect(state_of(page)).to_have_text(KEPT)
    page.close()
    faster = context.new_page()
    faster.goto(f"{desk.address}/edit")
    text_of(faster).fill(text.replace("预售订单", "预售和定制订单"))
    save(faster)
    faster.wait_for_url(f"**{desk.address}")
    faster.goto(f"{desk.address}/edit")
    expect(faster.locator(".drafts")).to_contain_text("Typed on revision 1; the note is at revision 2 since.")
    faster.get_by_role("link", name="Bring it back").click()
    save(faster)
    expect(faster.locator(".conflict")).to_be_visible()
    both = text.replace("最后点同意", "最后点确认").replace("预售订单", "预售和定制订单")
    expect(text_of(faster)).to_have_value(both)
    assert desk.stored(desk.note).revision == 2


def test_two_windows_of_one_note_are_both_kept(desk: Desk, page: Page, context: BrowserContext):
    other = context.new_page()
    for window, words in ((page, "第一个窗口"), (other, "第二个窗口")):
        window.goto(f"{desk.address}/edit")
        text_of(window).fill(words)
        expect(state_of(window)).to_have_text(KEPT)
    expect(state_of(other)).to_contain_text("both are kept")
    assert sorted(draft.fields["body"] for draft in drafts_of(desk)) == ["第一个窗口", "第二个窗口"]


def test_long_typing_is_kept_without_a_pause(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    text_of(page).fill("")
    deadline = time.monotonic() + PATIENCE
    while not drafts_of(desk):  # never a pause long enough to count as one
        assert time.monotonic() < deadline
        text_of(page).press_sequentially("字", delay=200)
    assert set(drafts_of(desk)[0].fields["body"]) <= {"字"}


def test_without_scripts_a_draft_is_brought_back_and_dropped(
    desk: Desk, page: Page, no_js_page: Page, live_server: Server
):
    page.goto(f"{desk.address}/edit")
    text_of(page).fill("有脚本时写的")
    expect(state_of(page)).to_have_text(KEPT)
    plain = no_js_page
    desk.sign_in(plain.context, live_server.url)
    plain.goto(f"{desk.address}/edit")
    plain.get_by_role("link", name="Bring it back").click()
    expect(text_of(plain)).to_have_value("有脚本时写的")
    plain.locator("summary", has_text="Forget it").click()
    plain.get_by_role("button", name="Yes, forget them").click()
    expect(text_of(plain)).not_to_have_value("有脚本时写的")
    assert drafts_of(desk) == []


def test_what_was_refused_is_kept_at_once(desk: Desk, page: Page, context: BrowserContext):
    page.goto(f"{desk.address}/edit")
    text_of(page).fill("没有标题")
    page.get_by_label("Title").fill("")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("What you typed is kept.")
    expect(state_of(page)).to_have_text(KEPT)
    page.close()
    again = context.new_page()
    again.goto(f"{desk.address}/edit")
    again.get_by_role("link", name="Bring it back").click()
    expect(text_of(again)).to_have_value("没有标题")
    again.get_by_label("Title").fill("有了")
    save(again)
    again.wait_for_url(f"**{desk.address}")
    assert drafts_of(desk) == []

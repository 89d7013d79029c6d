"""Nothing typed is lost at the ends: another kind, the note in the bin, Enter, signing out."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from kb.clock import now
from kb.db import Database
from kb.notes.models import Note
from tests.browser.drafts_desk import KEPT, drafts_of, save, state_of, text_of
from tests.browser.notes_desk import Desk, make_desk
from tests.support.server import Server

pytestmark = pytest.mark.browser
COPIES = "Object.keys(localStorage).filter(key => key.startsWith('draft:'))"


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    desk.sign_in(context, live_server.url)
    return desk


def into_the_bin(desk: Desk) -> None:
    with desk.database.transaction() as session:
        session.scalars(select(Note).where(Note.id == desk.note)).one().deleted_at = now()


def test_another_kind_leaves_a_text_that_was_brought_back(desk: Desk, page: Page):
    page.goto(f"/handovers/{desk.handover}/notes/new")
    text_of(page).fill("写了很多")
    expect(state_of(page)).to_have_text(KEPT)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(f"/handovers/{desk.handover}/notes/new")
    page.get_by_role("link", name="Bring it back").click()
    expect(text_of(page)).to_be_focused()
    page.locator(".kinds-one", has_text="Case").click()
    page.get_by_role("radio", name="Case").blur()
    page.wait_for_load_state("networkidle")
    expect(text_of(page)).to_have_value("写了很多")


def test_the_headings_of_another_kind_can_be_undone_and_leave_the_focus(desk: Desk, page: Page):
    page.goto(f"/handovers/{desk.handover}/notes/new")
    opened = text_of(page).input_value()
    page.get_by_role("radio", name="Procedure").focus()
    page.keyboard.press("ArrowRight")
    expect(text_of(page)).not_to_have_value(opened)
    expect(page.get_by_role("radio", name="Pitfall")).to_be_focused()
    text_of(page).focus()
    page.keyboard.press("Control+z")
    expect(text_of(page)).to_have_value(opened)


def test_a_note_put_into_the_bin_meanwhile_keeps_the_words_on_the_page(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    into_the_bin(desk)
    text_of(page).fill("还没保存")
    save(page)
    gone = page.get_by_role("alert").filter(has_text="This note is in the bin or no longer yours to change.")
    expect(gone).to_be_focused()
    gone.get_by_role("button", name="Copy the text").click()
    expect(gone.get_by_role("status")).to_have_text("Copied.")
    expect(text_of(page)).to_have_value("还没保存")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/")
    (key,) = page.evaluate(COPIES)
    assert "还没保存" in page.evaluate("key => localStorage.getItem(key)", key)


def test_a_save_that_failed_leaves_the_copy_and_one_that_worked_takes_it_away(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    text_of(page).fill("先失败")
    expect(state_of(page)).to_have_text(KEPT)
    page.route("**/edit", lambda route: route.fulfill(status=404, body="<div data-error-page></div>"))
    save(page)
    expect(page.locator("[data-error-page]")).to_be_attached()
    page.unroute("**/edit")
    page.goto("/")
    page.goto(f"{desk.address}")
    assert len(page.evaluate(COPIES)) == 1
    page.goto(f"{desk.address}/edit")
    text_of(page).fill("再成功")
    save(page)
    page.wait_for_url(f"**{desk.address}")
    expect(page.locator(".flashes")).to_be_visible()
    kept = page.evaluate(f"{COPIES}.map(key => localStorage.getItem(key))")
    assert not any("再成功" in copy for copy in kept)


def test_enter_in_the_title_publishes_nothing_and_ctrl_s_saves_from_anywhere(desk: Desk, page: Page):
    page.goto(f"/handovers/{desk.handover}/notes/new")
    text_of(page).fill("写到一半")
    page.get_by_label("Title").fill("半篇")
    page.get_by_label("Title").press("Enter")
    page.wait_for_url(re.compile(r"/notes/[0-9a-z]{12}$"))
    note = page.url.rsplit("/", 1)[1]
    assert desk.stored(note).status == "draft"
    page.goto(f"{desk.address}/edit")
    text_of(page).fill("从哪里都能保存")
    text_of(page).blur()
    page.keyboard.press("Control+s")
    page.wait_for_url(f"**{desk.address}")
    stored = desk.stored(desk.note)
    assert (stored.body, stored.status) == ("从哪里都能保存", "published")


def test_signing_out_leaves_no_words_behind_that_the_server_has(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    text_of(page).fill("共用电脑")
    expect(state_of(page)).to_have_text(KEPT)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(desk.address)
    (key,) = page.evaluate(COPIES)
    assert json.loads(page.evaluate("key => localStorage.getItem(key)", key))["sent"]
    page.locator(".menu-me").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate(COPIES) == []
    assert len(drafts_of(desk)) == 1

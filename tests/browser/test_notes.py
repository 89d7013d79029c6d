"""Writing notes in a browser: found by two Chinese characters, with an input method, without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from kb.db import Database
from kb.notes.models import Note
from tests.browser.notes_desk import Desk, find, make_desk
from tests.support.browser import axe_violations, compose
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    desk.sign_in(context, live_server.url)
    return desk


def _id(page: Page) -> str:
    return page.url.partition("/notes/")[2].partition("?")[0].partition("#")[0]


def test_a_note_is_written_and_found_by_two_characters_from_its_middle(desk: Desk, page: Page):
    page.goto(f"/handovers/{desk.handover}/notes/new?kind=case")
    page.get_by_label("Title").fill("仓库停电那天")
    page.get_by_label("Text, in Markdown").fill("## 现象\n\n晚上八点突然黑屏，冷链柜报警没人听见。\n")
    expect(page.locator("#preview")).to_contain_text("晚上八点突然黑屏")
    page.locator("summary", has_text="仓储物流").click()
    page.locator(".tree-module[open] input[type=checkbox]").first.check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("仓库停电那天")
    expect(page.locator(".note-covers a")).to_have_count(1)
    note_id = _id(page)
    find(page, "报警", "仓库停电那天")
    assert _id(page) == note_id


def test_an_input_method_writes_into_the_editor(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    body = page.get_by_label("Text, in Markdown")
    body.fill("- 先")
    body.press("End")
    compose(page, ["he", "he d", "he dui"], "核对")
    expect(body).to_have_value("- 先核对")
    body.press("Enter")
    compose(page, ["t", "tui"], "退")
    expect(body).to_have_value("- 先核对\n- 退")  # the list went on
    expect(page.locator("#preview li")).to_have_count(2)
    page.keyboard.press("Control+s")
    page.wait_for_url(f"**{desk.address}")
    assert desk.stored(desk.note).body == "- 先核对\n- 退"


def test_another_kind_brings_its_headings_until_something_is_written(desk: Desk, page: Page):
    page.goto(f"/handovers/{desk.handover}/notes/new")
    body = page.get_by_label("Text, in Markdown")
    page.locator(".kinds-one", has_text="Pitfall").click()
    expect(body).to_have_value("## 现象\n\n\n## 原因\n\n\n## 应该怎么做\n\n\n")
    body.fill("自己写的")
    page.locator(".kinds-one", has_text="Case").click()
    expect(page.get_by_role("radio", name="Case")).to_be_checked()
    expect(body).to_have_value("自己写的")


def test_words_never_saved_are_offered_again(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    page.get_by_label("Text, in Markdown").fill("写到一半")
    expect(page.locator("#save-state")).not_to_be_empty()
    page.once("dialog", lambda dialog: dialog.accept())  # leaving all the same
    page.goto(desk.address)
    page.goto(f"{desk.address}/edit")
    page.get_by_role("link", name="Bring it back").click()
    expect(page.get_by_label("Text, in Markdown")).to_have_value("写到一半")


def test_somebody_was_faster(desk: Desk, page: Page, context: BrowserContext):
    other = context.new_page()
    for one in (page, other):
        one.goto(f"{desk.address}/edit")
    text = desk.stored(desk.note).body
    other.get_by_label("Text, in Markdown").fill(text.replace("最后点同意", "最后点确认"))
    other.get_by_role("button", name="Save", exact=False).first.click()
    other.wait_for_url(f"**{desk.address}")
    page.get_by_label("Text, in Markdown").fill(text.replace("预售订单", "预售和定制订单"))
    page.get_by_role("button", name="Save", exact=False).first.click()
    expect(page.locator(".conflict")).to_be_focused()
    expect(page.get_by_label("Text, in Markdown")).to_have_value(
        text.replace("最后点同意", "最后点确认").replace("预售订单", "预售和定制订单")
    )
    assert axe_violations(page) == []
    page.get_by_role("button", name="Save", exact=False).first.click()
    page.wait_for_url(f"**{desk.address}")
    assert desk.stored(desk.note).revision == 3


def test_the_language_is_switched_and_kept(desk: Desk, page: Page):
    page.goto(desk.address)
    page.get_by_role("link", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("link", name="编辑", exact=True)).to_be_visible()
    page.goto(f"{desk.address}/edit")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_label("Title")).to_have_value("退款审核")


def test_a_note_can_be_read_by_keyboard(desk: Desk, page: Page):
    page.goto(desk.address)
    page.keyboard.press("e")
    page.wait_for_url(f"**{desk.address}/edit")
    page.go_back()
    page.locator(".outline a", has_text="例外").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="例外")).to_be_in_viewport()


def test_the_address_is_copied(desk: Desk, page: Page, context: BrowserContext, live_server: Server):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page.goto(desk.address)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == live_server.url + desk.address


def test_without_scripts_a_note_is_written_changed_and_put_into_the_bin(
    desk: Desk, no_js_page: Page, live_server: Server
):
    page = no_js_page
    desk.sign_in(page.context, live_server.url)
    page.goto(f"/handovers/{desk.handover}/notes/new")
    page.get_by_role("radio", name="Pitfall").check(force=True)
    page.get_by_label("Title").fill("没有脚本")
    page.get_by_role("button", name="Put in the headings of this kind").click()
    expect(page.get_by_label("Title")).to_have_value("没有脚本")
    body = page.get_by_label("Text, in Markdown")
    body.fill((body.input_value()).replace("## 原因\n", "## 原因\n\n断网。\n"))
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview")).to_contain_text("断网。")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有脚本")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Title").fill("没有脚本也行")
    page.get_by_role("button", name="Publish").click()
    assert (desk.stored(_id(page)).title, desk.stored(_id(page)).status) == ("没有脚本也行", "published")
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="title").click()
    expect(page.locator(".changes")).to_contain_text("没有脚本也行")
    page.get_by_role("link", name="没有脚本也行").first.click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有脚本也行")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(desk: Desk, page: Page, scheme: str):
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.goto(f"{desk.address}/edit")
    page.get_by_label("Text, in Markdown").fill("## 步骤\n\n换一种写法。\n")
    page.get_by_role("button", name="Save", exact=False).first.click()
    page.wait_for_url(f"**{desk.address}")
    new, bin_address = f"/handovers/{desk.handover}/notes/new", f"/handovers/{desk.handover}/bin"
    for address in ("", "/edit", "/history", "/history/2"):
        page.goto(desk.address + address)
        assert axe_violations(page) == [], address
    for address in (new, bin_address):
        page.goto(address)
        assert axe_violations(page) == [], address


def test_the_preview_of_a_long_text_waits_until_it_is_asked_for(desk: Desk, page: Page):
    with desk.database.transaction() as session:
        note = session.scalars(select(Note).where(Note.id == desk.note)).one()
        note.body = "## 步骤\n\n" + "先核对订单，再处理退款。\n\n" * 8_000 + "到此为止。\n"
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if "/markdown/preview" in request.url else None
    )
    page.goto(f"{desk.address}/edit")
    body = page.get_by_label("Text, in Markdown")
    button = page.get_by_role("button", name="Update the preview")
    expect(button).to_be_visible()
    body.press("Control+Home")
    body.press_sequentially("新的开头")
    expect(body).to_have_value(re.compile("^新的开头"))
    button.click()
    expect(page.locator("#preview")).to_contain_text("到此为止。", timeout=30_000)
    assert len(asked) == 1
    body.fill("短了")
    expect(button).to_be_hidden()
    expect(page.locator("#preview")).to_have_text("短了")

"""Secrets in the editor: warned of while typing, replaced by a reference, or saved all the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kb.db import Database
from tests.browser.notes_desk import Desk, make_desk
from tests.support.browser import axe_violations, compose
from tests.support.server import Server

pytestmark = pytest.mark.browser
SECRET = "Rx7!kq92Lm"
BODY = f"## 步骤\n\n先看 👩‍👩‍👧 𠀀 订单。\n\n后台密码：{SECRET}\n"
LISTEN = (
    "() => { window.heard = []; new MutationObserver(() => heard.push(document.getElementById('live').textContent))"
    ".observe(document.getElementById('live'), {childList: true}); }"
)
SELECTED = "area => area.value.slice(area.selectionStart, area.selectionEnd)"


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    desk.sign_in(context, live_server.url)
    return desk


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=False).first.click()


def test_a_refused_save_keeps_the_text_and_can_be_saved_all_the_same(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    body = page.get_by_label("Text, in Markdown")
    body.fill(BODY)
    _save(page)
    expect(page.locator("[data-focus-me]")).to_be_focused()
    expect(body).to_have_value(BODY)
    assert axe_violations(page) == []
    page.get_by_role("link", name="Line 5", exact=True).click()
    expect(body).to_be_focused()
    assert body.evaluate(SELECTED) == SECRET
    page.get_by_label("save all the same").check()
    _save(page)
    page.wait_for_url(f"**{desk.address}")
    assert desk.stored(desk.note).body == BODY


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_it_is_warned_of_while_typing_and_replaced_by_a_reference(desk: Desk, page: Page, language: str):
    page.goto(f"{desk.address}/edit?lang={language}")
    page.evaluate(LISTEN)
    body = page.locator("#f-body")
    body.fill(BODY.replace(SECRET, ""))
    body.press("Control+End")
    body.press("ArrowLeft")
    body.press_sequentially(SECRET)
    expect(page.locator("a[data-secret]")).to_contain_text("5")
    reference = page.locator("[data-reference]").get_attribute("data-reference") or ""
    page.wait_for_function("said => window.heard.some((text) => text.includes(said))", arg="5")
    body.press("Control+Home")
    body.press_sequentially("😀 ")  # what stands above moves it
    page.locator("[data-secret-replace]").click()
    expect(body).to_be_focused()
    assert body.evaluate(SELECTED) == "…"
    body.press_sequentially("payments/erp")
    expect(body).to_have_value("😀 " + BODY.replace(SECRET, reference.replace("…", "payments/erp")))
    expect(page.locator("[data-secret]")).to_have_count(0)
    expect(page.locator("[data-accept]")).to_be_hidden()
    page.keyboard.press("Control+s")
    page.wait_for_url(f"**{desk.address}")


def test_nothing_is_looked_at_while_an_input_method_composes(desk: Desk, page: Page):
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.post_data or "") if "secrets" in request.url else None
    )
    page.goto(f"{desk.address}/edit")
    body = page.get_by_label("Text, in Markdown")
    body.fill(f"密码：{SECRET}")
    expect(page.locator("[data-secret]")).to_have_count(1)
    body.press("End")
    compose(page, ["ha", "hao", "hao d"], "好的")
    expect(page.locator("#preview")).to_contain_text("好的")
    body.fill("Nothing left.")
    expect(page.locator("[data-secret]")).to_have_count(0)
    assert not any("hao" in sent for sent in asked)


def test_the_tick_is_about_what_stood_there(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    body = page.get_by_label("Text, in Markdown")
    body.fill(BODY)
    page.get_by_label("save all the same").check()
    body.press("Control+End")
    body.press_sequentially("\npassword: Zz81-paQq7\n")
    expect(page.locator("[data-secret]")).to_have_count(2)
    expect(page.get_by_label("save all the same")).not_to_be_checked()


def test_a_secret_in_the_title_is_warned_of_and_keeps_its_tick(desk: Desk, page: Page):
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{desk.address}/edit")
    title, body = page.get_by_label("Title", exact=True), page.locator("#f-body")
    tick = page.get_by_label("save all the same")
    title.fill(f"密码：{SECRET}")
    expect(page.locator("[data-secret-field]")).to_have_text("Title")
    _save(page)
    expect(page.locator("#f-title-error")).to_be_visible()
    tick.check()
    with page.expect_response("**/markdown/secrets"):
        body.press_sequentially("x")
    expect(tick).to_be_checked()
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.context.set_offline(True)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/draft")):
        body.press_sequentially("y")  # the draft is tried later than preview and warning would be
    assert not any("/markdown/" in address for address in failed)
    expect(tick).to_be_visible()
    page.context.set_offline(False)
    expect(tick).to_be_checked()
    assert errors == []
    page.locator("[data-secret-field]").click()
    expect(title).to_be_focused()
    title.fill("Orders")
    expect(tick).to_be_hidden()


def test_without_scripts_it_is_refused_and_saved_all_the_same(
    desk: Desk, no_js_page: Page, live_server: Server
):
    page = no_js_page
    desk.sign_in(page.context, live_server.url)
    page.goto(f"{desk.address}/edit")
    body = page.get_by_label("Text, in Markdown")
    body.fill(BODY)
    expect(page.get_by_label("save all the same")).to_be_hidden()
    _save(page)
    expect(page.get_by_role("link", name="Line 5", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Replace it with a reference")).to_be_hidden()
    page.get_by_label("save all the same").check()
    _save(page)
    assert desk.stored(desk.note).body.replace("\r", "") == BODY

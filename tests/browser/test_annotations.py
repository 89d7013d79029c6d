"""Marking passages: with the mouse, with the keyboard, without scripts; where the marks stand afterwards."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kb.db import Database
from tests.browser.notes_desk import Desk, make_desk, passage, select_words
from tests.support.browser import axe_violations
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    desk.sign_in(context, live_server.url)
    return desk


def _drag(page: Page, words: str) -> None:
    box = passage(page, words)
    page.mouse.move(box["left"] + 1, box["start"])
    page.mouse.down()
    page.mouse.move(box["right"] - 1, box["end"], steps=6)
    page.mouse.up()


def _marked(page: Page, layer: str) -> list[str]:
    """The words painted as marks of one kind."""
    found: list[str] = page.evaluate(
        "(name) => [...CSS.highlights.get(`mark-${name}`)].map((range) => range.toString())", layer
    )
    return found


def test_with_the_mouse_a_remark_appears_beside_its_passage_and_stays(desk: Desk, page: Page):
    page.goto(desk.address)
    _drag(page, "退款金额")
    page.locator("#marker").get_by_role("button", name="Comment").click()
    page.locator("#f-remark").fill("含运费吗？")
    page.get_by_role("button", name="Save the remark").click()
    card = page.locator(".remark", has_text="含运费吗？")
    expect(card).to_be_focused()
    expect(page.locator("#annotate")).not_to_have_attribute("open", "")
    for _time in ("at once", "after a reload"):
        assert _marked(page, "comment") == ["退款金额"]
        box = card.bounding_box()
        assert box is not None
        assert abs(box["y"] - passage(page, "退款金额")["top"]) < 40
        page.reload()
        card.wait_for()
    (stored,) = desk.remarks()
    assert (stored.quote, stored.body, stored.kind) == ("退款金额", "含运费吗？", "comment")


def test_with_the_keyboard_alone(desk: Desk, page: Page):
    page.goto(desk.address)
    select_words(page, "预售订单")
    page.keyboard.press("m")
    expect(page.locator("#marker button").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#f-remark")).to_be_focused()
    page.keyboard.type("走哪里？")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".remark", has_text="走哪里？")).to_be_focused()
    assert [(one.kind, one.quote) for one in desk.remarks()] == [("question", "预售订单")]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your reply")).to_be_focused()
    page.keyboard.type("定金页")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".remark-replies")).to_contain_text("定金页")
    expect(page.locator(".remark")).to_be_focused()


def test_positions_count_code_points_after_emoji(desk: Desk, page: Page):
    page.goto(desk.address)
    select_words(page, "订单，再核对退款金额")  # begins after a family of emoji, ends inside bold words
    page.keyboard.press("Shift")
    page.locator("#marker").get_by_role("button", name="Highlight").click()
    expect(page.locator(".remark")).to_have_count(1)
    (stored,) = desk.remarks()
    text = "步骤\n先看 👩‍👩‍👧 𠀀 订单，再核对退款金额"
    assert (stored.quote, stored.anchor_start) == ("订单，再核对退款金额", text.index("订单"))
    assert _marked(page, "highlight") == ["订单，再核对退款金额"]


def test_what_is_refused_stays_in_the_form(desk: Desk, page: Page):
    page.goto(desk.address)
    _drag(page, "退款金额")
    page.locator("#marker").get_by_role("button", name="Comment").click()
    page.locator("#f-remark").fill("写了很久")
    page.locator("#f-exact").fill("这句话不在里面")
    page.get_by_role("button", name="Save the remark").click()
    expect(page.locator("#remarks [role=alert]")).to_contain_text("does not stand in the note")
    expect(page.locator("#f-remark")).to_have_value("写了很久")
    expect(page.locator("#annotate")).to_have_attribute("open", "")
    assert desk.remarks() == []


def test_resolving_takes_a_remark_out_of_the_margin_and_a_link_still_finds_it(desk: Desk, page: Page):
    page.goto(desk.address)
    select_words(page, "预售订单")
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    page.keyboard.type("过时了")
    page.get_by_role("button", name="Save the remark").click()
    page.get_by_role("button", name="Resolve").click()
    expect(page.locator(".remark")).to_have_count(0)
    expect(page.locator("#remarks-title")).to_be_focused()
    (stored,) = desk.remarks()
    page.goto(f"{desk.address}#a-{stored.id}")
    page.wait_for_url("**?resolved=1*")
    expect(page.locator(f"#a-{stored.id}")).to_be_focused()
    assert _marked(page, "resolved") == ["预售订单"]


def test_half_a_reply_survives_what_happens_to_another_remark(desk: Desk, page: Page):
    page.goto(desk.address)
    for words in ("退款金额", "预售订单"):
        select_words(page, words)
        page.keyboard.press("m")
        page.keyboard.press("Enter")
        page.keyboard.type(f"关于{words}")
        page.get_by_role("button", name="Save the remark").click()
        expect(page.locator(".remark", has_text=f"关于{words}")).to_be_focused()
    first, second = page.locator(".remark").nth(0), page.locator(".remark").nth(1)
    first.locator("summary", has_text="Reply").click()
    first.get_by_label("Your reply").fill("还没写完")
    second.get_by_role("button", name="Resolve").click()
    expect(second).to_have_count(0)
    expect(first.get_by_label("Your reply")).to_have_value("还没写完")


def test_without_scripts_words_are_pasted(desk: Desk, no_js_page: Page, live_server: Server):
    desk.sign_in(no_js_page.context, live_server.url)
    no_js_page.goto(desk.address)
    no_js_page.locator("#annotate summary").click()
    no_js_page.locator("#f-exact").fill("再核对退款金额")
    no_js_page.get_by_label("Question").check()
    no_js_page.locator("#f-remark").fill("以哪张单为准？")
    no_js_page.get_by_role("button", name="Save the remark").click()
    (stored,) = desk.remarks()
    assert no_js_page.url.endswith(f"{desk.address}#a-{stored.id}")
    card = no_js_page.locator(".remark")
    expect(card).to_contain_text("再核对退款金额")
    card.locator("summary", has_text="Reply").click()
    card.get_by_label("Your reply").fill("看订单快照")
    card.get_by_role("button", name="Reply").click()
    expect(no_js_page.locator(".remark-replies")).to_contain_text("看订单快照")
    no_js_page.get_by_role("button", name="Resolve").click()
    assert [one.state for one in desk.remarks()] == ["resolved"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_beside_a_marked_note(desk: Desk, page: Page, scheme: str):
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.goto(desk.address)
    for kind in ("Comment", "Question", "Correction"):
        select_words(page, "退款金额")
        page.keyboard.press("Shift")
        page.locator("#marker").get_by_role("button", name=kind).click()
        page.locator("#f-remark").fill(f"{kind}：嗯")
        page.get_by_role("button", name="Save the remark").click()
        expect(page.locator(".remark", has_text=f"{kind}：嗯")).to_be_focused()
    page.locator("summary", has_text="Reply").first.click()
    assert axe_violations(page) == []

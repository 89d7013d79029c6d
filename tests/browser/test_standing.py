"""In a browser: a changed mark confirmed, a lost one put back by selecting, corrections taken up."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.annotations.models import Annotation
from kb.annotations.services import create_annotation, save_note
from kb.db import Database
from kb.handovers.queries import identity_of
from kb.people.models import User
from tests.browser.notes_desk import TEXT, Desk, make_desk, select_words
from tests.support.browser import axe_violations
from tests.support.server import Server

pytestmark = pytest.mark.browser
TABLE = "\n| 渠道 | 时限 |\n|---|---|\n| 淘宝 | 三天 |\n"


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    desk.sign_in(context, live_server.url)
    return desk


def _writer(desk: Desk, session: Session) -> Identity:
    return identity_of(session, session.get_one(User, desk.stored(desk.note).author_id))


def _marked(desk: Desk, exact: str, **more: str | None) -> str:
    with desk.database.transaction() as session:
        data = {"kind": "comment", "body": "对吗？", "exact": exact} | more
        return create_annotation(session, _writer(desk, session), desk.note, data).id


def _rewritten(desk: Desk, body: str) -> None:
    with desk.database.transaction() as session:
        save_note(session, _writer(desk, session), desk.note, {"body": body}, desk.stored(desk.note).revision)


def _stored(desk: Desk) -> Annotation:
    (stored,) = desk.remarks()
    return stored


def test_a_changed_mark_is_confirmed_by_keyboard(desk: Desk, page: Page):
    one = _marked(desk, "再核对退款金额，最后点同意。")
    _rewritten(desk, TEXT.replace("最后点同意", "最后点通过"))
    page.goto(desk.address)
    card = page.locator(f"#a-{one}")
    expect(card.locator("del")).to_have_text("同意")
    expect(card.locator("ins")).to_have_text("通过")
    assert axe_violations(page) == []
    card.get_by_role("button", name="Yes, this is the passage").focus()
    page.keyboard.press("Enter")
    expect(card).to_be_focused()
    expect(card.get_by_role("button", name="Yes, this is the passage")).to_have_count(0)
    expect(page.locator("#live")).to_contain_text("The remark stands on this passage.")
    stored = _stored(desk)
    assert (stored.anchor_status, stored.confirmed_exact) == ("changed", stored.anchor_exact)


def test_a_lost_mark_is_put_back_by_selecting(desk: Desk, page: Page):
    one = _marked(desk, "预售订单不走这里。")
    _rewritten(desk, TEXT.replace("预售订单不走这里。", "另有安排。"))
    page.goto(desk.address)
    card = page.locator(f"#a-{one}")
    card.locator("summary", has_text="Put it on a passage").click()
    card.get_by_role("button", name="Select it in the text").click()
    expect(page.locator("#attach-bar")).to_be_visible()
    select_words(page, "退款金额")
    page.keyboard.press("Shift")
    expect(page.locator("#marker").get_by_role("button")).to_have_count(1)
    page.keyboard.press("m")
    expect(page.locator("#marker").get_by_role("button", name="Put the remark here")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card).to_be_focused()
    expect(page.locator("#attach-bar")).to_be_hidden()
    stored = _stored(desk)
    assert (stored.anchor_exact, stored.anchor_status) == ("退款金额", "changed")
    assert stored.anchor_start == "步骤\n先看 👩‍👩‍👧 𠀀 订单，再核对退款金额".index("退款金额")
    select_words(page, "订单")
    page.keyboard.press("Shift")
    expect(page.locator("#marker").get_by_role("button")).to_have_count(4)


def test_choosing_a_passage_can_be_left(desk: Desk, page: Page):
    one = _marked(desk, "预售订单不走这里。")
    _rewritten(desk, TEXT.replace("预售订单不走这里。", "另有安排。"))
    page.goto(desk.address)
    card = page.locator(f"#a-{one}")
    card.locator("summary", has_text="Put it on a passage").click()
    card.get_by_role("button", name="Select it in the text").click()
    page.keyboard.press("Escape")
    expect(page.locator("#attach-bar")).to_be_hidden()
    expect(card.get_by_role("button", name="Select it in the text")).to_be_focused()
    assert _stored(desk).anchor_status == "orphaned"


@pytest.mark.parametrize(
    ("words", "replacement", "wanted"),
    [
        ("款", "货", ("**退款金额**", "**退货金额**")),
        ("三天", "五|六天", ("| 三天 |", "| 五\\|六天 |")),
    ],
)
def test_a_correction_is_taken_up(
    desk: Desk, page: Page, words: str, replacement: str, wanted: tuple[str, str]
):
    _rewritten(desk, TEXT + TABLE)
    one = _marked(desk, words, kind="correction", body="", replacement=replacement)
    page.goto(desk.address)
    page.locator(f"#a-{one}").get_by_role("link", name="Take it up").click()
    page.wait_for_url("**/accept")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Put it into the note").click()
    page.wait_for_url(re.compile(rf"#a-{one}$"))
    expect(page.locator(f"#a-{one}")).to_contain_text("Taken up with revision 3")
    assert desk.stored(desk.note).body == (TEXT + TABLE).replace(*wanted)


def test_without_scripts_words_are_pasted_for_a_lost_mark(desk: Desk, no_js_page: Page, live_server: Server):
    desk.sign_in(no_js_page.context, live_server.url)
    one = _marked(desk, "预售订单不走这里。")
    _rewritten(desk, TEXT.replace("预售订单不走这里。", "另有安排。"))
    no_js_page.goto(desk.address)
    card = no_js_page.locator(f"#a-{one}")
    card.locator("summary", has_text="Put it on a passage").click()
    card.get_by_label("The words it is about").fill("另有安排")
    card.get_by_role("button", name="Put the remark there").click()
    no_js_page.wait_for_url(re.compile(rf"#a-{one}$"))
    assert _stored(desk).anchor_exact == "另有安排"

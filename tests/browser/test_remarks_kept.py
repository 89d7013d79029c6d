"""What is typed under remarks outlives an ended session, a note in the bin, a lost line, and every other margin."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import update

from kb.annotations.models import Annotation
from kb.annotations.services import create_annotation
from kb.clock import now
from kb.db import Database
from kb.notes.models import Note
from kb.people.models import User
from tests.browser.notes_desk import Desk, make_desk, select_words
from tests.support.factories import PASSWORD, who
from tests.support.server import Server

pytestmark = pytest.mark.browser

TYPED = "半句 & <b>half</b>"
SAID = [
    ("comment", "退款金额", "以谁为准？"),
    ("question", "退款金额，", "要截图吗？"),
    ("comment", "预售订单", "走哪里？"),
]


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    with live_database.transaction() as session:
        leaver = session.get_one(User, desk.leaver)
        for kind, exact, body in SAID:
            target = {"kind": kind, "body": body, "target": {"quote": {"exact": exact}}}
            create_annotation(session, who(session, leaver), desk.note, target)
    desk.sign_in(context, live_server.url)
    return desk


def _writing(desk: Desk, page: Page, said: str = "以谁为准？") -> Locator:
    """A reply half written under a remark."""
    page.goto(desk.address)
    card = page.locator(".remark", has_text=said)
    card.locator("summary", has_text="Reply").click()
    card.get_by_label("Your reply").fill(TYPED)
    return card


def test_a_session_that_ended_asks_on_the_spot_and_sends_the_reply(desk: Desk, page: Page):
    desk.give_password()
    card = _writing(desk, page)
    page.context.clear_cookies(name="kb_session")
    card.get_by_label("Your reply").press("Control+Enter")
    expect(page.locator("#sign-in-again")).to_be_visible()
    expect(page.locator(".remark")).to_have_count(3)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(card.locator(".remark-replies")).to_contain_text(TYPED)
    page.reload()
    expect(card.locator(".remark-reply").first).to_be_hidden()


def test_a_refusal_is_said_beside_the_form_and_the_margin_stays(desk: Desk, page: Page):
    card = _writing(desk, page)
    with desk.database.transaction() as session:
        session.execute(update(Note).where(Note.id == desk.note).values(deleted_at=now()))
    for _press in range(2):
        card.get_by_role("button", name="Reply").last.click()
        expect(card.get_by_role("alert")).to_have_text(re.compile("Kept in this browser"))
        expect(card.get_by_label("Your reply")).to_have_value(TYPED)
        expect(card.get_by_label("Your reply")).to_be_focused()
    expect(page.locator(".remark")).to_have_count(3)


def test_offline_is_said_and_what_was_typed_is_there_after_a_reload(desk: Desk, page: Page):
    card = _writing(desk, page)
    page.context.set_offline(True)
    card.get_by_label("Your reply").press("Control+Enter")
    expect(card.get_by_role("alert")).to_contain_text("No connection")
    page.locator("#main").focus()
    select_words(page, "同意")
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    page.locator("#f-remark").fill("新的")
    page.get_by_role("button", name="Save the remark").click()
    expect(page.locator(".margin > .annotate").get_by_role("alert")).to_contain_text("No connection")
    page.context.set_offline(False)
    page.reload()
    expect(card.get_by_label("Your reply")).to_have_value(TYPED)
    expect(page.locator("#f-exact")).to_have_value("同意")
    page.locator("#f-remark").press("Control+Enter")
    expect(page.locator(".remark")).to_have_count(4)
    expect(card.get_by_label("Your reply")).to_have_value(TYPED)
    page.reload()
    expect(page.locator("#f-remark")).to_be_hidden()


def test_what_is_typed_comes_back_when_a_filter_shows_its_remark_again(desk: Desk, page: Page):
    card = _writing(desk, page)
    page.locator(".remarks-filter summary").click()
    page.locator(".remarks-choices a", has_text="Question").click()
    expect(page.locator(".remark")).to_have_count(1)
    page.get_by_role("link", name="Plain list").click()
    expect(card.get_by_label("Your reply")).to_have_value(TYPED)


def test_a_card_is_named_by_its_passage_and_shows_it_when_it_stands_far_off(desk: Desk, page: Page):
    page.goto(desk.address)
    expect(page.locator("#remarks.is-placed")).to_be_attached()
    seen = []
    for _kind, exact, body in SAID:
        card = page.locator(".remark", has_text=body)
        expect(card).to_have_accessible_name(re.compile(f"On the passage: {exact}$"))
        seen.append((card.locator(".remark-quote").bounding_box() or {"width": 0})["width"] > 20)
    assert seen == [False, True, False]


def test_on_a_phone_the_drawer_takes_the_focus_and_gives_it_back(desk: Desk, page: Page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(desk.address)
    opener = page.locator(".remarks-open")
    opener.press("Enter")
    expect(page.locator("#remarks-title")).to_be_focused()
    page.locator(".remarks-close").press("Enter")
    expect(opener).to_be_focused()
    opener.press("Enter")
    page.locator(".remark summary", has_text="Reply").first.press("Enter")
    page.locator(".remark textarea:focus").press("Escape")
    expect(opener).to_be_focused()


def test_words_held_by_a_finger_are_offered_without_a_pointerup(desk: Desk, page: Page):
    page.goto(desk.address)
    page.evaluate(
        "document.body.dispatchEvent(new PointerEvent('pointerdown', {pointerType: 'touch', bubbles: true}))"
    )
    select_words(page, "预售订单")
    expect(page.locator("#marker")).to_be_visible()


def test_choosing_a_new_passage_leads_to_where_the_old_one_was(desk: Desk, page: Page):
    with desk.database.transaction() as session:
        lost = {"anchor_status": "orphaned", "anchor_start": None, "anchor_end": None, "anchor_exact": None}
        one = next(one for one in desk.remarks() if one.quote == "预售订单")
        session.execute(
            update(Annotation).where(Annotation.id == one.id).values(lost_start=one.anchor_start, **lost)
        )
    page.goto(desk.address)
    heading = page.get_by_role("heading", name="例外")
    expect(heading).not_to_be_in_viewport()
    page.locator(f"#a-{one.id} summary", has_text="Put it on a passage").click()
    page.locator("[data-attach-to]").click()
    expect(heading).to_be_in_viewport()

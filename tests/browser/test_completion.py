"""Completion in the editor: [[ and # by keyboard, by mouse, with an input method, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select

from kb.db import Database
from kb.handovers.models import Handover, Membership
from kb.people.models import User
from tests.browser.notes_desk import Desk, make_desk
from tests.support.browser import axe_violations, compose
from tests.support.factories import make_note
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    with live_database.transaction() as session:
        handover = session.get_one(Handover, desk.handover)
        author = session.scalars(
            select(User).join(Membership).where(Membership.handover_id == desk.handover)
        ).first()
        assert author
        make_note(session, author, handover, title="夜班交接", tags=["夜班"])
        make_note(session, author, handover, title="Night shift", tags=["night"])
    desk.sign_in(context, live_server.url)
    return desk


def _empty(page: Page, desk: Desk) -> Locator:
    page.goto(f"{desk.address}/edit")
    body = page.locator("#f-body")
    body.fill("")
    return body


@pytest.mark.parametrize(
    ("typed", "title"),
    [("[[night", "Night shift"), ("[[夜", "夜班交接"), ("[[yeb", "夜班交接"), ("【【夜", "夜班交接")],
)
def test_a_link_is_completed_by_keyboard(desk: Desk, page: Page, typed: str, title: str):
    body = _empty(page, desk)
    body.press_sequentially(f"See {typed}")
    chosen = page.get_by_role("option", name=title)
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(body).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "none")
    assert axe_violations(page) == []
    body.press("Enter")
    expect(body).to_have_value(f"See [[{title}]]")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_hidden()
    body.press_sequentially(" and on.")
    expect(body).to_have_value(f"See [[{title}]] and on.")


def test_arrow_keys_escape_and_brackets_that_stand_there_already(desk: Desk, page: Page):
    body = _empty(page, desk)
    page.get_by_role("button", name="Link to a note").click()
    expect(body).to_have_value("[[]]")
    body.press_sequentially("n")
    expect(page.get_by_role("option", name="Night shift")).to_be_visible()
    body.press("Escape")
    expect(page.locator("#completion")).to_be_hidden()
    body.press_sequentially("i")  # shut is shut, for this link
    expect(page.locator("#preview")).to_contain_text("ni")
    expect(page.locator("#completion")).to_be_hidden()
    for _ in "[[ni":
        body.press("Backspace")
    expect(body).to_have_value("]]")
    body.press_sequentially("[[")
    expect(page.locator("#completion")).to_be_visible()
    body.press("ArrowDown")
    second = page.locator("#completion [role=option]").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    title = second.get_attribute("data-insert")
    body.press("Tab")
    expect(body).to_have_value(f"[[{title}]]")
    expect(body).to_be_focused()


def test_with_the_mouse(desk: Desk, page: Page):
    body = _empty(page, desk)
    body.press_sequentially("[[")
    page.get_by_role("option", name="Night shift").click()
    expect(body).to_have_value("[[Night shift]]")
    expect(body).to_be_focused()


def test_a_tag_is_completed_and_offered_to_the_notes_tags(desk: Desk, page: Page):
    body = _empty(page, desk)
    body.press_sequentially("- nights #nig")
    expect(page.get_by_role("option", name="night")).to_be_visible()
    body.press("ArrowDown")
    body.press("Enter")
    expect(body).to_have_value("- nights #night")
    page.get_by_role("button", name="Add it to the tags").click()
    expect(page.locator("#f-tags")).to_have_value("退款, night")
    expect(body).to_be_focused()


def test_enter_after_a_word_with_a_number_sign_ends_the_line(desk: Desk, page: Page):
    body = _empty(page, desk)
    body.press_sequentially("- order #nig")
    expect(page.get_by_role("option", name="night")).to_be_visible()
    body.press("Enter")
    expect(body).to_have_value("- order #nig\n- ")


def test_an_input_method_is_never_in_the_way(desk: Desk, page: Page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/completion/" in request.url else None)
    body = _empty(page, desk)
    body.press_sequentially("见 [[")
    expect(page.locator("#completion [role=option]").first).to_be_visible()
    compose(page, ["y", "ye", "ye b", "ye ban"], "夜班")
    expect(body).to_have_value("见 [[夜班")
    expect(page.locator("#completion [role=option]")).to_have_count(1)
    body.press("Enter")
    expect(body).to_have_value("见 [[夜班交接]]")
    assert [address.rpartition("q=")[2] for address in asked] == ["", "%E5%A4%9C%E7%8F%AD"]

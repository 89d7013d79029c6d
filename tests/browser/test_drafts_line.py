"""Nothing typed is lost when the session ends or the connection goes while somebody writes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete

from kb.db import Database
from kb.people.models import SignIn
from tests.browser.drafts_desk import KEPT, drafts_of, save, state_of, text_of
from tests.browser.notes_desk import Desk, make_desk
from tests.support.browser import axe_violations
from tests.support.factories import PASSWORD
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    desk = make_desk(live_database)
    desk.sign_in(context, live_server.url)
    return desk


def end_sessions(desk: Desk) -> None:
    with desk.database.transaction() as session:
        session.execute(delete(SignIn))


def test_the_session_ends_while_somebody_types(desk: Desk, page: Page):
    desk.give_password()
    page.goto(f"{desk.address}/edit")
    end_sessions(desk)
    text_of(page).fill("会话结束时")
    dialog = page.get_by_role("dialog", name="Your session has ended")
    expect(dialog.get_by_label("Password")).to_be_focused()
    assert axe_violations(page) == []
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_label("Password").press("Enter")
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(state_of(page)).to_have_text(KEPT)
    expect(text_of(page)).to_be_focused()
    expect(text_of(page)).to_have_value("会话结束时")
    save(page)
    page.wait_for_url(f"**{desk.address}")
    assert desk.stored(desk.note).body == "会话结束时"


def test_the_session_has_ended_when_save_is_pressed(desk: Desk, page: Page):
    desk.give_password()
    page.goto(f"{desk.address}/edit")
    text_of(page).fill("保存时")
    expect(state_of(page)).to_have_text(KEPT)
    end_sessions(desk)
    save(page)
    dialog = page.get_by_role("dialog", name="Your session has ended")
    dialog.get_by_role("button", name="Later").click()
    expect(state_of(page)).to_have_text(re.compile("Your session has ended"))
    save(page)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_label("Password").press("Enter")  # and the save goes on
    page.wait_for_url(f"**{desk.address}")
    assert desk.stored(desk.note).body == "保存时"


def test_what_one_person_typed_is_not_sent_in_the_name_of_another(
    desk: Desk, page: Page, context: BrowserContext, live_server: Server
):
    page.goto(f"{desk.address}/edit")
    make_desk(desk.database).sign_in(context, live_server.url)  # in another window of this browser
    text_of(page).fill("林悦写的")
    expect(state_of(page)).to_have_text(re.compile("^Somebody else is signed in here now"))
    save(page)
    expect(state_of(page)).to_have_text(re.compile("^Somebody else is signed in here now"))
    desk.sign_in(context, live_server.url)
    save(page)
    page.wait_for_url(f"**{desk.address}")
    assert desk.stored(desk.note).body == "林悦写的"


def test_without_a_connection_the_words_wait_and_so_does_the_save(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    page.context.set_offline(True)
    text_of(page).fill("没有网络")
    expect(state_of(page)).to_have_text("Offline: kept in this browser, is sent when the line is back")
    save(page)
    expect(state_of(page)).to_have_text(re.compile("^No connection: not saved yet"))
    expect(text_of(page)).to_have_value("没有网络")
    page.context.set_offline(False)
    page.wait_for_url(f"**{desk.address}")
    assert desk.stored(desk.note).body == "没有网络"
    assert drafts_of(desk) == []


def test_a_held_save_does_not_go_out_under_the_hands_of_somebody_who_goes_on_typing(desk: Desk, page: Page):
    page.goto(f"{desk.address}/edit")
    page.context.set_offline(True)
    text_of(page).fill("先写这些")
    save(page)
    expect(state_of(page)).to_have_text(re.compile("^No connection: not saved yet"))
    text_of(page).press_sequentially("，再写")
    page.context.set_offline(False)
    expect(state_of(page)).to_have_text(re.compile("Save when you are ready"))
    assert desk.stored(desk.note).revision == 1
    save(page)
    page.wait_for_url(f"**{desk.address}")
    assert desk.stored(desk.note).body.endswith("，再写")

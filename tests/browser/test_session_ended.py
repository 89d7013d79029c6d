"""A session that ends while somebody writes, in a real browser, with scripts and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from kb.db import Database
from kb.ids import new_id
from kb.notes.queries import get_note
from tests.support.browser import axe_violations
from tests.support.factories import PASSWORD, cookie_for, make_handover, make_note, make_user
from tests.support.server import Server

pytestmark = pytest.mark.browser
TYPED = "\n  步骤 & <b>zwei</b>\n\n终\n"


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_is_sent_after_signing_in_again(
    page: Page, no_js_page: Page, live_server: Server, live_database: Database, scripts: bool
):
    shown, email = page if scripts else no_js_page, f"{new_id()}@example.com"
    with live_database.transaction() as session:
        user = make_user(session, email, password=PASSWORD)
        note = make_note(
            session, user, make_handover(session, leaver=user), body="alt\n", title="Night shift"
        )
        cookie = cookie_for(session, user)["kb_session"]
    shown.context.add_cookies([{"name": "kb_session", "value": cookie, "url": live_server.url}])
    shown.goto(f"/notes/{note.id}/edit")
    shown.locator("textarea[name=body]").fill(TYPED)
    shown.context.clear_cookies(name="kb_session")
    if scripts:  # as from a page whose scripts did not load; else they ask on the spot
        shown.once("dialog", lambda dialog: dialog.accept())
        shown.evaluate("document.querySelector('form.editor').submit()")
    else:
        shown.get_by_role("button", name=re.compile("^(Save|Publish)")).first.click()
    expect(shown.get_by_text("Your session has ended.")).to_be_visible()
    if scripts:
        assert axe_violations(shown) == []
    shown.get_by_label("Email").fill(email)
    shown.get_by_label("Password").fill(PASSWORD)
    shown.get_by_role("button", name="Sign in").click()
    expect(shown.get_by_role("heading", level=1)).to_have_text("What you typed is still here")
    if scripts:
        assert axe_violations(shown) == []
    shown.get_by_role("button", name="Send it now").click()
    expect(shown).to_have_url(re.compile(f"/notes/{note.id}"))
    expect(shown.get_by_role("heading", level=1)).to_have_text("Night shift")
    with live_database.transaction(read_only=True) as session:
        assert get_note(session, note.id).body == TYPED

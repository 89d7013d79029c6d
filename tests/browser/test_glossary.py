"""The glossary in a browser: what adding would do is said while one types."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from kb.db import Database
from kb.ids import new_id
from tests.support.factories import cookie_for, make_user
from tests.support.server import Server

pytestmark = pytest.mark.browser


def test_what_adding_would_do_is_said_while_typing(
    context: BrowserContext, live_server: Server, live_database: Database
):
    with live_database.transaction() as session:
        token = cookie_for(session, make_user(session))["kb_session"]
    context.add_cookies([{"name": "kb_session", "value": token, "url": live_server.url}])
    page = context.new_page()
    page.goto("/glossary")
    first, second, third = (f"w{new_id()}" for _ in range(3))
    page.get_by_label("Word", exact=True).fill(first)
    page.keyboard.press("Tab")
    page.keyboard.type(second)
    said = page.locator("#foretold")
    expect(said).to_have_text(
        f"A new entry: whoever looks for “{first}” also finds “{second}”, and the other way round."
    )
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Added. Search uses it from now on:")).to_contain_text(
        second
    )
    page.get_by_label("Word", exact=True).fill(third)
    page.get_by_label("Means the same").fill(second)
    expect(said).to_have_text(f"“{third}” joins the entry “{first}”, “{second}”.")

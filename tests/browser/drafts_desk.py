"""What tests of drafts share: the editor's parts, and the drafts as stored."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page
from sqlalchemy import select

from kb.notes.models import Draft
from tests.browser.notes_desk import Desk

KEPT = re.compile(r"Kept on the server \d\d:\d\d:\d\d")
SAVE = re.compile("^(Save|Publish)")


def text_of(page: Page) -> Locator:
    """The field the note is typed into."""
    return page.get_by_label("Text, in Markdown")


def state_of(page: Page) -> Locator:
    """The line that says where it is kept."""
    return page.locator("#save-state")


def save(page: Page) -> None:
    """Press the first button that saves."""
    page.get_by_role("button", name=SAVE).first.click()


def drafts_of(desk: Desk) -> list[Draft]:
    """The drafts of the desk's handover."""
    with desk.database.transaction(read_only=True) as session:
        return list(session.scalars(select(Draft).where(Draft.handover_id == desk.handover)))

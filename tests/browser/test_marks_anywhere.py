"""Marks on any words: one character, across elements, behind emoji; chosen with the mouse or by keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from kb.annotations.models import Annotation
from kb.db import Database
from kb.notes.queries import get_note
from kb.notes.rendering import rendered
from tests.browser.notes_desk import Desk, select_between
from tests.support.factories import cookie_for, make_handover, make_note, make_user
from tests.support.server import Server

pytestmark = pytest.mark.browser

BODY = (
    "## 步骤\n\n先看 👩‍👩‍👧 𠀀𠮷 订单，再**核对**退款*金额*，最后`点 同意`。\n\n1. 甲项在先\n2. 乙项 "
    "[链接](https://example.com)在后\n   - 丙项\n\n| 数额 | 谁批 |\n|---|---|\n| 五百 | 组长😀 |\n| 一千 | 经理 |\n\n"
    "> 引文 cafe\u0301\n\n```\nselect 1;\n\n退款\n```\n\n末段。\n"
)
PASSAGES = [
    ("订", "订"), ("𠮷", "𠮷"), ("😀", "😀"), ("👩‍👩‍👧", "👩‍👩‍👧"), ("𠀀", "订单"),  # one character of any size
    ("核对", "金额"), ("再", "点 同意"),  # inline formatting
    ("在先", "乙项"), ("甲项", "丙项"), ("链接", "在后"),  # list items, a link
    ("谁批", "五百"), ("组长", "一千"), ("丙项", "数额"),  # table cells, and into the table
    ("select", "末段"), ("引文", "cafe\u0301"),  # code, letters with marks of their own
]  # fmt: skip


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    with live_database.transaction() as session:
        leaver = make_user(session, name="林悦")
        handover = make_handover(session, leaver=leaver, language="zh-Hans")
        note = make_note(session, leaver, handover, title="退款审核", body=BODY, language="zh-Hans")
        token = cookie_for(session, leaver)["kb_session"]
        desk = Desk(live_database, handover.id, note.id, token, leaver.id)
    desk.sign_in(context, live_server.url)
    return desk


def _text(desk: Desk) -> str:
    with desk.database.transaction(read_only=True) as session:
        note = get_note(session, desk.note)
        return rendered(session, note.body, note.body_sha256).text


def _bare(words: str) -> str:
    """Without spaces and line ends, which a selection's words and the text set differently between elements."""
    return "".join(words.split())


def _newest(desk: Desk, known: set[str]) -> Annotation:
    with desk.database.transaction(read_only=True) as session:
        query = select(Annotation).where(Annotation.note_id == desk.note, Annotation.id.not_in(known))
        return session.scalars(query).one()


def test_any_words_can_be_marked_and_stand_where_the_server_says(desk: Desk, page: Page):
    text, known = _text(desk), set[str]()
    page.goto(desk.address)
    for number, (first, last) in enumerate(PASSAGES, 1):
        said = select_between(page, first, last)
        page.keyboard.press("m")
        page.locator("#marker").get_by_role("button", name="Highlight").press("Enter")
        expect(page.locator("#remarks-title")).to_have_text(
            f"{number} open remark{'s' if number > 1 else ''}"
        )
        stored = _newest(desk, known)
        known.add(stored.id)
        assert _bare(stored.quote) == _bare(said)
        assert stored.anchor_start is not None
        assert text[stored.anchor_start : stored.anchor_end] == stored.quote
        assert stored.quote.startswith(first)
        assert stored.quote.endswith(last)
    page.reload()
    expect(page.locator("#remarks.is-ready")).to_be_attached()
    painted: list[str] = page.evaluate(
        "() => [...CSS.highlights.get('mark-highlight')].map((range) => range.toString())"
    )
    assert sorted(map(_bare, painted)) == sorted(_bare(one.quote) for one in desk.remarks())


def test_words_are_chosen_by_keys_alone(desk: Desk, page: Page):
    page.goto(desk.address)
    page.keyboard.press("m")
    expect(page.locator("#live")).to_contain_text("arrows go on word by word")
    assert page.evaluate("getSelection().toString()") == "步骤"
    page.keyboard.press("ArrowDown")  # into the paragraph below
    first = page.evaluate("getSelection().toString().trim()")
    assert first
    assert "步骤" not in first
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    chosen = page.evaluate("getSelection().toString().trim()")
    assert len(chosen) > len(first)
    page.keyboard.press("Enter")
    expect(page.locator("#marker button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#f-remark")).to_be_focused()
    page.keyboard.type("看哪里？")
    page.get_by_role("button", name="Save the remark").press("Enter")
    expect(page.locator(".remark", has_text="看哪里？")).to_be_focused()
    (stored,) = desk.remarks()
    assert stored.quote == chosen


def test_escape_ends_the_choosing(desk: Desk, page: Page):
    page.goto(desk.address)
    page.keyboard.press("m")
    expect(page.locator("#marker")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#marker")).to_be_hidden()
    assert page.evaluate("getSelection().toString()") == ""

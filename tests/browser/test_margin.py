"""The margin: remarks together by passage, marks over each other, filters, walking by keys, the drawer."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kb.annotations.models import Annotation
from kb.annotations.services import change_annotation, create_annotation
from kb.db import Database
from tests.browser.notes_desk import Desk, passage
from tests.support.browser import axe_violations
from tests.support.factories import cookie_for, make_handover, make_note, make_user, who
from tests.support.server import Server

pytestmark = pytest.mark.browser

BODY = (
    "## 步骤\n\n先看订单，再核对退款金额，最后点同意。\n\n"
    + "说明。\n\n" * 40
    + "## 例外\n\n预售订单不走这里。\n"
)
SAID = [
    ("viewer", "highlight", "退款金额", ""), ("trainer", "highlight", "退款金额", ""),
    ("successor", "highlight", "退款金额", ""),
    ("viewer", "comment", "核对退款", "以谁为准？"), ("trainer", "question", "再核对退款金额，", "要截图吗？"),
    ("successor", "comment", "预售订单", "走哪里？"), ("viewer", "comment", "步骤", "过时了"),
]  # fmt: skip


@pytest.fixture
def desk(live_database: Database, live_server: Server, context: BrowserContext) -> Desk:
    with live_database.transaction() as session:
        leaver = make_user(session, name="林悦")
        people = {role: make_user(session, name=role.title()) for role in ("viewer", "trainer", "successor")}
        handover = make_handover(
            session, leaver=leaver, language="zh-Hans", viewer=people["viewer"], trainer=people["trainer"],
            successor=people["successor"],
        )  # fmt: skip
        note = make_note(session, leaver, handover, title="退款审核", body=BODY, language="zh-Hans")
        for person, kind, exact, body in SAID:
            target = {"kind": kind, "body": body, "target": {"quote": {"exact": exact}}}
            made = create_annotation(session, who(session, people[person]), note.id, target)
        change_annotation(session, who(session, leaver), made.id, {"state": "resolved"})
        token = cookie_for(session, leaver)["kb_session"]
        desk = Desk(live_database, handover.id, note.id, token, leaver.id)
    desk.sign_in(context, live_server.url)
    return desk


def _painted(page: Page, layer: str) -> list[str]:
    found: list[str] = page.evaluate(
        "(name) => [...CSS.highlights.get(`mark-${name}`)].map((range) => range.toString())", layer
    )
    return found


def test_who_marked_a_passage_is_said_once_and_layers_are_told_apart(desk: Desk, page: Page):
    page.goto(desk.address)
    expect(page.locator("#remarks-title")).to_have_text("6 open remarks")
    expect(page.get_by_text("3 people marked this passage")).to_have_count(1)
    expect(page.locator(".remark-many")).to_contain_text("Viewer")
    expect(page.locator(".remark")).to_have_count(4)
    assert _painted(page, "highlight") == ["退款金额"]
    assert _painted(page, "twice") == ["核对", "金额"]
    assert _painted(page, "more") == ["退款"]
    page.get_by_role("link", name="One by one").click()
    expect(page.locator(".remark-highlight")).to_have_count(3)


def test_a_click_on_words_under_several_marks_goes_from_one_to_the_next(desk: Desk, page: Page):
    page.goto(desk.address)
    expect(page.locator("#remarks.is-ready")).to_be_attached()
    seen = []
    for _click in range(4):
        box = passage(page, "退款")  # again each time: bringing a card into sight may scroll
        page.mouse.click(box["left"] + 6, box["start"])
        expect(page.locator(".remark:focus")).to_have_count(1)
        seen.append(page.evaluate("document.activeElement.dataset.annotation"))
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]
    expect(page.locator("#live")).to_contain_text("of 3 on these words")


def test_filters_change_the_margin_in_place_and_the_address_says_so(desk: Desk, page: Page):
    page.goto(desk.address)
    page.locator(".remarks-filter summary").click()
    page.locator(".remarks-choices a", has_text="Question").click()
    expect(page.locator(".remark")).to_have_count(1)
    expect(page.locator("#remarks-title")).to_be_focused()
    expect(page.locator("#live")).to_have_text("1 remark")
    page.wait_for_url("**?kind=question")
    page.reload()
    expect(page.locator(".remark")).to_have_count(1)
    assert _painted(page, "question") == ["再核对退款金额，"]
    page.get_by_role("link", name="Plain list").click()
    expect(page.locator(".remark")).to_have_count(4)
    assert page.url.endswith(desk.address)


def test_remarks_are_walked_by_keys(desk: Desk, page: Page):
    page.goto(desk.address)
    expect(page.locator("#remarks.is-ready")).to_be_attached()
    walked = []
    for _key in range(4):
        page.keyboard.press("j")
        walked.append(page.evaluate("document.activeElement.dataset.annotation"))
    shown = page.locator(".remark").evaluate_all("(cards) => cards.map((card) => card.dataset.annotation)")
    assert walked == shown
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.dataset.annotation") == shown[2]
    page.keyboard.press("Escape")
    expect(page.locator("#main")).to_be_focused()


def test_on_a_phone_the_drawer_opens_and_escape_leads_back(desk: Desk, page: Page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(desk.address)
    opener = page.locator(".remarks-open")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#remarks")).to_be_visible()
    page.locator(".remarks-filter summary").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#remarks")).to_be_hidden()
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_without_scripts_filters_are_links(desk: Desk, no_js_page: Page, live_server: Server):
    desk.sign_in(no_js_page.context, live_server.url)
    no_js_page.goto(desk.address)
    no_js_page.locator(".remarks-filter summary").click()
    no_js_page.locator(".remarks-choices a", has_text="Resolved").click()
    expect(no_js_page.locator(".remark")).to_have_count(1)
    expect(no_js_page.locator(".remark")).to_contain_text("过时了")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_with_filters_open(desk: Desk, page: Page, scheme: str):
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.goto(f"{desk.address}?resolved=1")
    expect(page.locator(".remarks-choices")).to_be_visible()
    assert axe_violations(page) == []
    page.goto("/remarks")
    expect(page.locator(".my-remark")).to_have_count(7)
    assert axe_violations(page) == []


def test_a_mark_of_another_page_of_the_margin_leads_to_it(desk: Desk, page: Page):
    with desk.database.transaction() as session:
        (one, *_others) = desk.remarks()
        kept = ("note_id", "author_id", "revision", "quote", "anchor_status", "created_at", "updated_at")
        for number in range(110):  # more than a page of them, all on the first words
            place = {
                "anchor_start": number % 3,
                "anchor_end": number % 3 + 1,
                "body": f"第{number}条",
                "kind": "comment",
            }
            session.add(Annotation(**{name: getattr(one, name) for name in kept}, **place))
    page.goto(desk.address)
    expect(page.locator(".remarks-pages")).to_contain_text("page 1 of 2")
    assert "预售订单" in _painted(page, "elsewhere")
    page.evaluate("document.querySelector('.note-body > :last-child').scrollIntoView({block: 'center'})")
    box = passage(page, "预售订单")
    page.mouse.click(box["left"] + 6, box["start"])
    expect(page.locator(".remark", has_text="走哪里？")).to_be_focused()
    page.wait_for_url("**?remarks=2")

"""Meetings and practice in a browser: readable in every setting, and a problem made a case in two clicks."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from kb.checklists.models import Item
from kb.checklists.services import add_item
from kb.db import Database
from kb.notes.models import Note
from kb.rehearsals.meetings import record_meeting
from kb.rehearsals.models import PracticeRun
from kb.rehearsals.practice import record_run
from tests.support.browser import axe_violations
from tests.support.factories import cookie_for, make_handover, make_user, who
from tests.support.server import Server

pytestmark = pytest.mark.browser
PROBLEM = "换货补差价挂不到原订单上，退货单结不了。"


@dataclass(frozen=True)
class Stage:
    """A handover with a meeting of each standing and a failed run, and the session of its successor."""

    database: Database
    handover: str
    item: str
    meeting: str
    run: str
    token: str

    def settle(self, context: BrowserContext, url: str, language: str, theme: str = "light") -> None:
        cookies = {"kb_session": self.token, "kb_locale": language, "kb_theme": theme}
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])


@pytest.fixture
def stage(live_database: Database) -> Stage:
    with live_database.transaction() as session:
        manager, leaver, successor = (
            make_user(session, name=name) for name in ("王建国", "林晓雯", "陈思远")
        )
        handover = make_handover(
            session, manager=manager, leaver=leaver, successor=successor, language="zh-Hans",
            template="ecommerce-operations",
        )  # fmt: skip
        witness, learner = who(session, manager), who(session, successor)
        asked = {"module": "订单处理", "title": "换货", "practice": {"level": "independent", "runs": 1}}
        item = add_item(session, witness, handover.id, asked).id
        held = {
            "kind": "demonstration", "held_at": "2026-05-11T14:00", "minutes": "## 看了什么\n\n两单。", "items": [item],
            "problem": PROBLEM, "attendees": [leaver.email, "财务 孙丽华"], "agreed": [{"title": "开通权限"}],
        }  # fmt: skip
        meeting = record_meeting(session, witness, handover.id, held, "Asia/Shanghai").id
        for moment in ("2031-01-01T10:00", "2026-05-12T10:00"):
            plan = {"kind": "review", "held_at": moment, "agenda": "- 进度"}
            record_meeting(session, witness, handover.id, plan, "Asia/Shanghai")
        tried = {"level": "independent", "outcome": "failed", "problem": PROBLEM, "fix": "手工认领。"}
        run = record_run(session, learner, item, tried | {"next_on": "2031-01-01"}, "Asia/Shanghai").id
        token = cookie_for(session, successor)["kb_session"]
        return Stage(live_database, handover.id, item, meeting, run, token)


@pytest.mark.parametrize(
    ("language", "width", "theme"),
    [("en", 1280, "dark"), ("zh-Hans", 1280, "light"), ("zh-Hans", 390, "dark"), ("en", 320, "light")],
)
def test_they_are_readable(
    context: BrowserContext, live_server: Server, stage: Stage, language: str, width: int, theme: str
):
    stage.settle(context, live_server.url, language, theme)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    here = f"/handovers/{stage.handover}"
    for path in (
        f"{here}/meetings", f"{here}/meetings/new?kind=kickoff", f"/meetings/{stage.meeting}",
        f"/meetings/{stage.meeting}/edit", f"{here}/practice", f"/items/{stage.item}/practice", f"/items/{stage.item}",
    ):  # fmt: skip
        page.goto(path)
        expect(page.locator("h1").first).to_be_visible()
        assert (path, axe_violations(page)) == (path, [])
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert (path, beyond <= 0) == (path, True)


def test_a_problem_met_in_practice_becomes_a_case_in_two_clicks(
    context: BrowserContext, live_server: Server, stage: Stage
):
    stage.settle(context, live_server.url, "en")
    page = context.new_page()
    page.goto(f"/items/{stage.item}/practice")
    page.locator(f"#run-{stage.run}").get_by_role("link", name="Make it a case").click()
    expect(page.locator("#f-title")).to_have_value(PROBLEM.rstrip("。"))
    expect(page.locator("#f-body")).to_have_value(
        f"## 现象\n\n{PROBLEM}\n\n## 原因\n\n\n\n## 处理办法\n\n手工认领。\n\n## 怎么确认有效\n\n\n\n"
    )
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("h1")).to_contain_text(PROBLEM.rstrip("。"))
    with stage.database.transaction(read_only=True) as session:
        note = session.scalars(select(Note).where(Note.handover_id == stage.handover)).one()
        linked = session.scalars(select(PracticeRun.note_id).where(PracticeRun.id == stage.run)).one()
        about = session.scalars(select(Item.id).join(Note.items).where(Note.id == note.id)).all()
        assert (note.kind, note.status, linked, list(about)) == ("case", "published", note.id, [stage.item])
    page.goto(f"/items/{stage.item}")
    expect(page.locator(f"#run-{stage.run}").get_by_role("link", name=PROBLEM.rstrip("。"))).to_be_visible()


def test_what_was_typed_finds_back_to_the_run_by_way_of_a_draft(
    context: BrowserContext, live_server: Server, stage: Stage
):
    stage.settle(context, live_server.url, "en")
    page = context.new_page()
    page.goto(f"/items/{stage.item}/practice")
    page.locator(f"#run-{stage.run}").get_by_role("link", name="Make it a pitfall").click()
    page.locator("#f-title").fill("补差价别走快捷入口")
    expect(page.locator("#save-state")).to_contain_text("Kept on the server")
    page.goto("/")
    page.get_by_role("link", name="补差价别走快捷入口").first.click()
    expect(page.locator("#f-title")).to_have_value("补差价别走快捷入口")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("h1")).to_contain_text("补差价别走快捷入口")
    page.goto(f"/items/{stage.item}/practice")
    expect(page.locator(f"#run-{stage.run}").get_by_role("link", name="补差价别走快捷入口")).to_be_visible()


def test_minutes_outlive_a_closed_page_until_they_are_saved(
    context: BrowserContext, live_server: Server, stage: Stage
):
    stage.settle(context, live_server.url, "en")
    page = context.new_page()
    page.goto(f"/meetings/{stage.meeting}/edit")
    page.locator("#f-minutes").fill("An hour of words.")
    page.goto("/help")
    page.goto(f"/meetings/{stage.meeting}/edit")
    offer = page.locator("[data-kept-offer]")
    expect(offer).to_be_visible()
    expect(page.locator("#f-minutes")).not_to_have_value("An hour of words.")
    offer.get_by_role("button", name="Bring it back").click()
    expect(page.locator("#f-minutes")).to_have_value("An hour of words.")
    page.locator("#f-minutes").press("End")
    page.locator("#f-minutes").press_sequentially(" More.")
    page.get_by_role("button", name="Save").last.click()
    expect(page.locator(".prose").first).to_contain_text("An hour of words. More.")
    page.goto(f"/meetings/{stage.meeting}/edit")
    expect(page.locator("#f-minutes")).to_have_value("An hour of words. More.")
    expect(page.locator("[data-kept-offer]")).to_be_hidden()
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:form:')).length") == 0
    )


def test_only_a_demonstration_makes_items_demonstrated(
    context: BrowserContext, live_server: Server, stage: Stage
):
    stage.settle(context, live_server.url, "en")
    page = context.new_page()
    page.goto(f"/handovers/{stage.handover}/meetings/new?kind=review&held=1")
    box = page.locator('input[name="set_state"]')
    expect(box).to_be_hidden()
    page.select_option('select[name="kind"]', "demonstration")
    expect(box).to_be_visible()

"""Every page of the application, found by walking its routes, in both languages: axe finds nothing serious."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.annotations.models import Annotation
from kb.annotations.services import create_annotation
from kb.app import create_app
from kb.attachments.storage import Storage
from kb.checklists.models import Item, ItemSlot
from kb.checklists.template_edits import without_item
from kb.checklists.template_queries import get_kept
from kb.checklists.template_services import change_template
from kb.clock import now
from kb.config import read_settings
from kb.db import Database
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import get_handover
from kb.handovers.stage_changes import set_stage
from kb.import_export.models import Job
from kb.notes.drafts import keep_draft
from kb.notes.models import Note
from kb.notifications.tokens import unsubscribe_token
from kb.people.models import User
from kb.registers.services import add_entry
from kb.rehearsals.meetings import record_meeting
from kb.retrospectives.proposals import propose
from kb.retrospectives.services import save_answers
from kb.search.glossary.services import add
from tests.support.browser import axe_violations
from tests.support.factories import cookie_for, make_attachment, make_handover, make_note, make_user, who
from tests.support.server import Server
from tests.support.visits import until_indexed

pytestmark = pytest.mark.browser
Values = dict[str, str]
Walk = tuple[list[str], str]  # addresses, and the session of who looks at them

# What a route needs beside its path to show something worth looking at.
QUERIES = {
    "/glossary": ("", "?find=zzqx", "?term=年检&synonyms=MOT"),
    "/handovers/{handover_id:str}/register": ("", "?names=leaver", "?kind=vendor"),
    "/handovers/{handover_id:str}/register/new": ("", "?kind=domain"),
    "/handovers/{handover_id:str}/meetings/new": ("", "?kind=kickoff", "?held=1"),
    "/handovers/{handover_id:str}/retrospective/propose": ("", "?kind=change&item=site-down", "?kind=drop"),
    "/search": ("?q=退款", "?q=zzqx&kind=case", ""),
}
# Pieces of pages and files.
NOT_PAGES = re.compile(
    r"/(static|health|api)/|/suggest$|/favicon\.ico$|/notes/headings$|/attachments/[^/]+$|/(foretell|found)$"
    r"|/calendar\.ics$|/completion/(notes|tags)$|^/session$|/certificate\.(json|pdf)$|/export\.(yaml|zip)$"
)


def _note(session: Session, author: User, handover: Handover) -> Note:
    """A note with everything a text can hold, and a remark on it."""
    body = (
        "## 步骤\n\n1. 先核对订单，再处理**退款**。\n2. 见 [[还没写]]。\n\n- [ ] 通知客服\n- [x] 记账\n\n"
        "| 金额 | 谁批 |\n|---|---|\n| 500 | 组长 |\n\n"
        "> 引用[^1]\n\n```\nselect 1;\n```\n\n[^1]: 出处\n"
    )
    note = make_note(session, author, handover, title="退款审核", body=body, tags=["财务"])
    target = {"quote": {"exact": "先核对订单"}}
    create_annotation(
        session, who(session, author), note.id, {"kind": "question", "body": "Which order?", "target": target}
    )
    return note


def _entry(session: Session, manager: User, handover: Handover) -> str:
    """Something that expired, changed hands, and still names who leaves."""
    leaver = next(member.user.email for member in get_handover(session, handover.id).memberships)
    fields = {
        "kind": "domain",
        "name": "example.com",
        "holder": leaver,
        "expires_on": "2026-01-31",
        "state": "shared",
    }
    return add_entry(session, who(session, manager), handover.id, fields).id


def _meeting(session: Session, manager: User, handover: Handover, item: str) -> str:
    """A demonstration that was held, with a problem and what was agreed."""
    fields = {
        "kind": "demonstration", "held_at": "2026-05-11T14:00", "minutes": "## 看了什么\n\n两单。", "items": [item],
        "problem": "卡住了。", "attendees": [manager.email, "Sun Lihua"], "agreed": [{"title": "开通权限"}],
    }  # fmt: skip
    return record_meeting(session, who(session, manager), handover.id, fields, "Asia/Shanghai").id


def _slot(session: Session, item_id: str) -> str | None:
    return session.scalar(select(ItemSlot.slot).where(ItemSlot.item_id == item_id).limit(1))


def _job(session: Session, manager: User, ours: Handover) -> str:
    made = Job(handover_id=ours.id, user_id=manager.id, created_at=now(), updated_at=now())
    session.add(made)
    session.flush()
    return made.id


def _proposal(session: Session, manager: User, handover: Handover) -> str:
    """A change to the template out of an answer; the template has another version meanwhile."""
    set_stage(session, who(session, manager), handover, Stage.TRANSFERRING)
    save_answers(session, who(session, manager), handover.id, {"missing": "谁来接电话。"})
    fields = {"titles": {"zh-Hans": "接电话"}, "importance": "high", "slots": ["contacts"]}
    sent = {"kind": "add", "module": "vendors", "why": "没人接。", "fields": fields, "question": "missing"}
    made = propose(session, who(session, manager), handover.id, sent)
    less = get_kept(session, "website-administration").template
    without = partial(without_item, key="cdn-cache")
    change_template(session, who(session, manager), less.id, less.version, without, "用不上")
    return made.id


@pytest.fixture(scope="session")
def walk(live_server: Server, live_database: Database) -> Walk:
    """Addresses of every page with real ids in them, and the session of an administrator who is a manager."""
    with live_database.transaction() as session:
        manager = make_user(session, name="王建国", admin=True)
        ours = make_handover(
            session, manager=manager, template="website-administration", title="Website 交接"
        )
        note = _note(session, manager, ours)
        make_note(session, manager, ours, status="draft", title="Draft")
        item = session.scalars(select(Item.id).where(Item.handover_id == ours.id)).first()
        remark = session.scalars(select(Annotation.id).where(Annotation.note_id == note.id)).one()
        values = {
            "handover_id": ours.id, "note_id": note.id, "item_id": str(item), "annotation_id": remark,
            "email": manager.email, "number": "1", "slot": str(_slot(session, str(item))),
        }  # fmt: skip
        values |= {"template_id": "website-administration", "item_key": "site-down", "module_key": "vendors"}
        values |= {"proposal_id": _proposal(session, manager, ours), "version": "2"}
        values["entry_id"] = _entry(session, manager, ours)
        values["job_id"] = _job(session, manager, ours)
        values["token"] = unsubscribe_token(live_server.environ["KB_SECRET_KEY"], manager.id)
        values["meeting_id"] = _meeting(session, manager, ours, str(item))
        words = add(session, who(session, manager), {"term": "年检", "synonyms": ["annual check"]}).group
        values |= {"glossary_id": words.id, "word_id": words.words[0].id}
        storage = Storage(Path(live_server.environ["KB_DATA_DIR"]))
        values["attachment_id"] = make_attachment(session, manager, note, storage).id
        target = {"quote": {"exact": "通知客服"}}
        correction = {"kind": "correction", "replacement": "通知顾客", "target": target}
        values["correction_id"] = create_annotation(session, who(session, manager), note.id, correction).id
        typed = {"title": "半句", "body": "写到一半"}
        values["draft_id"] = keep_draft(session, who(session, manager), ours.id, None, typed, "", 0).draft.id
        token = cookie_for(session, manager)["kb_session"]
    until_indexed(live_server)
    return addresses(create_app(read_settings(live_server.environ)), values), token


def addresses(app: Litestar, values: Values) -> list[str]:
    """Every route that answers GET with a page; one with a parameter not known here fails the test."""
    found = []
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or "GET" not in route.methods or NOT_PAGES.search(route.path):
            continue
        path = re.sub(r"\{(\w+)(:\w+)?\}", lambda name: values[name[1]], route.path)
        found += [path + query for query in QUERIES.get(route.path, ("",))]
    return sorted(found)


@pytest.mark.parametrize(
    ("language", "width", "theme"), [("en", 1280, "light"), ("en", 1280, "dark"), ("zh-Hans", 390, "light")]
)
def test_axe_finds_nothing_serious_on_any_page(
    context: BrowserContext, live_server: Server, walk: Walk, language: str, width: int, theme: str
):
    paths, token = walk
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    cookies = {"kb_session": token, "kb_locale": language, "kb_theme": theme}
    context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
    wrong = [f"{path} {one}" for path in paths for one in problems(page, path, language)]
    assert not wrong, "\n".join(wrong)


def problems(page: Page, path: str, language: str) -> list[str]:
    """What is wrong with one page: its status, its language, what is wider than the window, what axe says."""
    answer = page.goto(path)
    assert answer
    if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
        return [f"answers {answer.status} {answer.headers.get('content-type')}"]
    found = axe_violations(page)
    if page.locator("html").get_attribute("lang") != language:
        found.append("speaks another language")
    if page.locator("h1").count() != 1:
        found.append(f"has {page.locator('h1').count()} main headings")
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return found + ([f"is {wider} px too wide"] if wider > 0 else [])


def test_the_pages_of_strangers_too(page: Page, live_server: Server):
    wrong = [
        f"{path} {one}"
        for path in ("/sign-in", "/help")
        for language in ("en", "zh-Hans")
        for one in problems(page, f"{path}?lang={language}", language)
    ]
    assert not wrong, "\n".join(wrong)


def test_what_is_not_there_has_a_page(page: Page, context: BrowserContext, live_server: Server, walk: Walk):
    context.add_cookies([{"name": "kb_session", "value": walk[1], "url": live_server.url}])
    answer = page.goto("/notes/000000000000")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    assert axe_violations(page) == []

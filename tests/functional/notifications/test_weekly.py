"""The weekly summary: who gets it, when, once, in which language, and what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.annotations.services import create_annotation
from kb.checklists.services import add_item
from kb.db import Database
from kb.handovers.models import Handover, Membership, Stage
from kb.handovers.stage_changes import set_stage
from kb.notifications.models import Mail
from kb.notifications.weekly import choose_weekly, week_due
from kb.people.models import User
from kb.progress.models import CoverageDay
from kb.registers.services import add_entry
from tests.functional.notifications.conftest import Clock, Made, stored
from tests.support.factories import make_handover, make_note, make_user, who
from tests.support.smtp import Mailbox

ITEM = {"module": "Service", "title": "Refund review", "importance": "critical", "slots": ["steps"]}


@dataclass
class Scene:
    """A handover that runs, with a critical item nobody has written about."""

    database: Database
    handover: str
    people: dict[str, User]

    def change(self, deed: Any) -> Any:
        with self.database.transaction() as session:
            return deed(session)


@pytest.fixture
def scene(database: Database, clock: Clock) -> Scene:
    with database.transaction() as session:
        people = {
            name: make_user(session, f"{name}@example.com", name=name.title(), locale=locale)
            for name, locale in (
                ("leaver", "zh-Hans"), ("successor", "en"), ("manager", "en"), ("viewer", "en"), ("trainer", "en"),
            )
        }  # fmt: skip
        handover = make_handover(
            session, title="Shop <operations>", manager=people["manager"], leaver=people["leaver"],
            successor=people["successor"], viewer=people["viewer"], trainer=people["trainer"],
        )  # fmt: skip
        handover.last_day = clock.day + timedelta(days=12)
        add_item(session, who(session, people["leaver"]), handover.id, ITEM)
        return Scene(database, handover.id, people)


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part
    return str(part.get_content())


def by_address(box: Mailbox) -> dict[str, EmailMessage]:
    found = {str(mail["To"]): mail for mail in box.taken}
    assert len(found) == len(box.taken)
    return found


def test_monday_at_eight_in_the_organisations_zone(clock: Clock):
    monday = clock.at.replace(minute=0)
    assert week_due(monday - timedelta(minutes=1), "Asia/Shanghai") is None
    week = week_due(monday, "Asia/Shanghai")
    assert week == f"{monday.isocalendar().year}-W{monday.isocalendar().week:02d}"
    assert week_due(monday, "Europe/Berlin") is None
    assert week_due(monday + timedelta(hours=39), "Asia/Shanghai") == week
    assert week_due(monday + timedelta(hours=41), "Asia/Shanghai") is None


def test_leaver_successor_and_manager_get_one(scene: Scene, box: Mailbox, reminder: Made):
    assert reminder().remind() == 3
    mails = by_address(box)
    assert set(mails) == {"leaver@example.com", "successor@example.com", "manager@example.com"}
    mail = mails["manager@example.com"]
    assert mail["Subject"] == "Handover: your week, 12 days left"
    text = body(mail)
    for said in ("12 days are left.", "Refund review", "Nothing is written yet.", "Only Leaver knows it."):
        assert said in text
    assert f"https://kb.example.com/handovers/{scene.handover}/board" in text


def test_it_is_sent_once_a_week_by_however_many(scene: Scene, clock: Clock, box: Mailbox, reminder: Made):
    first, second = reminder(), reminder()
    assert first.remind() + second.remind() + reminder().remind() == 3
    clock.on(hours=20)
    assert first.remind() + second.remind() + reminder().remind() == 0
    clock.on(days=6, hours=4)
    assert second.remind() == 3
    assert len({mail.key for mail in stored(scene.database)}) == 6


def test_it_speaks_the_readers_language_and_escapes_titles(scene: Scene, box: Mailbox, reminder: Made):
    reminder().remind()
    mails = by_address(box)
    assert '<html lang="zh-Hans">' in body(mails["leaver@example.com"], "html")
    html = body(mails["manager@example.com"], "html")
    assert '<html lang="en">' in html
    assert "Shop &lt;operations&gt;" in html
    assert "<script" not in html
    assert "src=" not in html


def test_dates_of_the_next_two_weeks(scene: Scene, clock: Clock, box: Mailbox, reminder: Made):
    def fill(session: Session) -> None:
        leaver = who(session, scene.people["leaver"])
        for days, name in ((-3, "old.example"), (14, "near.example"), (15, "far.example")):
            entry = {"kind": "domain", "name": name, "expires_on": str(clock.day + timedelta(days=days))}
            add_entry(session, leaver, scene.handover, entry)
        due = {"due": str(clock.day + timedelta(days=2)), "importance": "low"}
        add_item(session, leaver, scene.handover, ITEM | due | {"title": "Stock count"})

    scene.change(fill)
    reminder().remind()
    text = body(by_address(box)["manager@example.com"])
    dated = text[text.index("In the next 14 days") :]
    places = [
        dated.index(said)
        for said in ("Has expired: old.example", "Due: Stock count", "Expires: near.example")
    ]
    assert places == sorted(places)
    assert "far.example" not in text


def test_what_waits_for_the_reader(scene: Scene, box: Mailbox, reminder: Made):
    def ask(session: Session) -> None:
        note = make_note(session, scene.people["leaver"], session.get_one(Handover, scene.handover))
        question = {"kind": "question", "body": "Why?", "target": {"quote": {"exact": "Do it."}}}
        create_annotation(session, who(session, scene.people["successor"]), note.id, question)

    scene.change(ask)
    scene.change(lambda session: setattr(session.get_one(User, scene.people["leaver"].id), "locale", "en"))
    reminder().remind()
    mails = by_address(box)
    assert "1 question waits for your answer" in body(mails["leaver@example.com"])
    assert "question waits" not in body(mails["successor@example.com"])


def test_another_persons_draft_is_not_told(scene: Scene, box: Mailbox, reminder: Made):
    def write(session: Session) -> None:
        handover = session.get_one(Handover, scene.handover)
        make_note(session, scene.people["leaver"], handover, title="Secret draft", status="draft")

    scene.change(write)
    reminder().remind()
    assert all("Secret draft" not in body(mail) for mail in box.taken)


def test_nothing_to_say_no_mail(scene: Scene, box: Mailbox, reminder: Made):
    def finish(session: Session) -> None:
        handover = session.get_one(Handover, scene.handover)
        handover.last_day = handover.last_day + timedelta(days=300)
        set_stage(session, who(session, scene.people["manager"]), handover, Stage.SUPPORTING)

    scene.change(finish)
    assert reminder().remind() == 0
    assert stored(scene.database) == []


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.CANCELLED])
def test_a_handover_that_is_over_is_quiet(scene: Scene, box: Mailbox, reminder: Made, stage: Stage):
    manager = who_manages(scene)
    scene.change(lambda s: set_stage(s, manager, s.get_one(Handover, scene.handover), stage))
    assert reminder().remind() == 0


def who_manages(scene: Scene) -> Any:
    return scene.change(lambda session: who(session, scene.people["manager"]))


def test_whoever_does_not_want_it_gets_none(scene: Scene, box: Mailbox, reminder: Made):
    scene.change(lambda session: choose_weekly(session, scene.people["manager"].id, False))
    reminder().remind()
    assert set(by_address(box)) == {"leaver@example.com", "successor@example.com"}


def test_whoever_left_the_handover_meanwhile_is_told_nothing(
    scene: Scene, clock: Clock, box: Mailbox, reminder: Made
):
    box.refused = {"successor@example.com": "451 come back later"}
    assert reminder().remind() == 2
    box.refused = {}
    gone = scene.people["successor"].id
    places = select(Membership).where(Membership.user_id == gone)
    scene.change(lambda session: [session.delete(one) for one in session.scalars(places)])
    clock.on(minutes=5)
    assert reminder().remind() == 0
    assert "successor@example.com" not in by_address(box)


def test_old_mails_are_forgotten(scene: Scene, clock: Clock, box: Mailbox, reminder: Made):
    reminder().remind()
    clock.on(days=70)
    reminder().remind()
    assert {mail.created_at for mail in stored(scene.database)} == {clock.at}


def test_without_a_server_no_mail_is_made(scene: Scene, reminder: Made):
    assert reminder(None).remind() == 0
    assert scene.change(lambda session: session.query(Mail).count()) == 0


def test_mail_programs_can_end_it_with_one_click(scene: Scene, box: Mailbox, reminder: Made):
    reminder().remind()
    for mail in box.taken:
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = str(mail["List-Unsubscribe"]).strip("<>")
        assert address.startswith("https://kb.example.com/unsubscribe/")
        assert address in body(mail)
        assert address in body(mail, "html")


def test_each_day_of_running_handovers_is_written_down(scene: Scene, clock: Clock, reminder: Made):
    working = reminder(None)
    assert not working.record_days()
    clock.on(minutes=2)
    assert working.record_days()
    assert not working.record_days()
    (kept,) = scene.change(lambda session: session.query(CoverageDay).all())
    assert (kept.handover_id, kept.asked, kept.filled) == (scene.handover, 1, 0)

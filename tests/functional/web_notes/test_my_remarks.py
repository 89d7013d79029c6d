"""A person's own list of remarks: all of theirs and of those asked of them, and nothing they may not read."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select, update

from kb.annotations.models import Annotation
from kb.handovers.models import Membership
from kb.notes.models import Note
from kb.people.models import User
from tests.functional.web_notes.conftest import Desk
from tests.functional.web_notes.test_remarks import remarked
from tests.support.visitor import words


def listed(desk: Desk, name: str, **query: Any) -> list[str]:
    """What the remarks on somebody's list lead with."""
    answer = desk[name].get("/remarks", **query)
    assert answer.status_code == 200
    return re.findall(r'my-said"><a href="/annotations/\w+"><span[^>]*>(?:<ins>)?([^<]*)<', answer.text)


def test_what_is_asked_what_was_said_and_what_was_answered(desk: Desk):
    asked = remarked(desk, desk["viewer"], kind="question", body="问一")
    remarked(desk, desk["successor"], kind="correction", body="", replacement="改成这样")
    remarked(desk, desk["leaver"], body="自己的")
    assert listed(desk, "leaver") == ["自己的", "改成这样", "问一"]
    assert listed(desk, "leaver", way="asked") == ["改成这样", "问一"]
    assert listed(desk, "leaver", way="said") == ["自己的"]
    assert listed(desk, "leaver", kind="question") == ["问一"]
    assert listed(desk, "viewer") == ["问一"]
    assert listed(desk, "viewer", way="answered") == []
    desk["leaver"].get(desk.note)
    desk["leaver"].send(f"/annotations/{asked}/replies", {"body": "因为这样"})
    assert listed(desk, "viewer", way="answered") == ["问一"]
    assert "因为这样" in words(desk["viewer"].get("/remarks"))
    desk["leaver"].send(f"/annotations/{asked}/state", {"state": "resolved"})
    assert listed(desk, "leaver") == ["自己的", "改成这样", "问一"]  # what is open comes first
    assert listed(desk, "leaver", state="resolved") == ["问一"]
    assert listed(desk, "leaver", state="open", way="asked") == ["改成这样"]
    assert listed(desk, "manager") == []
    assert listed(desk, "leaver", way="x", state="y", kind="z", page="0") == listed(desk, "leaver")


def test_an_owner_is_asked_too(desk: Desk):
    remarked(desk, desk["viewer"], body="问你")
    assert listed(desk, "trainer") == []
    with desk.database.transaction() as session:
        trainer = session.scalars(select(User.id).where(User.email == "trainer@example.com")).one()
        session.execute(update(Note).where(Note.id == desk.ids["note"]).values(owner_id=trainer))
    assert listed(desk, "trainer", way="asked") == ["问你"]


def test_an_empty_list_says_what_belongs_there(desk: Desk):
    page = desk["stranger"].get("/remarks")
    assert "No remarks yet" in words(page)
    assert 'href="/remarks"' in desk["stranger"].get("/").text
    signed_out = desk["stranger"]
    signed_out.cookies.clear()
    assert signed_out.get("/remarks").headers["location"].startswith("/sign-in")


def test_what_one_may_no_longer_read_is_gone_from_the_list(desk: Desk):
    remarked(desk, desk["viewer"], body="我说过的")
    remarked(desk, desk["successor"], body="别人说的")
    assert listed(desk, "viewer") == ["我说过的"]
    with desk.database.transaction() as session:  # taken back to a draft of the leaver's
        session.execute(update(Note).where(Note.id == desk.ids["note"]).values(status="draft"))
    assert listed(desk, "viewer") == []
    assert "No remarks yet" in words(desk["viewer"].get("/remarks"))  # the numbers tell nothing either
    assert listed(desk, "leaver", way="asked") == ["别人说的", "我说过的"]
    with desk.database.transaction() as session:
        session.execute(update(Note).where(Note.id == desk.ids["note"]).values(status="published"))
        viewer = session.scalars(select(User.id).where(User.email == "viewer@example.com")).one()
        for member in session.scalars(select(Membership).where(Membership.user_id == viewer)):
            session.delete(member)
    page = desk["viewer"].get("/remarks")
    assert listed(desk, "viewer") == []
    assert "退款审核" not in page.text


def test_notes_in_the_bin_are_not_listed(desk: Desk):
    remarked(desk, desk["viewer"], body="问")
    desk["leaver"].get(desk.note)
    desk["leaver"].send(f"{desk.note}/delete", {})
    assert listed(desk, "leaver") == listed(desk, "viewer") == []


def test_many_come_a_page_at_a_time(desk: Desk):
    remarked(desk, desk["viewer"], body="0")
    with desk.database.transaction() as session:
        one = session.scalars(select(Annotation)).one()
        kept = (
            "note_id",
            "kind",
            "author_id",
            "revision",
            "quote",
            "anchor_status",
            "created_at",
            "updated_at",
        )
        for number in range(1, 60):
            session.add(Annotation(**{name: getattr(one, name) for name in kept}, body=str(number)))
    pages = [listed(desk, "viewer", page=str(number)) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert len({body for page in pages for body in page}) == 60
    assert listed(desk, "viewer", page="99") == pages[2]
    assert "page 2 of 3" in words(desk["viewer"].get("/remarks", page="2"))

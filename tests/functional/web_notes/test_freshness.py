"""Checking a note: by a click, by an owner's change; what its page and the lists say of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from kb.activity.models import Event
from kb.clock import now
from kb.handovers.models import Membership
from kb.notes.models import Note, Revision
from kb.people.models import User
from kb.search.models import Change
from tests.functional.web_notes.conftest import Desk, fields_of
from tests.support.visitor import words

LONG_AGO = datetime(2026, 1, 5, 8, tzinfo=UTC)


def today() -> date:
    return now().date()


def put(desk: Desk, **values: object) -> None:
    """Set columns of the note, as time would have."""
    with desk.database.transaction() as session:
        note = session.get_one(Note, desk.ids["note"])
        for name, value in values.items():
            setattr(note, name, value)


def due_in(desk: Desk, days: int) -> None:
    put(desk, check_by=today() + timedelta(days=days))


def check(desk: Desk, who: str, revision: object = 1) -> Any:
    desk[who].get(desk.note)
    return desk[who].send(f"{desk.note}/check", {"revision": revision})


def rows(desk: Desk, table: type) -> int:
    with desk.database.transaction(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_published_note_has_a_day_and_a_draft_has_none(desk: Desk):
    assert desk.stored().check_by == today() + timedelta(days=365)
    leaver = desk["leaver"]
    leaver.get(f"{desk.new}/new")
    fields = {"title": "T", "kind": "case", "body": "b", "importance": "critical", "check_by": ""}
    draft = leaver.send(desk.new, {**fields, "status": "draft"}).headers["location"].rpartition("/")[2]
    assert desk.stored(draft).check_by is None
    stored = desk.stored(draft)
    leaver.send(f"/notes/{draft}/edit", fields_of(stored, status="published", check_by=""))
    assert desk.stored(draft).check_by == today() + timedelta(days=90)
    named = leaver.send(desk.new, {**fields, "status": "published", "check_by": "2031-02-03"})
    assert desk.stored(named.headers["location"].rpartition("/")[2]).check_by == date(2031, 2, 3)


def test_one_click_says_still_right(desk: Desk):
    due_in(desk, -3)
    revisions, changes, events = rows(desk, Revision), rows(desk, Change), rows(desk, Event)
    page = words(desk["successor"].get(desk.note))
    assert "check overdue since" in page
    assert "Still right" in page
    answer = check(desk, "successor")
    assert (answer.status_code, answer.headers["location"]) == (303, desk.note)
    note = desk.stored()
    assert note.check_by == today() + timedelta(days=365)
    assert note.checked_by and note.checked_by.email == "successor@example.com"
    assert note.checked_at and now() - note.checked_at < timedelta(minutes=5)
    assert (note.revision, rows(desk, Revision)) == (1, revisions)
    assert rows(desk, Event) == events + 1
    assert rows(desk, Change) > changes  # search hears of it
    page = words(desk["viewer"].get(desk.note))
    assert "checked just now by Successor" in page
    assert "to be checked by" in page
    assert "overdue" not in page


def test_whoever_may_not_edit_may_not_say_so(desk: Desk):
    for who in ("viewer", "trainer"):
        assert "Still right" not in words(desk[who].get(desk.note))
        assert check(desk, who).status_code == 403
    assert desk["stranger"].send(f"{desk.note}/check", {"revision": 1}).status_code == 404
    assert desk.stored().checked_at is None


def test_whoever_owns_a_note_may_say_so(desk: Desk):
    with desk.database.transaction() as session:
        trainer = session.scalars(select(User).where(User.email == "trainer@example.com")).one()
        session.get_one(Note, desk.ids["note"]).owner_id = trainer.id
    assert "Still right" in words(desk["trainer"].get(desk.note))
    assert check(desk, "trainer").status_code == 303
    assert check(desk, "viewer").status_code == 403


def test_only_what_one_has_read_is_right(desk: Desk):
    due_in(desk, 3)
    desk["successor"].get(desk.note)
    saved = fields_of(desk.stored(), body="别的内容。\n", check_by=desk.stored().check_by)
    desk["manager"].send(f"{desk.note}/edit", saved)
    answer = desk["successor"].send(f"{desk.note}/check", {"revision": 1})
    assert answer.status_code == 409
    assert "Read revision 2, then say so again." in words(answer)
    assert "别的内容。" in words(answer)  # the newer text, to be read
    assert 'name="revision" value="2"' in answer.text
    assert desk.stored().checked_at is None
    for wrong in ("", "x", "0", "99999999999"):
        assert check(desk, "successor", wrong).status_code == 422
    assert check(desk, "successor", "3").status_code == 409
    assert check(desk, "successor", "2").status_code == 303


def test_a_major_change_by_the_owner_is_a_check(desk: Desk):
    """The note is the leaver's."""
    for who, more, counts in (
        ("manager", {}, False),
        ("leaver", {"minor": "1"}, False),
        ("leaver", {}, True),
    ):
        due_in(desk, 3)
        put(desk, checked_at=LONG_AGO)
        desk[who].get(f"{desk.note}/edit")
        note = desk.stored()
        fields = fields_of(note, body=note.body + "再加一句。\n", check_by=note.check_by, **more)
        assert desk[who].send(f"{desk.note}/edit", fields).status_code == 303
        after = desk.stored()
        assert after.revision == note.revision + 1
        assert (after.checked_at != LONG_AGO) is counts
        assert (after.check_by == note.check_by) is not counts


def test_naming_a_day_is_no_check_and_holds(desk: Desk):
    put(desk, checked_at=LONG_AGO)
    note = desk.stored()
    for day in ("2031-02-03", ""):
        desk["leaver"].send(f"{desk.note}/edit", fields_of(desk.stored(), check_by=day))
        stored = desk.stored()
        assert (stored.check_by.isoformat() if stored.check_by else "") == day
        assert stored.checked_at == LONG_AGO
    text = fields_of(desk.stored(), body=note.body + "再加一句。\n", check_by="2031-02-03")
    desk["leaver"].send(f"{desk.note}/edit", text)
    assert desk.stored().check_by == date(2031, 2, 3)  # named in the very change that checks it
    answer = desk["leaver"].send(f"{desk.note}/edit", fields_of(desk.stored(), check_by="soon"))
    assert answer.status_code == 422


def test_what_becomes_more_important_is_checked_sooner(desk: Desk):
    desk["manager"].get(f"{desk.note}/edit")
    for level, days in (("critical", 90), ("normal", 90), ("low", None)):
        note = desk.stored()
        fields = fields_of(note, importance=level, check_by=note.check_by or "")
        desk["manager"].send(f"{desk.note}/edit", fields)
        expected = today() + timedelta(days=days) if days else None
        assert desk.stored().check_by == expected


def test_home_and_the_handover_say_what_is_to_be_checked(desk: Desk):
    place = desk.new.removesuffix("/notes")
    assert "to be checked" not in words(desk["leaver"].get("/"))
    assert "to be checked" not in words(desk["leaver"].get(place))
    due_in(desk, -40)
    home = words(desk["leaver"].get("/"))
    assert "check overdue since" in home
    assert "Read and check it" in home
    assert "check overdue" not in words(desk["successor"].get("/"))  # not theirs
    overview = desk["viewer"].get(place)
    assert "1 note is to be checked" in words(overview)
    assert "1 is overdue" in words(overview)
    only = desk["viewer"].get(place, fresh="due")
    assert "Night shift" in words(overview)
    assert "Night shift" not in words(only)
    assert "退款审核" in words(only)
    put(desk, deleted_at=now())
    assert "Every note has been checked in its time." in words(desk["viewer"].get(place, fresh="due"))


def test_an_owner_who_has_left_is_said(desk: Desk):
    assert "has left" not in words(desk["successor"].get(desk.note))
    with desk.database.transaction() as session:
        leaver = session.scalars(select(User).where(User.email == "leaver@example.com")).one()
        for membership in session.scalars(select(Membership).where(Membership.user_id == leaver.id)):
            session.delete(membership)
    page = desk["successor"].get(desk.note)
    assert "the owner, Leaver, has left" in words(page)
    assert f'href="{desk.note}/edit#f-owner"' in page.text
    page = desk["viewer"].get(desk.note)
    assert f'href="{desk.new.removesuffix("/notes")}/members"' in page.text
    put(desk, owner_id=None)
    assert "without an owner" in words(desk["viewer"].get(desk.note))

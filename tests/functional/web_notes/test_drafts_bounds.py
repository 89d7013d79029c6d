"""Drafts stay bounded, and a session that ended is opened again on the spot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from kb.clock import now
from kb.ids import new_id
from kb.notes import drafts
from kb.notes.models import Draft
from kb.people.models import User
from kb.people.passwords import hash_password
from tests.functional.web_notes.conftest import Desk, fields_of
from tests.functional.web_notes.test_drafts import keep, stored
from tests.support.factories import PASSWORD


@pytest.mark.parametrize("more", [{"body": "x" * 1_000_001}, {"title": "x" * 2_001}, {"purpose": "a\0b"}])
def test_what_is_too_much_or_cannot_be_stored_is_refused(desk: Desk, more: dict[str, str]):
    desk["leaver"].get("/")
    sent = fields_of(desk.stored()) | more
    assert desk["leaver"].send_fragment(f"{desk.note}/draft", sent).status_code == 422
    assert stored(desk) == []


def test_old_ones_and_too_many_make_room(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 3)
    leaver, address = desk["leaver"], f"/handovers/{desk.ids['handover']}/drafts"
    leaver.get("/")
    for number in range(5):
        leaver.send_fragment(address, {"title": str(number), "draft_place": f"new:{new_id()}"})
    assert [draft.fields["title"] for draft in stored(desk)] == ["2", "3", "4"]
    with desk.database.transaction() as session:
        for draft in session.scalars(select(Draft)):
            draft.saved_at = now() - timedelta(days=91)
    leaver.send_fragment(address, {"title": "5"})
    assert [draft.fields["title"] for draft in stored(desk)] == ["5"]


def test_signing_in_on_the_spot_gives_a_token_that_is_taken(desk: Desk):
    with desk.database.transaction() as session:
        user = session.scalars(select(User).where(User.email == "leaver@example.com")).one()
        user.password_hash = hash_password(PASSWORD)
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    leaver.cookies.pop("kb_session")
    told = leaver.get("/session").json()
    assert told["email"] == ""
    leaver.token = told["csrf_token"]
    wrong = leaver.send("/session", {"email": "leaver@example.com", "password": "wrong"})
    assert (wrong.status_code, list(wrong.json())) == (422, ["message"])
    right = leaver.send("/session", {"email": "leaver@example.com", "password": PASSWORD})
    assert (right.status_code, right.json()["email"]) == (200, "leaver@example.com")
    leaver.token = right.json()["csrf_token"]
    assert keep(desk, "leaver", "weiter")["version"] == 1
    assert leaver.get("/session").json()["email"] == "leaver@example.com"


def test_a_sign_in_on_the_spot_from_another_site_is_not_taken(desk: Desk):
    leaver = desk["leaver"]
    leaver.get("/")
    leaver.token = "x"
    assert leaver.send_fragment("/session", {"email": "a@example.com", "password": "b"}).status_code == 403

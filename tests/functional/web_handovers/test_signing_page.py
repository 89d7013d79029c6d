"""What the page of the sign-off says before somebody signs, and the first page of whose turn it is."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from kb.clock import now
from kb.handovers.models import Handover, Membership
from kb.offboarding.models import Transfer
from kb.people.services import note_failure
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import PASSWORD, make_note
from tests.support.signing import PARTIES, give_password
from tests.support.visitor import words


@pytest.fixture
def signing(shop: Shop) -> Shop:
    """The shop, with people who can sign; its one item is critical and open."""

    def prepare(session: Any) -> None:
        for role in PARTIES:
            give_password(session, f"{role}@example.com")

    shop.change(prepare)
    return shop


def page_of(shop: Shop) -> str:
    return f"/handovers/{shop.handover}/signoff"


def sign(shop: Shop, role: str, **fields: str) -> Any:
    return shop[role].send(page_of(shop), {"password": PASSWORD, **fields})


def set_to(shop: Shop, **fields: Any) -> None:
    def change(session: Any) -> None:
        for name, value in fields.items():
            setattr(session.get_one(Handover, shop.handover), name, value)

    shop.change(change)


def test_signing_early_is_explained(signing: Shop):
    early = "There is still time to write."
    set_to(signing, stage="capturing")
    assert early in words(signing["leaver"].get(page_of(signing)))
    set_to(signing, stage="transferring", last_day=now().date() - timedelta(days=3))
    assert early not in words(signing["leaver"].get(page_of(signing)))
    set_to(signing, last_day=now().date() + timedelta(days=9))
    assert early in words(signing["leaver"].get(page_of(signing)))
    assert sign(signing, "leaver", reservations="Follows by Monday").status_code == 303
    assert early not in words(signing["manager"].get(page_of(signing)))


def test_what_is_not_settled_is_named_with_links_and_keeps_nobody(signing: Shop):
    def leave_open(session: Any) -> str:
        leaver, successor = person(session, "leaver"), person(session, "successor")
        session.add(
            Transfer(
                handover_id=signing.handover, from_id=leaver.id, to_id=successor.id, created_at=now(),
                objects=[{"type": "item", "id": signing.item, "title": "Refund review"}],
            )
        )  # fmt: skip
        note = make_note(session, leaver, signing.stored(), title="Refunds", body="Ask the bank first.")
        return str(note.id)

    note = signing.change(leave_open)
    entry = {"kind": "account", "name": "Shop console", "holder": "leaver@example.com"}
    made = signing["leaver"].send(f"/handovers/{signing.handover}/register", entry)
    assert made.status_code == 303, made.text
    asked = signing["successor"].send(
        f"/notes/{note}/annotations",
        {"kind": "question", "body": "Which bank?", "exact": "the bank", "prefix": "", "suffix": ""},
    )
    assert asked.status_code in (200, 201, 303), asked.text
    page = signing["manager"].get(page_of(signing))
    text = words(page)
    assert "1 register entry still names the leaver: Shop console" in text
    assert "1 offer is not answered: Successor Li" in text
    assert "1 question is open: Refunds" in text
    assert re.search(rf'href="/notes/{note}#a-\w+"', page.text)
    assert sign(signing, "manager", reservations="Follows by Monday").status_code == 303


def test_everything_that_is_wrong_is_told_at_once(signing: Shop):
    name = f"reservation-{signing.item}"
    refused = sign(signing, "leaver", password="wrong", reservations="无", **{name: "n/a"})
    assert refused.status_code == 422
    for field in ("password", "reservations", name):
        assert f'id="f-{field}-error"' in refused.text, field


def test_guessing_is_told_when_to_come_back(signing: Shop):
    def guess(session: Any) -> None:
        for _ in range(10):
            note_failure(session, "leaver@example.com", "somewhere")

    signing.change(guess)
    refused = sign(signing, "leaver")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")


def test_who_signed_and_left_is_named_and_nobody_is_asked_to_sign(signing: Shop):
    assert sign(signing, "successor", reservations="Follows by Monday").status_code == 303

    def leave(session: Any) -> None:
        wanted = select(Membership).where(
            Membership.handover_id == signing.handover, Membership.role == "successor"
        )
        session.scalars(wanted).one().user_id = person(session, "admin").id

    signing.change(leave)
    page = signing["manager"].get(page_of(signing))
    assert "this sign-off cannot be completed" in words(page)
    assert 'name="password"' not in page.text
    assert f"{page_of(signing)}/anew" in page.text
    refused = sign(signing, "manager")
    assert refused.status_code == 409


def test_the_first_page_asks_for_the_signature_that_is_missing(signing: Shop):
    asked = "Your signature is asked for"
    assert asked not in words(signing["manager"].get("/"))
    assert sign(signing, "leaver", reservations="Follows by Monday").status_code == 303
    for role, is_asked in (("leaver", False), ("manager", True), ("successor", True), ("trainer", False)):
        assert (asked in words(signing[role].get("/"))) is is_asked, role
    assert sign(signing, "manager").status_code == 303
    assert asked not in words(signing["manager"].get("/"))
    assert sign(signing, "successor").status_code == 303
    assert asked not in words(signing["successor"].get("/"))

"""The page of the sign-off: whose turn it is, a field for each thing that is open, the certificate."""

from __future__ import annotations

import re
import threading
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import event, select

from kb.checklists.models import Item
from kb.handovers.models import Stage
from kb.signoff.models import Signoff
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import PASSWORD, make_note
from tests.support.signing import PARTIES, give_password
from tests.support.visitor import words


@pytest.fixture
def signing(shop: Shop) -> Shop:
    """The shop, with people who can sign; its one item is critical and open."""

    def prepare(session):
        for role in PARTIES:
            give_password(session, f"{role}@example.com")

    shop.change(prepare)
    return shop


def page_of(shop: Shop) -> str:
    return f"/handovers/{shop.handover}/signoff"


def sign(shop: Shop, role: str, **fields: str):
    return shop[role].send(page_of(shop), {"password": PASSWORD, **fields})


def sign_all(shop: Shop) -> None:
    for role in PARTIES:
        assert sign(shop, role, reservations="Refunds follow by Friday").status_code == 303


def test_whose_turn_it_is(signing: Shop):
    for role in PARTIES:
        text = signing[role].get(page_of(signing)).text
        assert text.count('name="password"') == 1
        assert "signature-yours" in text
    for role in ("trainer", "viewer"):
        text = signing[role].get(page_of(signing)).text
        assert 'name="password"' not in text
        assert "Refund review" in text  # what is open, they see


def test_a_field_for_each_thing_that_is_open(signing: Shop):
    name = f"reservation-{signing.item}"
    assert f'name="{name}"' in signing["leaver"].get(page_of(signing)).text
    refused = sign(signing, "leaver")
    assert refused.status_code == 409
    assert "Something required is still open" in words(refused)
    answer = sign(signing, "leaver", **{name: "Chen writes it down by Friday"})
    assert (answer.status_code, answer.headers["location"]) == (303, page_of(signing))
    text = words(signing["successor"].get(page_of(signing)))
    assert "Your signature is recorded" in words(signing["leaver"].get(page_of(signing)))
    assert "Chen writes it down by Friday" in text
    assert f'name="{name}"' not in signing["successor"].get(page_of(signing)).text


def test_each_open_thing_needs_its_reason(signing: Shop):
    def another(session):
        first = session.get_one(Item, signing.item)
        copy = Item(
            handover_id=first.handover_id, module_id=first.module_id, title="Stocktake", importance="high",
            position=9, created_at=first.created_at, updated_at=first.updated_at,
        )  # fmt: skip
        session.add(copy)
        session.flush()
        return copy.id

    other = signing.change(another)
    typed = {f"reservation-{signing.item}": "Chen writes it down by Friday"}
    refused = sign(signing, "leaver", **typed)
    assert refused.status_code == 422
    assert f'id="f-reservation-{other}-error"' in refused.text
    assert "Chen writes it down by Friday" in refused.text  # what was typed is kept
    assert PASSWORD not in refused.text
    assert sign(signing, "leaver", **typed, reservations="All else follows by Monday").status_code == 303


def test_a_wrong_password_keeps_what_was_typed(signing: Shop):
    for password in ("", "wrong"):
        refused = sign(signing, "leaver", password=password, reservations="Follows by Monday")
        assert refused.status_code == 422
        assert 'id="f-password-error"' in refused.text
        assert "Follows by Monday" in refused.text
    assert signing.ask(lambda session: session.scalars(select(Signoff)).all()) == []


def test_a_filler_is_told_kindly(signing: Shop):
    refused = sign(signing, "leaver", reservations="无")
    assert refused.status_code == 422
    assert "leave it empty" in words(refused)


def test_from_the_first_signature_to_the_certificate(signing: Shop):
    sign_all(signing)
    assert signing.stored().stage == Stage.SIGNED_OFF
    page = signing["viewer"].get(page_of(signing))
    assert "All three have signed" in words(page)
    assert 'name="password"' not in signing["leaver"].get(page_of(signing)).text
    links = re.findall(r'href="([^"]+/certificate\.\w+)"', page.text)
    assert {link.rpartition(".")[2] for link in links} == {"pdf", "json"}
    pdf = signing["viewer"].get(next(link for link in links if link.endswith("pdf")))
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(pdf.content)).pages)
    assert "交接确认书" in text
    assert "Refunds follow by Friday" in text
    assert sign(signing, "leaver").status_code == 409


def test_what_changed_before_all_had_signed_is_told(signing: Shop):
    sign(signing, "leaver", reservations="Follows by Monday")
    assert "has changed since the first signature" not in words(signing["manager"].get(page_of(signing)))
    signing.change(
        lambda session: make_note(session, person(session, "leaver"), signing.stored(), title="Written late")
    )
    text = words(signing["manager"].get(page_of(signing)))
    assert "has changed since the first signature" in text
    assert "Written late" in text


def test_begin_again(signing: Shop):
    sign_all(signing)
    assert "/signoff/anew" not in signing["leaver"].get(page_of(signing)).text
    assert signing["leaver"].send(f"{page_of(signing)}/anew").status_code == 403
    answer = signing["manager"].send(f"{page_of(signing)}/anew", {"reason": "More was written"})
    assert answer.status_code == 303
    text = words(signing["manager"].get(page_of(signing)))
    assert "Until all three have signed it, certificate no. 1 holds" in text
    assert signing["manager"].send(f"{page_of(signing)}/anew").status_code == 409
    sign_all(signing)
    page = signing["manager"].get(page_of(signing))
    assert "superseded" in words(page)
    assert signing["viewer"].get(f"{page_of(signing)}/certificate.pdf", number=1).status_code == 200


def test_a_refused_form_leads_back_on_reload(signing: Shop):
    assert signing["viewer"].get(f"{page_of(signing)}/anew").headers["location"] == page_of(signing)


def test_an_attack_on_the_page(signing: Shop):
    hostile = '<script>alert(1)</script> "quoted" is open'
    sign(signing, "leaver", reservations=hostile)
    text = signing["manager"].get(page_of(signing)).text
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_each_note_says_whether_it_is_as_it_was_signed(signing: Shop):
    note = signing.change(
        lambda session: make_note(session, person(session, "leaver"), signing.stored(), title="Refunds").id
    )
    assert "since sign-off" not in words(signing["viewer"].get(f"/notes/{note}"))
    sign_all(signing)
    assert "unchanged since sign-off" in words(signing["viewer"].get(f"/notes/{note}"))
    signing["leaver"].get(f"/notes/{note}/edit")
    new = {"title": "Refunds", "kind": "procedure", "body": "## Steps\n\nOtherwise.\n", "base_revision": "1"}
    assert signing["leaver"].send(f"/notes/{note}/edit", new).status_code == 303
    page = signing["viewer"].get(f"/notes/{note}")
    assert "edited since sign-off" in words(page)
    diff = f"/notes/{note}/history/2?since=1"
    assert diff in page.text
    assert signing["viewer"].get(diff).status_code == 200
    signoff = signing["viewer"].get(page_of(signing))
    assert diff in signoff.text
    later = signing.change(
        lambda session: make_note(session, person(session, "leaver"), signing.stored(), title="Later").id
    )
    assert "since sign-off" not in words(signing["viewer"].get(f"/notes/{later}"))


def test_the_page_of_a_note_asks_one_thing_more_and_only_once_it_is_signed(signing: Shop):
    note = signing.change(
        lambda session: make_note(session, person(session, "leaver"), signing.stored(), title="Refunds").id
    )
    engine = signing.client.app.state["services"].database.engine
    asked: list[str] = []

    def heard(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if threading.current_thread().name.startswith("kb-request"):  # not by the indexer meanwhile
            asked.append(statement)

    def statements() -> list[str]:
        asked.clear()
        event.listen(engine, "before_cursor_execute", heard)
        signing["viewer"].get(f"/notes/{note}")
        event.remove(engine, "before_cursor_execute", heard)
        return list(asked)

    statements()
    before = statements()
    assert not [one for one in before if "signoffs" in one]
    sign_all(signing)
    for _time in range(2):  # the first reads the manifest, the others do not
        after = statements()
        assert len([one for one in after if "signoffs" in one]) == 1
        assert len(after) <= len(before) + 1


def test_drafts_are_told_to_those_who_may_see_them(signing: Shop):
    signing.change(
        lambda session: (
            make_note(
                session, person(session, "leaver"), signing.stored(), title="Half written", status="draft"
            ).id
        )
    )
    for role, told in (("leaver", True), ("manager", True), ("successor", False), ("viewer", False)):
        assert ("Half written" in words(signing[role].get(page_of(signing)))) is told, role
    sign(signing, "leaver", reservations="Follows by Monday")
    assert "Half written" not in words(signing["manager"].get(page_of(signing)))

"""Looking back: answers by each, proposals to the template, a manager's decision."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from kb.activity.models import Event
from kb.handovers.models import Handover, Stage
from kb.retrospectives.models import RetrospectiveAnswer
from tests.functional.web_handovers.conftest import Shop, person
from tests.functional.web_handovers.retrospective_desk import ROLES, hand_over, here, proposal, propose
from tests.support.visitor import words


@pytest.fixture
def desk(shop: Shop) -> Shop:
    """A handover that is being handed over, started from a template."""
    return hand_over(shop)


def answers(shop: Shop) -> dict[tuple[str, str], str]:
    rows = shop.ask(lambda s: s.execute(select(RetrospectiveAnswer.question, RetrospectiveAnswer.answer,
                                               RetrospectiveAnswer.user_id)).all())  # fmt: skip
    names = shop.ask(lambda s: {person(s, role).id: role for role in ROLES})
    return {(names[row.user_id], row.question): row.answer for row in rows}


def test_each_answers_for_themselves_and_everybody_reads_it(desk: Shop):
    desk["leaver"].send(here(desk), {"earlier": "The month end.", "missing": " "})
    desk["successor"].send(here(desk), {"earlier": "The registrar.", "next": "Ask the warehouse first."})
    assert answers(desk) == {
        ("leaver", "earlier"): "The month end.", ("successor", "earlier"): "The registrar.",
        ("successor", "next"): "Ask the warehouse first.",
    }  # fmt: skip
    for name in ("viewer", "manager"):
        said = words(desk[name].get(here(desk)))
        assert "The month end." in said and "The registrar." in said and "Successor Li" in said
    assert 'name="earlier"' not in desk["viewer"].get(here(desk)).text
    mine = desk["leaver"].get(here(desk)).text
    assert mine.count("The month end.") == 1 and "The registrar." in mine


def test_the_stages_page_leads_there_who_is_asked(desk: Shop):
    address = f"/handovers/{desk.handover}/stage"
    assert "Look back" in words(desk["leaver"].get(address))
    assert "Look back" not in words(desk["viewer"].get(address))
    desk.change(lambda s: setattr(s.get_one(Handover, desk.handover), "stage", Stage.CAPTURING))
    assert "Look back" not in words(desk["leaver"].get(address))


def test_an_answer_is_changed_and_taken_back(desk: Shop):
    desk["leaver"].send(here(desk), {"earlier": "The month end."})
    desk["leaver"].send(here(desk), {"earlier": "The quarter's end."})
    assert answers(desk) == {("leaver", "earlier"): "The quarter's end."}
    desk["leaver"].send(here(desk), {"earlier": ""})
    assert answers(desk) == {}
    desk["leaver"].send(here(desk), {"earlier": ""})
    told = desk.ask(lambda s: s.scalars(select(Event.action).where(Event.handover_id == desk.handover)).all())
    assert told.count("retrospective.answered") == 3


@pytest.mark.parametrize("stage", [Stage.PREPARING, Stage.CAPTURING, Stage.CANCELLED])
def test_it_is_asked_once_the_work_is_being_handed_over(desk: Shop, stage: Stage):
    desk.change(lambda s: setattr(s.get_one(Handover, desk.handover), "stage", stage))
    page = desk["leaver"].get(here(desk))
    assert "The questions are asked once the work is being handed over" in words(page)
    assert 'name="earlier"' not in page.text
    refused = desk["leaver"].send(here(desk), {"earlier": "Now."})
    assert refused.status_code == 409
    assert propose(desk).status_code == 409
    assert desk["leaver"].get(f"{here(desk)}/propose").status_code == 409
    assert answers(desk) == {}


@pytest.mark.parametrize("stage", [Stage.SIGNED_OFF, Stage.SUPPORTING, Stage.CLOSED])
def test_it_goes_on_after_the_signatures(desk: Shop, stage: Stage):
    desk.change(lambda s: setattr(s.get_one(Handover, desk.handover), "stage", stage))
    desk["successor"].send(here(desk), {"missing": "The roles."})
    assert answers(desk)


def test_what_looks_like_a_secret_is_asked_about(desk: Shop):
    text = "Give them the login at once: password: Tr0ub4dor&3xyz"
    refused = desk["leaver"].send(here(desk), {"earlier": text})
    assert refused.status_code == 422
    assert "This looks like a secret" in words(refused) and "Tr0ub4dor" in refused.text
    assert desk["leaver"].send(here(desk), {"earlier": text, "accept_secrets": "1"}).status_code == 303
    assert propose(desk, **{"guidance-en": text}).status_code == 422
    assert propose(desk, why=text).status_code == 422
    assert propose(desk, why=text, accept_secrets="1").status_code == 303


def test_rights(desk: Shop):
    propose(desk)
    path = f"/proposals/{proposal(desk).id}"
    allowed = {
        f"{here(desk)}/propose": ("leaver", "successor", "manager"),
        here(desk): ("leaver", "successor", "manager"),
        f"{path}/decline": ("manager",),
        f"{path}/accept": ("manager",),
    }
    for address, may in allowed.items():
        for name in ROLES:
            status = desk[name].send(address, {"next": "x"}).status_code
            assert (status != 403) == (name in may), (address, name, status)
        for name in ("stranger", "admin"):
            assert desk[name].send(address).status_code == 404
    for name in ROLES:
        assert desk[name].get(here(desk)).status_code == 200
        expected = 200 if name in ("leaver", "successor", "manager") else 403
        assert desk[name].get(f"{here(desk)}/propose").status_code == expected
    for address in (here(desk), f"{here(desk)}/propose", f"{path}/accept", f"{path}/decline"):
        assert desk["stranger"].get(address).status_code == 404
        assert desk["nobody"].get(address).status_code == 303

"""Changes proposed to a template: taken up by a manager, declined, or overtaken by other changes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from kb.checklists.models import Item
from kb.checklists.services import add_item
from kb.checklists.template_edits import without_item, without_module
from kb.checklists.template_queries import get_kept
from kb.checklists.template_services import add_version, change_template
from kb.handovers.models import Handover
from kb.retrospectives.models import ProposalState, TemplateProposal
from tests.functional.web_handovers.conftest import ITEM, Shop, person
from tests.functional.web_handovers.retrospective_desk import (
    ID,
    SHIPPED,
    decide,
    hand_over,
    here,
    proposal,
    propose,
)
from tests.functional.web_handovers.template_desk import kept
from tests.support.factories import who
from tests.support.visitor import words


@pytest.fixture
def desk(shop: Shop) -> Shop:
    """A handover that is being handed over, started from a template."""
    return hand_over(shop)


def test_a_proposal_waits_for_a_manager_who_takes_it_up(desk: Shop):
    desk["successor"].send(here(desk), {"missing": "The roles for refunds."})
    form = desk["successor"].get(f"{here(desk)}/propose?question=missing")
    assert "The roles for refunds." in form.text and 'name="kind" value="add"' in form.text
    assert propose(desk, question="missing").headers["location"] == f"{here(desk)}#proposals"
    said = words(desk["leaver"].get(here(desk)))
    for told in ("Roles for refunds", "It took four days.", "waits for a manager", "Successor Li"):
        assert told in said
    assert f"/proposals/{proposal(desk).id}/accept" not in desk["leaver"].get(here(desk)).text
    assert f"/proposals/{proposal(desk).id}/accept" in desk["manager"].get(here(desk)).text
    assert decide(desk).status_code == 303
    now = kept(desk)
    assert now.template.version == SHIPPED.version + 1
    assert now.template.modules[1].items[-1].titles == {"en": "Roles for refunds", "zh-Hans": "退款权限"}
    assert now.why == "From the handover “Shop desk”, proposed by Successor Li: It took four days."
    assert now.saved_by == "Manager Li"
    made = proposal(desk)
    assert (made.state, made.template_version) == (ProposalState.ACCEPTED, now.template.version)
    assert desk.ask(lambda s: s.get_one(Handover, desk.handover).template_version) == SHIPPED.version
    assert desk.ask(lambda s: s.scalar(select(Item.id).where(Item.title == "Roles for refunds"))) is None
    assert "Roles for refunds" in words(desk["admin"].get(f"/admin/templates/{ID}"))


def test_a_change_and_a_drop(desk: Shop):
    form = desk["leaver"].get(f"{here(desk)}/propose?kind=change&item=refund-review").text
    assert 'value="Refund review"' in form and 'value="退款审核"' in form
    propose(desk, kind="change", item="refund-review", **{"titles-en": "Refunds", "due_days_before": "20"})
    said = words(desk["manager"].get(here(desk)))
    assert "Refund review Refunds" in said and "20 days before the last day" in said
    decide(desk)
    assert kept(desk).template.item("refund-review").titles["en"] == "Refunds"
    propose(desk, kind="drop", item="product-content", why="Nobody needs it.")
    decide(desk)
    now = kept(desk).template
    assert now.item("product-content") is None
    assert now.version == SHIPPED.version + 2


def test_a_declined_proposal_changes_nothing_and_is_decided_once(desk: Shop):
    propose(desk)
    assert decide(desk, "decline").status_code == 303
    assert proposal(desk).state == ProposalState.DECLINED
    again = decide(desk)
    assert again.status_code == 409
    assert "This proposal has been decided already." in words(again)
    assert kept(desk).shipped
    assert desk["manager"].get(f"/proposals/{proposal(desk).id}/accept").headers["location"] == here(desk)


def changed(shop: Shop, change: Any) -> None:
    def run(session: Any) -> None:
        admin = who(session, person(session, "admin"))
        change_template(session, admin, ID, get_kept(session, ID).template.version, change)

    shop.change(run)


@pytest.mark.parametrize(
    ("sent", "meanwhile", "sentence"),
    [
        ({"kind": "change", "item": "refund-review"}, lambda t: without_item(t, "refund-review"),
         "The item is gone from the template already"),
        ({"kind": "drop", "item": "refund-review"}, lambda t: without_item(t, "refund-review"),
         "The item is gone from the template already"),
        ({"kind": "add", "module": "team"}, lambda t: without_module(t, "team"),
         "The module it should stand in is gone"),
    ],
)  # fmt: skip
def test_a_template_that_went_another_way_meanwhile_is_told(
    desk: Shop, sent: Any, meanwhile: Any, sentence: str
):
    propose(desk, **sent)
    changed(desk, meanwhile)
    refused = decide(desk)
    assert (refused.status_code, sentence in words(refused)) == (409, True)
    assert proposal(desk).state == ProposalState.OPEN
    assert decide(desk, "decline").status_code == 303


def test_an_item_that_was_changed_meanwhile_is_looked_at_first(desk: Shop):
    propose(desk, kind="change", item="refund-review")
    first = proposal(desk).id
    propose(desk, kind="change", item="refund-review", **{"titles-en": "Refunds"})
    decide(desk)
    refused = desk["manager"].send(f"/proposals/{first}/accept")
    assert refused.status_code == 409
    assert "The item has been changed in the template since this was proposed" in words(refused)


def test_a_template_that_is_gone(desk: Shop):
    def orphan(session: Any) -> None:
        propose_row = session.get_one(TemplateProposal, proposal(desk).id)
        propose_row.template_id = "gone"

    propose(desk)
    desk.change(orphan)
    refused = decide(desk)
    assert (refused.status_code, "The template is not there any more" in words(refused)) == (409, True)
    desk.change(lambda s: setattr(s.get_one(Handover, desk.handover), "template_id", "gone"))
    assert "there is nothing to change for the next" in words(desk["leaver"].get(here(desk)))
    assert desk["leaver"].get(f"{here(desk)}/propose").status_code == 404
    assert propose(desk).status_code == 404


def test_two_items_of_one_name_get_keys_of_their_own(desk: Shop):
    propose(desk)
    first = proposal(desk).id
    propose(desk, **{"guidance-en": "Another."})
    decide(desk)
    assert desk["manager"].send(f"/proposals/{first}/accept").status_code == 303
    keys = [item.key for item in kept(desk).template.module("orders").items]
    assert keys[-2:] == ["roles-for-refunds", "roles-for-refunds-1"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"why": ""}, "Why: This must be filled in."),
        ({"titles-en": "", "titles-zh-Hans": ""}, "in one language at least"),
        ({"module": "nowhere"}, "Choose a module."),
        ({"kind": "drop", "item": "nothing"}, "Choose an item of the template."),
        ({"kind": "explode"}, "This must be one of: add, change, drop."),
        ({"question": "why"}, "This must be one of:"),
        ({"importance": "huge"}, "Importance: This must be one of:"),
    ],
)
def test_what_is_wrong_with_a_proposal_is_told(desk: Shop, sent: Any, sentence: str):
    refused = propose(desk, **sent)
    assert refused.status_code == 422
    assert sentence in words(refused)
    assert desk.ask(lambda s: s.scalar(select(TemplateProposal.id))) is None


def test_the_same_is_not_proposed_twice_and_nothing_is_no_change(desk: Shop):
    propose(desk)
    refused = propose(desk, "leaver")
    assert (refused.status_code, "proposed already" in words(refused)) == (409, True)
    item = SHIPPED.item("refund-review")
    assert item
    same: dict[str, Any] = {f"titles-{code}": text for code, text in item.titles.items()}
    same |= {f"guidance-{code}": text for code, text in item.guidance.items()}
    same |= {"slots": list(item.slots), "kinds": list(item.kinds), "rhythm": "daily", "due_days_before": "10",
             "practice-level": "independent", "practice-runs": "1"}  # fmt: skip
    refused = propose(desk, kind="change", item="refund-review", **same)
    assert (refused.status_code, "Nothing is changed yet" in words(refused)) == (422, True)


def test_the_checklists_own_way_is_offered(desk: Shop):
    def differ(session: Any) -> str:
        leaver = who(session, person(session, "leaver"))
        gone = session.scalars(select(Item).where(Item.handover_id == desk.handover,
                                                  Item.template_key == "documents")).one()  # fmt: skip
        session.delete(gone)
        own = {"owner": None, "title": "Overseas chargebacks"}
        return str(add_item(session, leaver, desk.handover, ITEM | own).id)

    added = desk.change(differ)
    page = desk["leaver"].get(here(desk))
    assert f"propose?kind=add&amp;from={added}" in page.text
    assert "propose?kind=drop&amp;item=documents" in page.text
    form = desk["leaver"].get(f"{here(desk)}/propose?kind=add&from={added}").text
    assert 'value="Overseas chargebacks"' in form
    propose(desk, from_item=added)
    propose(desk, kind="drop", item="documents")
    after = desk["leaver"].get(here(desk)).text
    assert f"from={added}" not in after and "item=documents" not in after


def test_a_retired_template_takes_changes_and_stays_retired(desk: Shop):
    def retire(session: Any) -> None:
        add_version(session, who(session, person(session, "admin")), SHIPPED, why="", retired=True)

    desk.change(retire)
    propose(desk)
    decide(desk)
    now = kept(desk)
    assert (now.retired, now.template.version) == (True, SHIPPED.version + 2)

"""Home: search first, then what needs the person, their handovers, what changed lately."""

from __future__ import annotations

from kb.annotations.services import change_annotation, create_annotation
from kb.handovers.models import Handover, Stage
from kb.handovers.stage_changes import set_stage
from kb.notes.services import delete_note
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import make_note, who
from tests.support.visitor import words


def note_by(shop: Shop, name: str, **fields) -> str:
    return shop.change(lambda s: make_note(s, person(s, name), shop.stored(), **fields).id)


def ask_about(shop: Shop, note: str, name: str, kind: str = "question") -> str:
    data = {"kind": kind, "body": "For pre-orders too?", "target": {"quote": {"exact": "Do it."}}}
    return shop.change(lambda s: create_annotation(s, who(s, person(s, name)), note, data).id)


def home(shop: Shop, name: str) -> str:
    return words(shop[name].get("/"))


def test_the_search_box_comes_first_and_stands_alone(shop: Shop):
    page = shop["leaver"].get("/").text
    assert page.count('role="search"') == 1
    assert page.index('role="search"') < page.index("Needs you")


def test_an_owned_item_without_a_note_waits(shop: Shop):
    assert "Refund review" in home(shop, "leaver")
    assert "Refund review" not in home(shop, "successor")
    note = note_by(shop, "successor", items=[shop.item])
    assert "nothing is written yet" not in home(shop, "leaver")
    shop.change(lambda s: delete_note(s, who(s, person(s, "leaver")), note))
    assert "nothing is written yet" in home(shop, "leaver")


def test_a_draft_is_no_note_but_waits_itself(shop: Shop):
    note_by(shop, "leaver", items=[shop.item], status="draft", title="Half a note")
    said = home(shop, "leaver")
    assert "Half a note" in said
    assert "Go on writing" in said
    assert "nothing is written yet" in said
    assert "Half a note" not in home(shop, "successor")


def test_nothing_waits_in_a_handover_that_is_over(shop: Shop):
    shop.change(
        lambda s: set_stage(s, who(s, person(s, "manager")), s.get_one(Handover, shop.handover), Stage.CLOSED)
    )
    assert "Nothing waits for you." in home(shop, "leaver")


def test_questions_of_others_wait_until_they_are_resolved(shop: Shop):
    note = note_by(shop, "leaver")
    question = ask_about(shop, note, "successor")
    page = shop["leaver"].get("/")
    assert f'href="/notes/{note}#a-{question}"' in page.text
    assert "For pre-orders too?" in words(page)
    assert "For pre-orders too?" not in home(shop, "successor")
    resolved = {"state": "resolved"}
    shop.change(lambda s: change_annotation(s, who(s, person(s, "leaver")), question, resolved))
    assert "For pre-orders too?" not in home(shop, "leaver")


def test_comments_and_ones_own_questions_do_not_wait(shop: Shop):
    note = note_by(shop, "leaver")
    ask_about(shop, note, "successor", kind="comment")
    ask_about(shop, note, "leaver")
    assert "For pre-orders too?" not in home(shop, "leaver")


def test_cards_tell_coverage_stage_and_days(shop: Shop):
    note_by(shop, "leaver", items=[shop.item], body="## Steps\n\nGo.\n", title="How to")
    said = home(shop, "viewer")
    assert "Covered 50% 1 of 2" in said
    assert "Preparing" in said
    assert "20 days left" in said or "19 days left" in said or "21 days left" in said
    assert "How to" in said


def test_without_handovers_there_is_one_next_step(shop: Shop):
    page = shop["stranger"].get("/").text
    assert page.count('href="/handovers/new"') == 1
    assert "Needs you" not in page

"""Pages of practice: recorded on an item, seen in the grid, and what went wrong made into a note."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from kb.checklists.models import ItemState
from kb.rehearsals.models import PracticeRun
from tests.functional.web_handovers.conftest import Shop
from tests.support.visitor import words

RUN = {
    "successor": "successor@example.com",
    "level": "independent",
    "outcome": "passed",
    "feedback": "Ten of ten.",
}


def save(shop: Shop, who: str = "successor", **fields: Any) -> Any:
    return shop[who].send(f"/items/{shop.item}/practice", RUN | fields)


def test_a_run_is_recorded_and_shown_everywhere(shop: Shop):
    answer = save(shop, "trainer", next_on="2031-01-15", held_at="2026-05-11T14:00")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/items/{shop.item}/practice#run-")
    for path in (f"/items/{shop.item}/practice", f"/items/{shop.item}"):
        page = words(shop["viewer"].get(path))
        assert "Ten of ten." in page and "Alone" in page and "Recorded by Trainer Li" in page
    grid = words(shop["viewer"].get(f"/handovers/{shop.handover}/practice"))
    assert (
        "Alone : Refund review, Successor Li" in grid
        and "To be tried again Refund review Successor Li" in grid
    )


def test_the_form_begins_one_level_above_the_last_passed(shop: Shop):
    def chosen() -> str:
        page = shop["successor"].get(f"/items/{shop.item}/practice").text
        found = re.search(r'name="level" value="(\w+)" checked', page)
        return found[1] if found else ""

    assert chosen() == "observed"
    save(shop, level="observed")
    assert chosen() == "assisted"
    save(shop, level="independent")
    assert chosen() == "independent"


def test_a_refused_run_keeps_what_was_typed(shop: Shop):
    refused = save(shop, next_on="soon", problem="It was locked.")
    assert refused.status_code == 422
    for kept in ("Ten of ten.", "It was locked.", 'value="independent" checked'):
        assert kept in refused.text
    assert shop.ask(lambda session: session.scalar(select(PracticeRun.id))) is None


def test_a_secret_in_feedback_asks_first(shop: Shop):
    secret = "password: Xk9#mQ2$vL7p"
    refused = save(shop, feedback=secret)
    assert refused.status_code == 422 and 'name="accept_secrets"' in refused.text
    assert save(shop, feedback=secret, accept_secrets="1").status_code == 303


def test_passed_alone_and_ticked_moves_the_item(shop: Shop):
    save(shop, level="assisted", set_state="1")
    assert shop.stored_item().state == ItemState.OPEN
    save(shop, set_state="1")
    assert shop.stored_item().state == ItemState.PRACTISED


def test_a_trainer_is_not_offered_to_move_the_item(shop: Shop):
    page = f"/items/{shop.item}/practice"
    assert 'name="set_state"' in shop["successor"].get(page).text
    assert 'name="set_state"' not in shop["trainer"].get(page).text
    assert 'id="record"' not in shop["viewer"].get(page).text


def test_what_an_item_asks_for_is_set_in_its_form(shop: Shop):
    fields = {
        "module": "Customer service", "title": "Refund review", "importance": "critical", "practice": "independent",
        "practice_runs": "2", "slots": ["steps"],
    }  # fmt: skip
    refused = shop["leaver"].send(f"/items/{shop.item}/edit", fields | {"practice_runs": "0"})
    assert refused.status_code == 422 and "Practice asked for" in words(refused)
    assert shop["leaver"].send(f"/items/{shop.item}/edit", fields).status_code == 303
    item = shop.stored_item()
    assert (item.required_level, item.required_runs) == ("independent", 2)
    form = shop["leaver"].get(f"/items/{shop.item}/edit").text
    assert (
        '<option value="independent" selected' in form
        and 'name="practice_runs" type="number" value="2"' in form
    )
    assert "2 times alone" in words(shop["viewer"].get(f"/items/{shop.item}"))
    assert "0/1" in words(shop["viewer"].get(f"/handovers/{shop.handover}/practice"))
    assert shop["leaver"].send(f"/items/{shop.item}/edit", fields | {"practice": ""}).status_code == 303
    assert shop.stored_item().required_level is None


def test_accepting_names_the_practice_that_is_lacking(shop: Shop):
    body = "## Steps\n\nDo it.\n\n## Cautions\n\nNever twice.\n"
    note = {"title": "All", "kind": "procedure", "body": body, "status": "published", "items": [shop.item]}
    shop["leaver"].send(f"/handovers/{shop.handover}/notes", note)
    fields = {"module": "Customer service", "title": "Refund review", "slots": ["steps", "cautions"]}
    shop["leaver"].send(f"/items/{shop.item}/edit", fields | {"practice": "assisted", "practice_runs": "1"})
    refused = shop["successor"].send(f"/items/{shop.item}/state", {"state": "accepted"})
    assert refused.status_code == 409
    assert "Asked for: 1 time with help. Passed so far: 0." in words(refused)
    assert 'name="override_reason"' in refused.text
    save(shop, level="assisted", outcome="passed_with_help")
    assert shop["successor"].send(f"/items/{shop.item}/state", {"state": "accepted"}).status_code == 303
    assert shop.stored_item().state == ItemState.ACCEPTED


def test_what_went_wrong_becomes_a_pitfall(shop: Shop):
    save(shop, problem="Refused twice.", fix="Wait a minute.")
    begin = re.search(
        r'href="(/handovers/[^"]+kind=pitfall[^"]+out_of[^"]+)"',
        shop["viewer"].get(f"/items/{shop.item}").text,
    )
    assert begin is None  # a viewer writes no notes
    page = shop["trainer"].get(f"/items/{shop.item}").text
    begin = re.search(r'href="(/handovers/[^"]+kind=pitfall[^"]+out_of[^"]+)"', page)
    assert begin
    editor = shop["trainer"].get(begin[1].replace("&amp;", "&")).text
    assert "## Sign\n\nRefused twice." in editor and "## Do instead\n\nWait a minute." in editor
    place = re.search(r'name="draft_place" value="([^"]+)"', editor)
    assert place
    note = {"title": "Twice", "kind": "pitfall", "body": "x", "status": "published", "draft_place": place[1]}
    saved = shop["trainer"].send(f"/handovers/{shop.handover}/notes", note).headers["location"]
    assert saved in shop["viewer"].get(f"/items/{shop.item}/practice").text


def test_without_a_successor_there_is_nobody_to_record(shop: Shop):
    rows = {
        "member_email": ["leaver@example.com", "manager@example.com"],
        "member_role": ["leaver", "manager"],
    }
    names = rows | {"member_name": ["Leaver Li", "Manager Li"]}
    assert shop["manager"].send(f"/handovers/{shop.handover}/members", names).status_code == 303
    page = words(shop["manager"].get(f"/items/{shop.item}/practice"))
    assert "This handover has no successor yet." in page
    assert save(shop, "manager", successor="").status_code == 422
    assert "No successor yet" in words(shop["manager"].get(f"/handovers/{shop.handover}/practice"))


def test_a_run_recorded_by_mistake_can_be_taken_out(shop: Shop):
    save(shop, "trainer")
    run = shop.ask(lambda session: session.scalars(select(PracticeRun.id)).one())
    path, deed = f"/items/{shop.item}/practice", f"/practice-runs/{run}/delete"
    offered = {
        name: deed in shop[name].get(path).text for name in ("trainer", "manager", "successor", "viewer")
    }
    assert offered == {"trainer": True, "manager": True, "successor": False, "viewer": False}
    assert shop["successor"].send(deed).status_code == 403
    assert shop["stranger"].send(deed).status_code == 404
    assert shop["trainer"].send(deed).headers["location"] == path
    assert "Ten of ten." not in shop["viewer"].get(path).text


def test_it_is_tried_again_on_a_day_to_come(shop: Shop):
    refused = save(shop, next_on="2020-01-15")
    assert refused.status_code == 422 and "This day is over." in words(refused)
    assert shop.ask(lambda session: session.scalar(select(PracticeRun.id))) is None


def test_what_says_nothing_is_not_made_a_case(shop: Shop):
    save(shop, problem="无", fix="n/a")
    assert "Make it a case" not in words(shop["successor"].get(f"/items/{shop.item}/practice"))
    save(shop, problem="无", fix="Sign in again before the second step.")
    assert "Make it a case" in words(shop["successor"].get(f"/items/{shop.item}/practice"))

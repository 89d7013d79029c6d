"""Pages of meetings: planned with an agenda from the checklist, held, and what comes of them."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from kb.checklists.models import Item, ItemState
from kb.notes.models import Note
from kb.rehearsals.models import Meeting
from tests.functional.web_handovers.conftest import Shop
from tests.support.visitor import words

HELD = {"kind": "demonstration", "held_at": "2026-05-11T14:00", "attendees": ["leaver@example.com"]}


def save(shop: Shop, who: str = "manager", **fields: Any) -> str:
    """Record a meeting; returns its address."""
    answer = shop[who].send(f"/handovers/{shop.handover}/meetings", HELD | fields)
    assert answer.status_code == 303, words(answer)
    return str(answer.headers["location"])


def stored(shop: Shop) -> list[Meeting]:
    return shop.ask(lambda session: list(session.scalars(select(Meeting).order_by(Meeting.held_at))))


def test_without_any_the_kick_off_is_offered_to_those_who_may(shop: Shop):
    path = f"/handovers/{shop.handover}/meetings"
    assert f"{path}/new?kind=kickoff" in shop["trainer"].get(path).text
    assert "/meetings/new" not in shop["viewer"].get(path).text


def test_the_agenda_of_the_kick_off_comes_from_the_checklist(shop: Shop):
    page = shop["manager"].get(f"/handovers/{shop.handover}/meetings/new?kind=kickoff").text
    agenda = re.search(r'name="agenda"[^>]*>([^<]*)</textarea>', page)
    assert agenda
    for said in (
        "Customer service",
        f"[Refund review](/items/{shop.item})",
        "Successor Li",
        "Last day:",
    ):
        assert said in agenda[1]


def test_an_agenda_is_drawn_below_what_is_typed(shop: Shop):
    fields = HELD | {"agenda": "Bring the keys.", "intent": "agenda"}
    page = shop["manager"].send(f"/handovers/{shop.handover}/meetings", fields)
    assert page.status_code == 201 or page.status_code == 200
    typed = re.search(r'name="agenda"[^>]*>([^<]*)</textarea>', page.text)
    assert typed and typed[1].strip().startswith("Bring the keys.") and "Refund review" in typed[1]
    assert stored(shop) == []


def test_planned_then_held(shop: Shop):
    address = save(
        shop, held_at="2031-01-15T10:00", items=[shop.item], agenda="- slowly", others="Mr Gao, IT"
    )
    path = f"/handovers/{shop.handover}/meetings"
    listed = words(shop["viewer"].get(path))
    assert "To come 1" in listed and "Leaver Li, Mr Gao, IT" in listed
    form = shop["manager"].get(f"{address}/edit").text
    assert 'value="2031-01-15T10:00"' in form and f'value="{shop.item}" checked' in form
    base = re.search(r'name="base" value="([^"]+)"', form)
    assert base
    minutes = {"minutes": "## Shown\n\nTwice.", "recording": "https://example.com/film", "base": base[1]}
    sent = HELD | minutes | {"held_at": "2026-05-11T14:00", "items": [shop.item], "set_state": "1"}
    assert shop["successor"].send(f"{address}/edit", sent).status_code == 303
    page = shop["viewer"].get(address)
    assert "Shown</h2>" in page.text and 'href="https://example.com/film"' in page.text
    assert shop.stored_item().state == ItemState.DEMONSTRATED
    assert "Held so far 1" in words(shop["viewer"].get(path))
    assert address in shop["viewer"].get(f"/items/{shop.item}").text


def test_without_minutes_after_its_day_they_are_asked_for(shop: Shop):
    save(shop)
    assert "Minutes are missing 1" in words(shop["viewer"].get(f"/handovers/{shop.handover}/meetings"))


def test_agreed_lines_become_items_and_broken_ones_keep_what_was_typed(shop: Shop):
    lines: dict[str, Any] = {
        "agreed_title": ["Open the vault", "", "Call the bank"],
        "agreed_owner": ["manager@example.com", "", ""],
        "agreed_due": ["2031-01-15", "", "soon"],
        "minutes": "Typed at length.",
    }
    refused = shop["manager"].send(f"/handovers/{shop.handover}/meetings", HELD | lines)
    assert refused.status_code == 422
    for kept in (
        "Typed at length.",
        'value="Open the vault"',
        'value="Call the bank"',
        'id="f-agreed-1-error"',
    ):
        assert kept in refused.text
    assert stored(shop) == []
    address = save(shop, **(lines | {"agreed_due": ["2031-01-15", "", ""]}))
    page = words(shop["viewer"].get(address))
    assert "Open the vault Manager Li Jan 15, 2031" in page and "Call the bank nobody yet" in page
    titles = shop.ask(lambda session: set(session.scalars(select(Item.title))))
    assert {"Open the vault", "Call the bank"} < titles


def test_more_lines_keep_everything(shop: Shop):
    fields = HELD | {
        "agreed_title": ["A"],
        "agreed_owner": [""],
        "agreed_due": [""],
        "intent": "more",
        "held": "1",
    }
    page = shop["manager"].send(f"/handovers/{shop.handover}/meetings", fields | {"minutes": "So far."}).text
    assert page.count('name="agreed_title"') == 4
    assert 'value="A"' in page and "So far." in page


def test_lines_are_offered_to_those_who_write_items(shop: Shop):
    path = f"/handovers/{shop.handover}/meetings/new?held=1"
    assert 'name="agreed_title"' in shop["leaver"].get(path).text
    assert 'name="agreed_title"' not in shop["successor"].get(path).text


def test_who_is_slower_sees_both_and_loses_nothing(shop: Shop):
    address = save(shop, minutes="First.")
    base = stored(shop)[0].updated_at.isoformat()
    assert (
        shop["leaver"].send(f"{address}/edit", HELD | {"minutes": "Theirs.", "base": base}).status_code == 303
    )
    late = shop["manager"].send(f"{address}/edit", HELD | {"minutes": "Mine.", "base": base})
    assert late.status_code == 409
    assert "Mine." in late.text and "Theirs." in late.text
    assert stored(shop)[0].minutes == "Theirs."
    again = re.search(r'name="base" value="([^"]+)"', late.text)
    assert again
    both = HELD | {"minutes": "Both.", "base": again[1]}
    assert shop["manager"].send(f"{address}/edit", both).status_code == 303
    assert stored(shop)[0].minutes == "Both."


def test_a_problem_becomes_a_case_that_the_meeting_links_to(shop: Shop):
    address = save(shop, minutes="m", items=[shop.item], problem="The order was locked.\nTwice.")
    begin = re.search(r'href="(/handovers/[^"]+kind=case[^"]+)"', shop["successor"].get(address).text)
    assert begin
    editor = shop["successor"].get(begin[1].replace("&amp;", "&")).text
    assert 'value="The order was locked"' in editor and "## Symptom\n\nThe order was locked." in editor
    assert f'value="{shop.item}" checked' in editor
    place = re.search(r'name="draft_place" value="([^"]+)"', editor)
    assert place
    note = {"title": "Locked", "kind": "case", "body": "x", "status": "published", "draft_place": place[1]}
    saved = shop["successor"].send(f"/handovers/{shop.handover}/notes", note).headers["location"]
    page = shop["viewer"].get(address).text
    assert saved in page and "kind=case" not in page


def test_a_note_begun_elsewhere_is_linked_to_nothing(shop: Shop):
    save(shop, minutes="m", problem="Locked.")
    other = shop.change(lambda session: foreign_run(session))
    for place in ("new:zzzzzzzzzzzz", f"new:{other}", "new:", "note:1", "x"):
        note = {"title": "N", "kind": "case", "body": "x", "status": "published", "draft_place": place}
        assert shop["manager"].send(f"/handovers/{shop.handover}/notes", note).status_code == 303
    assert shop.ask(lambda session: session.scalar(select(Meeting.note_id))) is None


def foreign_run(session: Any) -> str:
    """A practice run of another handover."""
    from kb.rehearsals.practice import record_run
    from tests.support.factories import make_handover, make_user, who

    people = [make_user(session) for _ in range(2)]
    handover = make_handover(session, manager=people[0], successor=people[1], template="ecommerce-operations")
    item = session.scalars(select(Item).where(Item.handover_id == handover.id)).first()
    sent = {"level": "observed", "outcome": "passed", "problem": "P"}
    return record_run(session, who(session, people[0]), item.id, sent, "UTC").id


def test_a_draft_made_of_it_shows_neither_title_nor_address_to_others(shop: Shop):
    address = save(shop, minutes="m", problem="Locked.")
    place = f"new:{stored(shop)[0].id}"
    note = {"title": "Half a thought", "kind": "case", "body": "x", "status": "draft", "draft_place": place}
    saved = shop["successor"].send(f"/handovers/{shop.handover}/notes", note).headers["location"]
    assert "Half a thought" in shop["successor"].get(address).text
    seen = shop["viewer"].get(address).text
    assert "Half a thought" not in seen and saved not in seen and "is being written" in seen


def test_in_the_bin_it_is_offered_again(shop: Shop):
    address = save(shop, minutes="m", problem="Locked.")
    place = f"new:{stored(shop)[0].id}"
    note = {"title": "Gone", "kind": "case", "body": "x", "status": "published", "draft_place": place}
    saved = shop["successor"].send(f"/handovers/{shop.handover}/notes", note).headers["location"]
    shop["manager"].send(f"{saved}/delete")
    assert shop.ask(lambda session: session.scalar(select(Note.deleted_at))) is not None
    page = shop["successor"].get(address).text
    assert "Gone" not in page and "kind=case" in page


def test_who_may_read_and_who_may_write(shop: Shop):
    address = save(shop, held_at="2031-01-15T10:00")
    writers = {"leaver", "successor", "manager", "trainer"}
    everybody = [*writers, "viewer", "stranger", "admin"]
    read = {name: shop[name].get(address).status_code for name in everybody}
    assert read == {name: 404 if name in ("stranger", "admin") else 200 for name in everybody}
    for path in ("/edit", "/delete"):
        sent = {
            name: shop[name].send(address + path, {"kind": "x"}).status_code
            for name in ("viewer", "stranger")
        }
        assert sent == {"viewer": 403, "stranger": 404}
    forms = {name: shop[name].get(f"{address}/edit").status_code for name in everybody}
    assert forms == {name: 200 if name in writers else 403 if name == "viewer" else 404 for name in everybody}


def test_a_plan_is_taken_off_and_what_was_held_stays(shop: Shop):
    planned, held = save(shop, held_at="2031-01-15T10:00"), save(shop, minutes="m")
    assert shop["trainer"].send(f"{planned}/delete").status_code == 303
    assert shop["trainer"].send(f"{held}/delete").status_code == 409
    assert [meeting.minutes for meeting in stored(shop)] == ["m"]
    assert f"{held}/delete" not in shop["manager"].get(held).text


def test_a_comma_within_a_name_stays_in_it(shop: Shop):
    address = save(shop, others="Kestrel support, by phone; Mr Gao;")
    base = stored(shop)[0].updated_at.isoformat()
    form = shop["manager"].get(f"{address}/edit").text
    typed = re.search(r'name="others"[^>]*value="([^"]+)"', form)
    assert typed and typed[1] == "Kestrel support, by phone; Mr Gao;"
    sent = HELD | {"others": typed[1], "base": base}
    assert shop["manager"].send(f"{address}/edit", sent).status_code == 303
    names = [one["name"] for one in stored(shop)[0].attendees]
    assert names == ["Leaver Li", "Kestrel support, by phone", "Mr Gao"]

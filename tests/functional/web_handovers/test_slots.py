"""The slots of an item in the grid and on its page: where each leads, who said what, what is refused and kept."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kb.notes.models import Note
from kb.notes.services import save_note
from kb.notes.slots import mark_slot
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import make_note, who
from tests.support.visitor import words

BODY = "## Steps\n\nLook first.\n\n## Cautions\n\nMind the gap.\n\n## Who\n\nLin knows.\n"


def mark(shop: Shop, slot: str, by: str = "manager", **said: Any) -> None:
    shop.change(lambda s: mark_slot(s, who(s, person(s, by)), shop.item, slot, said))


def write(shop: Shop, **fields: Any) -> str:
    fields = {"title": "Refunds, step by step", "body": BODY} | fields
    return shop.change(lambda s: make_note(s, person(s, "leaver"), shop.stored(), **fields)).id


def save(shop: Shop, note_id: str, body: str) -> None:
    def change(session: Any) -> None:
        note = session.get_one(Note, note_id)
        save_note(session, who(session, person(session, "leaver")), note_id, {"body": body}, note.revision)

    shop.change(change)


def cell(shop: Shop, slot: str, name: str = "leaver") -> tuple[str, str]:
    """The state and address of a cell of the grid."""
    grid = shop[name].get(f"/handovers/{shop.handover}").text.partition('class="modules"')[2]
    found = re.search(rf'class="cell cell-(\w+)" href="([^"]+)" data-slot="{slot}"', grid)
    assert found, grid
    return found[1], found[2].replace("&amp;", "&")


def item_page(shop: Shop, name: str = "manager", query: str = "") -> str:
    return shop[name].get(f"/items/{shop.item}{query}").text


def test_each_cell_leads_to_where_it_is_filled(shop: Shop):
    state, address = cell(shop, "Steps")
    assert state == "missing"
    assert address.startswith(f"/handovers/{shop.handover}/notes/new?")
    assert address.endswith(f"item={shop.item}&slot=steps")
    note = write(shop, items=[shop.item])
    assert cell(shop, "Steps") == ("proposed", f"/notes/{note}#s-steps")
    mark(shop, "steps", accepted=True)
    assert cell(shop, "Steps") == ("accepted", f"/notes/{note}#s-steps")
    save(shop, note, BODY.replace("Look first", "Look twice"))
    assert cell(shop, "Steps") == ("stale", f"/notes/{note}/history/2?since=1&item={shop.item}")
    difference = shop["viewer"].get(f"/notes/{note}/history/2?since=1&item={shop.item}")
    assert "twice" in words(difference)
    assert f'href="/items/{shop.item}#slots"' in difference.text
    for other in ("0" * 12, "%00", ""):
        answer = shop["viewer"].get(f"/notes/{note}/history/2?since=1&item={other}")
        assert (answer.status_code, "#slots" in answer.text) == (200, False)
    mark(shop, "cautions", waived_because="It cannot go wrong.")
    assert cell(shop, "Cautions") == ("waived", f"/items/{shop.item}#slot-cautions")
    assert 'id="slot-cautions"' in item_page(shop)


def test_a_passage_is_chosen_without_scripts(shop: Shop):
    about, other = write(shop, items=[shop.item], body="Later.\n"), write(shop, title="Who knows what")
    page = item_page(shop, "leaver", "?slot=cautions")
    options = re.findall(r'<option value="([^"]+)"', page)
    assert options == [about, other, f"{other}#s-steps", f"{other}#s-cautions", f"{other}#s-who"]
    sent = {"intent": "point", "note": f"{other}#s-who"}
    answer = shop["leaver"].send(f"/items/{shop.item}/slots/cautions", sent)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/items/{shop.item}#slot-cautions")
    assert cell(shop, "Cautions") == ("proposed", f"/notes/{other}#s-who")
    said = words(shop["viewer"].get(f"/items/{shop.item}"))
    assert "Who knows what › Who" in said
    assert "Pointed at by Leaver Li," in said


def test_accepted_by_whom_and_taken_back(shop: Shop):
    write(shop, items=[shop.item])
    path = f"/items/{shop.item}/slots/steps"
    assert "Accept" not in words(shop["leaver"].get(f"/items/{shop.item}")).partition("How far it is")[0]
    assert shop["leaver"].send(path, {"intent": "accept"}).status_code == 403
    assert shop["successor"].send(path, {"intent": "accept", "revision": "1"}).status_code == 303
    assert "Accepted by Successor Li," in words(shop["viewer"].get(f"/items/{shop.item}"))
    assert shop["successor"].send(path, {"intent": "reopen"}).status_code == 303
    assert cell(shop, "Steps")[0] == "proposed"


def test_what_changed_meanwhile_is_not_accepted_unseen(shop: Shop):
    note = write(shop, items=[shop.item])
    save(shop, note, BODY.replace("Look first", "Look twice"))
    answer = shop["manager"].send(f"/items/{shop.item}/slots/steps", {"intent": "accept", "revision": "1"})
    assert answer.status_code == 409
    assert "changed while you were reading" in words(answer)
    assert cell(shop, "Steps")[0] == "proposed"


@pytest.mark.parametrize("reason", ["n/a", "无", "See above.", ""])
def test_a_filler_is_refused_kindly_and_kept(shop: Shop, reason: str):
    answer = shop["leaver"].send(
        f"/items/{shop.item}/slots/steps", {"intent": "waive", "waived_because": reason}
    )
    assert answer.status_code == 422
    assert 'id="f-waived_because-error"' in answer.text
    assert f">\n{reason}</textarea>" in answer.text
    assert cell(shop, "Steps")[0] == "missing"


def test_a_reason_is_given_agreed_with_and_forgotten(shop: Shop):
    path, reason = f"/items/{shop.item}/slots/steps", "The machine does it; nobody can <change> it."
    assert shop["leaver"].send(path, {"intent": "waive", "waived_because": reason}).status_code == 303
    assert shop["successor"].send(path, {"intent": "accept"}).status_code == 303
    said = words(shop["viewer"].get(f"/items/{shop.item}"))
    assert reason in said
    assert "Said by Leaver Li," in said
    assert "agreed by Successor Li," in said
    assert shop["leaver"].send(path, {"intent": "clear"}).status_code == 303
    assert cell(shop, "Steps")[0] == "missing"


def test_a_passage_that_is_not_there_is_refused(shop: Shop):
    note = write(shop)
    for sent in (f"{note}#s-nowhere", "0" * 12, ""):
        answer = shop["leaver"].send(f"/items/{shop.item}/slots/steps", {"intent": "point", "note": sent})
        assert answer.status_code == 422
        assert 'id="f-note-error"' in answer.text
    assert shop["leaver"].send(f"/items/{shop.item}/slots/data", {"intent": "clear"}).status_code == 404


def test_readers_see_no_forms(shop: Shop):
    write(shop, items=[shop.item])
    page = item_page(shop, "viewer", "?slot=steps")
    assert "/slots/" not in page
    assert "waived_because" not in page


def test_what_does_not_count_is_said_and_leads_into_its_note(shop: Shop):
    note = write(shop, items=[shop.item], body="## Steps\n\n见附件\n\n## Cautions\n\n无\n")
    page = item_page(shop, "leaver")
    assert page.count(f'href="/notes/{note}/edit"') == 2
    assert "Under “Steps” it says “见附件”. That does not count yet: the note has no attachment." in page
    assert "Under “Cautions” it says “无”. That does not count yet: whoever takes over" in page
    save(shop, note, "## Steps\n\nLook first.\n\n## Cautions\n")
    page = item_page(shop, "leaver")
    assert page.count(f'href="/notes/{note}/edit"') == 1 and "does not count yet" not in page
    assert f"/notes/{note}/edit" not in item_page(shop, "viewer")

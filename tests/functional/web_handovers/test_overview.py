"""The handover page answers what is missing, and leads to filling it."""

from __future__ import annotations

from html import unescape

from kb.checklists.models import ItemState
from kb.checklists.services import add_item, change_item
from kb.handovers.models import Stage
from kb.web.handover_views import MOST_OPEN
from tests.functional.web_handovers.conftest import ITEM, Shop, person
from tests.support.factories import make_note, who
from tests.support.visitor import words


def write(shop: Shop, **fields) -> str:
    """A note by the leaver about the item; its id."""
    fields = {"items": [shop.item], **fields}
    return shop.change(lambda s: make_note(s, person(s, "leaver"), shop.stored(), **fields).id)


def more_items(shop: Shop, number: int, **fields) -> None:
    def add(session):
        for n in range(number):
            data = ITEM | {"module": f"Module {n % 3}", "title": f"Item {n}", "importance": "low"} | fields
            add_item(session, who(session, person(session, "leaver")), shop.handover, data)

    shop.change(add)


def page_of(shop: Shop, name: str = "leaver", query: str = "") -> str:
    return unescape(shop[name].get(f"/handovers/{shop.handover}{query}").text)


def test_nothing_written_comes_first_and_leads_to_the_editor(shop: Shop):
    more_items(shop, 3)
    said = words(shop["leaver"].get(f"/handovers/{shop.handover}"))
    assert "What would go wrong if Leaver Li left today?" in said
    assert said.index("Critical · nothing is written yet") < said.index("Low · nothing is written yet")
    assert f"/handovers/{shop.handover}/notes/new?kind=procedure&item={shop.item}&slot=steps" in page_of(shop)


def test_a_filled_slot_leads_to_its_passage(shop: Shop):
    note = write(shop, body="## Steps\n\nOne, two.\n")
    page = page_of(shop)
    assert f'class="cell cell-proposed" href="/notes/{note}#s-steps"' in page
    assert "Critical · missing: Cautions" in words(shop["leaver"].get(f"/handovers/{shop.handover}"))
    assert "1 of 2" in page


def test_a_draft_fills_nothing(shop: Shop):
    write(shop, status="draft", body="## Steps\n\nOne, two.\n")
    assert "cell-proposed" not in page_of(shop).partition('class="modules"')[2]


def test_an_accepted_item_shows_in_its_cells(shop: Shop):
    write(shop, body="## Steps\n\nOne.\n\n## Cautions\n\nMind.\n")
    shop.change(lambda s: change_item(s, who(s, person(s, "successor")), shop.item, {"state": "accepted"}))
    grid = page_of(shop).partition('class="modules"')[2]
    assert grid.count("cell-accepted") == 2
    assert "Everything asked for is written down." in words(shop["viewer"].get(f"/handovers/{shop.handover}"))


def test_readers_are_led_to_the_item_instead(shop: Shop):
    assert f'class="cell cell-missing" href="/items/{shop.item}#slot-steps"' in page_of(shop, "viewer")


def test_cells_say_their_state_in_words(shop: Shop):
    grid = shop["leaver"].get(f"/handovers/{shop.handover}").text.partition('class="modules"')[2]
    assert (
        '<span class="cell-word">Missing</span><span class="visually-hidden">: Refund review, Steps</span>'
        in grid
    )


def test_notes_are_filtered_by_module(shop: Shop):
    more_items(shop, 1)
    write(shop, title="About refunds")
    write(shop, title="About nothing", items=[])
    page = page_of(shop)
    assert "About refunds" in page
    assert "About nothing" in page
    module = shop.stored_item().module_id
    filtered = page_of(shop, query=f"?module={module}").partition('id="notes"')[2]
    assert "About refunds" in filtered
    assert "About nothing" not in filtered


def test_drafts_of_others_are_not_listed_or_counted(shop: Shop):
    write(shop, title="Not ready", status="draft")
    for name, seen in (("leaver", True), ("manager", True), ("successor", False), ("viewer", False)):
        assert ("Not ready" in page_of(shop, name)) is seen


def test_a_long_checklist_sends_rows_of_the_opened_module_only(shop: Shop):
    more_items(shop, MOST_OPEN)
    page = page_of(shop)
    assert "cell-missing" not in page.partition('class="modules"')[2]
    module = shop.stored_item().module_id
    opened = page_of(shop, query=f"?module={module}").partition('class="modules"')[2]
    assert opened.count('scope="row"') == 1
    fragment = shop["leaver"].get(f"/handovers/{shop.handover}", fragment=True, module=module)
    assert fragment.text.lstrip().startswith(f'<table class="grid" id="rows-{module}"')
    assert "Refund review" in fragment.text
    assert "<html" not in fragment.text


def test_an_unknown_module_opens_nothing(shop: Shop):
    assert shop["leaver"].get(f"/handovers/{shop.handover}", module="nope").status_code == 200
    assert shop["leaver"].get(f"/handovers/{shop.handover}", fragment=True, module="nope").text.strip() == ""


def test_the_stage_moves_on(shop: Shop):
    answer = shop["manager"].send(f"/handovers/{shop.handover}/stage", {"stage": "capturing"})
    assert answer.status_code == 303
    assert shop.stored().stage == Stage.CAPTURING
    assert shop["manager"].send(f"/handovers/{shop.handover}/stage", {"stage": "done"}).status_code == 422
    assert shop.stored().stage == Stage.CAPTURING


def test_an_empty_handover_says_what_belongs_there(shop: Shop):
    shop["manager"].send(
        "/handovers",
        {
            "title": "Bare",
            "position": "x",
            "leaver": "leaver@example.com",
            "last_day": "2199-01-01",
            "language": "en",
        },
    )
    home = shop["manager"].get("/").text
    address = next(part for part in home.split('href="') if ">Bare<" in part).partition('"')[0]
    assert "Add the first item" in words(shop["manager"].get(address))
    assert shop.stored_item().state == ItemState.OPEN

"""Each role sees and does what it may; a stranger and an unknown address get the same answer."""

from __future__ import annotations

from sqlalchemy import func, select

from kb.activity.models import Event
from kb.checklists.models import ItemState
from kb.handovers.models import Stage
from tests.functional.web_handovers.conftest import Shop
from tests.support.visitor import indexed, words

MEMBERS = ("leaver", "successor", "manager", "trainer", "viewer")
WRITERS = ("leaver", "successor", "manager", "trainer")
PAGES = {
    "/handovers/{handover}": MEMBERS,
    "/handovers/{handover}/board": MEMBERS,
    "/handovers/{handover}/members": MEMBERS,
    "/handovers/{handover}/signoff": MEMBERS,
    "/handovers/{handover}/completion/notes": MEMBERS,
    "/handovers/{handover}/completion/tags": MEMBERS,
    "/handovers/{handover}/stage": MEMBERS,
    "/handovers/{handover}/announcement": MEMBERS,
    "/handovers/{handover}/leaving": MEMBERS,
    "/handovers/{handover}/retrospective": MEMBERS,
    "/handovers/{handover}/calendar": MEMBERS,
    "/handovers/{handover}/export": MEMBERS,
    "/handovers/{handover}/export.zip": MEMBERS,
    "/items/{item}": MEMBERS,
    "/handovers/{handover}/meetings": MEMBERS,
    "/handovers/{handover}/meetings/new": WRITERS,
    "/handovers/{handover}/practice": MEMBERS,
    "/items/{item}/practice": MEMBERS,
    "/handovers/{handover}/edit": ("manager",),
    "/handovers/{handover}/items/new": ("leaver", "manager"),
    "/items/{item}/edit": ("leaver", "manager"),
}
DEEDS = {
    "/handovers/{handover}/calendar/renew": MEMBERS,
    "/handovers/{handover}/edit": ("manager",),
    "/handovers/{handover}/stage": ("manager",),
    "/handovers/{handover}/announcement": ("manager",),
    "/handovers/{handover}/leaving": ("leaver", "manager"),
    "/handovers/{handover}/retrospective": ("leaver", "successor", "manager"),
    "/handovers/{handover}/retrospective/propose": ("leaver", "successor", "manager"),
    "/handovers/{handover}/members": ("manager",),
    "/handovers/{handover}/signoff": ("leaver", "successor", "manager"),
    "/handovers/{handover}/signoff/anew": ("manager",),
    "/handovers/{handover}/members/notes": ("manager",),
    "/handovers/{handover}/items": ("leaver", "manager"),
    "/items/{item}/edit": ("leaver", "manager"),
    "/items/{item}/slots/steps": ("leaver", "successor", "manager"),
    "/items/{item}/state": ("leaver", "successor", "manager"),
    "/handovers/{handover}/meetings": WRITERS,
    "/items/{item}/practice": WRITERS,
}


def address(shop: Shop, path: str) -> str:
    return path.format(handover=shop.handover, item=shop.item)


def test_pages_open_for_the_roles_that_may(shop: Shop):
    found = {
        (path, name): shop[name].get(address(shop, path)).status_code for path in PAGES for name in MEMBERS
    }
    assert found == {(path, name): 200 if name in PAGES[path] else 403 for path in PAGES for name in MEMBERS}


def test_deeds_are_for_the_roles_that_may(shop: Shop):
    for path, may in DEEDS.items():
        allowed = {name for name in MEMBERS if shop[name].send(address(shop, path)).status_code != 403}
        assert (path, allowed) == (path, set(may))


def test_outsiders_are_told_what_is_told_about_unknown_addresses(shop: Shop):
    indexed(shop.client)  # or one page may say that it is being made
    for path in PAGES:
        for name in ("stranger", "admin"):
            theirs = shop[name].get(address(shop, path))
            unknown = shop[name].get(path.format(handover="0" * 12, item="0" * 12))
            assert theirs.status_code == unknown.status_code == 404
            assert words(theirs) == words(unknown)


def test_outsiders_change_nothing(shop: Shop):
    before = shop.ask(lambda session: session.scalar(select(func.count(Event.id))))
    fields = {"title": "Taken over", "stage": "closed", "state": "accepted", "module": "Mine"}
    for path in DEEDS:
        assert shop["stranger"].send(address(shop, path), fields).status_code == 404
    assert shop.ask(lambda session: session.scalar(select(func.count(Event.id)))) == before
    assert (shop.stored().stage, shop.stored_item().state) == (Stage.PREPARING, ItemState.OPEN)


def test_nobody_is_led_to_sign_in_and_back(shop: Shop):
    for path in ("/", "/handovers", "/handovers/new", *PAGES):
        answer = shop["nobody"].get(address(shop, path))
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=%2F")


def test_pages_offer_only_what_the_role_may(shop: Shop):
    manager, viewer = (shop[name].get(f"/handovers/{shop.handover}").text for name in ("manager", "viewer"))
    for offered in ("/edit", "/items/new", "/notes/new?", "/leaving"):
        assert f"/handovers/{shop.handover}{offered}" in manager
        assert f"/handovers/{shop.handover}{offered}" not in viewer
    assert f"/items/{shop.item}/state" in shop["successor"].get(f"/items/{shop.item}").text
    assert f"/items/{shop.item}/state" not in shop["trainer"].get(f"/items/{shop.item}").text


def test_lists_hold_only_ones_own(shop: Shop):
    for path in ("/", "/handovers"):
        assert "Shop operations" in shop["viewer"].get(path).text
        assert "Shop operations" not in shop["stranger"].get(path).text
        assert "Start a handover" in shop["stranger"].get(path).text


def test_the_address_of_a_refused_form_leads_back_to_its_page(shop: Shop):
    for path in ("/items/{item}/state", "/handovers/{handover}/items"):
        answer = shop["viewer"].get(address(shop, path))
        assert answer.status_code == 303
        assert shop["viewer"].get(answer.headers["location"].partition("#")[0]).status_code == 200
        assert shop["stranger"].get(address(shop, path)).status_code == 404

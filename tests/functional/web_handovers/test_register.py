"""The register's page: by kind, what is urgent, what names the leaver, one new holder for several; and its rights."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from kb.clock import now
from kb.handovers.models import Handover
from kb.registers.models import Entry
from tests.functional.web_handovers.conftest import Shop, person
from tests.functional.web_handovers.entries import day, enter, stored
from tests.support.factories import make_handover
from tests.support.visitor import words

MEMBERS = ("leaver", "successor", "manager", "trainer", "viewer")
MOVERS, WRITERS = ("leaver", "successor", "manager"), ("leaver", "manager")
SECRET = "密码：Tr0ub4dor&3"
PAGES = {
    "/handovers/{handover}/register": MEMBERS, "/handovers/{handover}/register/new": WRITERS,
    "/handovers/{handover}/register/new?kind=filing": WRITERS, "/register/{entry}": MEMBERS,
    "/register/{entry}/edit": WRITERS, "/register/{entry}/delete": WRITERS,
}  # fmt: skip
DEEDS = {
    "/handovers/{handover}/register": WRITERS, "/handovers/{handover}/register/holder": MOVERS,
    "/register/{entry}/move": MOVERS, "/register/{entry}/edit": WRITERS,
}  # fmt: skip


def register(shop: Shop, name: str = "manager", query: str = "") -> str:
    return words(shop[name].get(f"/handovers/{shop.handover}/register{query}"))


def address(shop: Shop, path: str, entry: str) -> str:
    return path.format(handover=shop.handover, entry=entry)


def test_pages_and_deeds_are_for_the_roles_that_may(shop: Shop):
    entry = enter(shop)
    for path, may in PAGES.items():
        at = address(shop, path, entry)
        assert {name for name in MEMBERS if shop[name].get(at).status_code == 200} == set(may), path
        for name in ("stranger", "admin"):
            theirs, unknown = (
                shop[name].get(at),
                shop[name].get(path.format(handover="0" * 12, entry="0" * 12)),
            )
            assert theirs.status_code == unknown.status_code == 404
        assert shop["nobody"].get(at).status_code == 303
    for path, may in DEEDS.items():
        at = address(shop, path, entry)
        assert {name for name in MEMBERS if shop[name].send(at).status_code != 403} == set(may), path
        assert shop["stranger"].send(at).status_code == 404


def test_empty_it_offers_the_first_step_to_those_who_may(shop: Shop):
    assert "/register/new" in shop["leaver"].get(f"/handovers/{shop.handover}/register").text
    viewer = shop["viewer"].get(f"/handovers/{shop.handover}/register")
    assert "The register is empty" in viewer.text
    assert "/register/new" not in viewer.text


def test_by_kind_with_state_holders_and_expiry(shop: Shop):
    enter(shop, name="Taobao", new_holder="successor@example.com", state="shared", importance="critical")
    enter(shop, name="shop.example.com", kind="domain", expires_on=str(day(12)), location="At Harbour")
    enter(shop, name="Old licence", expires_on=str(day(-3)))
    page = register(shop)
    assert page.index("Old licence") < page.index("shop.example.com")
    assert "expired 3 days ago" in page
    assert "expires in 12 days" in page
    table = page[page.index("Holder → new holder") :]
    assert table.index("Account 2") < table.index("Taobao") < table.index("Domain 1")
    assert "Leaver Li Successor Li" in table
    assert "At Harbour" in table


def test_what_expires_is_on_top_until_it_is_revoked(shop: Shop):
    enter(shop, name="Old licence", expires_on=str(day(-3)), state="revoked")
    enter(shop, name="Far away", expires_on=str(day(31)))
    assert "Nothing expires in the next 30 days." in register(shop)
    enter(shop, name="Near", expires_on=str(day(30)))
    assert "Near expires in 30 days" in register(shop)
    enter(shop, name="Now", expires_on=str(day()))
    assert "Now expires today" in register(shop)


def test_narrowed_by_links(shop: Shop):
    enter(shop, name="Taobao", state="shared")
    enter(shop, name="Ledger", kind="document", holder="Archive")
    page = unescape(shop["viewer"].get(f"/handovers/{shop.handover}/register?kind=account").text)
    assert f"/handovers/{shop.handover}/register?kind=account&state=shared#entries" in page
    for query, there, not_there in (
        ("?kind=account", "Taobao", "Ledger"), ("?kind=document", "Ledger", "Taobao"),
        ("?state=held", "Ledger", "Taobao"), ("?names=leaver", "Taobao", "Ledger"),
    ):  # fmt: skip
        page = register(shop, "viewer", query)
        assert there in page
        assert not_there not in page, query
    assert "No entry is like that." in register(shop, "viewer", "?kind=document&state=shared")
    assert "Taobao" in register(shop, "viewer", "?kind=nonsense&state=%00")


@pytest.mark.parametrize(("ahead", "tone"), [(5, "warn"), (0, "danger"), (-2, "danger")])
def test_what_still_names_the_leaver_is_counted_and_red_from_the_last_day_on(
    shop: Shop, ahead: int, tone: str
):
    for name in ("Taobao", "Mailbox"):
        enter(shop, name=name)
    done = enter(shop, name="Done", state="revoked", new_holder="Successor Li")

    def end(session: Any) -> None:
        session.get_one(Handover, shop.handover).last_day = day(ahead)

    shop.change(end)
    page = shop["viewer"].get(f"/handovers/{shop.handover}/register")
    assert "What still names Leaver Li 2 of 3 entries" in words(page)
    assert f"naming-{tone}" in page.text
    entry = shop["viewer"].get(f"/register/{enter(shop)}").text
    assert f"notice-{tone}" in entry
    assert (
        "notice-"
        not in shop["viewer"].get(f"/register/{done}").text.split("</h1>")[1].split("facts-title")[0]
    )


def test_nothing_names_the_leaver_any_more(shop: Shop):
    enter(shop, holder="The company")
    assert "Nothing. Whoever is called or told is still here after the last day." in register(shop)


def test_several_are_given_one_new_holder(shop: Shop):
    one, two, three = (enter(shop, name=name) for name in ("One", "Two", "Three"))
    path = f"/handovers/{shop.handover}/register/holder"
    answer = shop["successor"].send(
        path, {"entries": [one, two], "new_holder": "Successor Li", "kind": "account"}
    )
    assert answer.headers["location"] == f"/handovers/{shop.handover}/register?kind=account"
    successor = shop.ask(lambda session: person(session, "successor").id)
    assert [stored(shop, entry).new_holder_id for entry in (one, two, three)] == [successor, successor, None]
    shop["manager"].send(path, {"all": "1", "kind": "account", "new_holder": "The archive"})
    assert {stored(shop, entry).new_holder_name for entry in (one, two, three)} == {"The archive"}


def test_all_that_are_shown_are_those_that_pass_the_filter(shop: Shop):
    one, other = enter(shop, name="One"), enter(shop, name="Other", kind="domain")
    path = f"/handovers/{shop.handover}/register/holder"
    shop["manager"].send(path, {"all": "1", "kind": "domain", "new_holder": "The archive"})
    assert (stored(shop, one).new_holder_name, stored(shop, other).new_holder_name) == ("", "The archive")


def test_of_several_what_is_missing_is_said_and_the_choice_kept(shop: Shop):
    entry = enter(shop)
    path = f"/handovers/{shop.handover}/register/holder"
    page = shop["manager"].send(path, {"entries": entry})
    assert (page.status_code, "Say who takes them over." in page.text) == (422, True)
    assert f'value="{entry}" checked' in page.text
    assert "Choose at least one entry." in shop["manager"].send(path, {"new_holder": "The archive"}).text
    assert 'href="#f-new_holder"' in shop["manager"].send(path, {"entries": entry, "new_holder": SECRET}).text
    assert stored(shop, entry).new_holder_name == ""
    assert shop["viewer"].get(path).headers["location"] == f"/handovers/{shop.handover}/register"


def test_entries_of_another_handover_are_left_alone(shop: Shop):
    entry = enter(shop)

    def elsewhere(session: Any) -> str:
        return make_handover(session, manager=person(session, "manager")).id

    other = shop.change(elsewhere)
    shop["manager"].send(f"/handovers/{other}/register/holder", {"entries": entry, "new_holder": "Thief"})
    assert stored(shop, entry).new_holder_name == ""


def test_what_went_over_to_somebody_else_is_left_and_said(shop: Shop):
    gone = {"new_holder": "Ma from the depot", "holder": "The company"}
    mine = enter(shop, name="Open one")
    left = [
        enter(shop, name=f"Gone {state}", state=state, **gone)
        for state in ("transferred", "confirmed", "revoked")
    ]
    sent = {"new_holder": "Successor Li", "entries": [mine, *left]}
    answer = shop["manager"].send(f"/handovers/{shop.handover}/register/holder", sent)
    assert answer.status_code == 303
    page = words(shop["manager"].get(answer.headers["location"]))
    assert "3 entries were left as they are" in page
    assert stored(shop, mine).new_holder_id is not None
    assert {stored(shop, one).new_holder_name for one in left} == {"Ma from the depot"}
    again = shop["manager"].send(f"/handovers/{shop.handover}/register/holder", sent | {"entries": [mine]})
    assert "left=" not in again.headers["location"]


def test_a_long_register_comes_in_pages(shop: Shop):
    def fill(session: Any) -> None:
        who_leaves = person(session, "leaver")
        for number in range(500):
            kind = "account" if number < 250 else "domain"
            session.add(
                Entry(
                    handover_id=shop.handover, kind=kind, name=f"E{number:03}", importance="normal", state="held",
                    holder_id=who_leaves.id, language="en", position=number, created_at=now(), updated_at=now(),
                )
            )  # fmt: skip

    shop.change(fill)
    pages = [shop["manager"].get(f"/handovers/{shop.handover}/register?page={n}").text for n in (1, 2, 3)]
    assert [page.count(' id="entry-') for page in pages] == [200, 200, 100]
    assert "page 2 of 3" in words(shop["manager"].get(f"/handovers/{shop.handover}/register?page=2"))
    assert "every page" in pages[0]
    sent = {"new_holder": "Successor Li", "all": "1"}
    assert shop["manager"].send(f"/handovers/{shop.handover}/register/holder", sent).status_code == 303
    heirs = shop.ask(lambda s: s.scalars(select(Entry.new_holder_id).distinct()).all())
    assert heirs == [shop.ask(lambda s: person(s, "successor").id)]

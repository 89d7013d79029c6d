"""The register's pages: by kind, what is urgent, what names the leaver; entered, changed, moved on, deleted."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from kb.clock import today
from kb.config import read_settings
from kb.handovers.models import Handover
from kb.registers.models import Entry, EntryStep
from kb.registers.services import add_entry
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import who
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


def day(ahead: int = 0) -> date:
    return today(read_settings({}).time_zone) + timedelta(days=ahead)


def enter(shop: Shop, **fields: Any) -> str:
    """An entry the leaver made, and holds."""

    def deed(session: Any) -> str:
        data = {"kind": "account", "name": "Back office", "holder": "leaver@example.com"} | fields
        return add_entry(session, who(session, person(session, "leaver")), shop.handover, data).id

    return shop.change(deed)


def stored(shop: Shop, entry: str) -> Entry:
    return shop.ask(lambda session: session.get_one(Entry, entry))


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


def test_deleting_is_for_those_who_enter_and_asks_first(shop: Shop):
    entry = enter(shop, state="shared")
    assert "1 step of its history" in words(shop["manager"].get(f"/register/{entry}/delete"))
    assert shop["successor"].send(f"/register/{entry}/delete").status_code == 403
    assert shop["leaver"].send(f"/register/{entry}/delete").headers["location"].endswith("/register")
    assert shop["leaver"].get(f"/register/{entry}").status_code == 404
    assert shop.ask(lambda session: session.scalars(select(EntryStep)).all()) == []


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
    done = enter(shop, name="Done", state="revoked")

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


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        ("account", "Permissions, which phone gets the codes, which mailbox resets it."),
        ("domain", "The phone and mailbox that get codes and notices of renewal."),
        ("vendor", "The person and number the vendor has of us now."),
        ("filing", "It must be answered: if nobody does, the site can be closed."),
        ("customer", "Preferences, open problems, history"),
        ("document", "Cabinet, shelf and folder of a paper; address of a file."),
        ("equipment", "The device or key, with its number."),
    ],
)
def test_hints_follow_the_kind(shop: Shop, kind: str, hint: str):
    assert f"kind={kind}" in shop["leaver"].get(f"/handovers/{shop.handover}/register/new").text
    page = shop["leaver"].get(f"/handovers/{shop.handover}/register/new?kind={kind}")
    assert hint in words(page)
    assert 'value="Leaver Li"' in page.text  # who has it, and who takes it over, are filled in
    assert 'value="Successor Li"' in page.text


def test_entered_by_names_and_shown_with_its_item(shop: Shop):
    sent = {
        "kind": "vendor", "name": "Courier", "holder": "Leaver Li", "new_holder": "Ma from the depot",
        "item": shop.item, "contact": "Song, 8107", "importance": "high", "expires_on": "2031-04-01",
        "vault_ref": "Vault / courier", "remark": "Claims\nin 7 days", "location": "Contract 12",
    }  # fmt: skip
    made = shop["leaver"].send(f"/handovers/{shop.handover}/register", sent)
    entry = stored(shop, made.headers["location"].rpartition("/")[2])
    leaver = shop.ask(lambda session: person(session, "leaver").id)
    assert (entry.holder_id, entry.holder_name, entry.new_holder_name) == (leaver, "", "Ma from the depot")
    page = words(shop["viewer"].get(made.headers["location"]))
    for said in (
        "Courier",
        "Ma from the depot",
        "Song, 8107",
        "Vault / courier",
        "in 7 days",
        "Refund review",
    ):
        assert said in page
    item = shop["viewer"].get(f"/items/{shop.item}").text
    assert f"/register/{entry.id}" in item
    assert f"register/new?item={shop.item}" in shop["leaver"].get(f"/items/{shop.item}").text


def test_refused_it_keeps_what_was_typed_and_says_why_at_the_field(shop: Shop):
    sent = {"kind": "account", "name": "Back office", "remark": f"Sign in, {SECRET}", "expires_on": "soon"}
    for path in (f"/handovers/{shop.handover}/register", f"/register/{enter(shop)}/edit"):
        page = shop["leaver"].send(path, sent)
        assert page.status_code == 422
        assert 'href="#f-remark"' in page.text
        assert 'href="#f-expires_on"' in page.text
        assert "What it may do: This looks like a secret (a password)." in words(page)
        assert "Sign in, " in page.text


def test_changed(shop: Shop):
    entry = enter(shop, new_holder="successor@example.com")
    page = shop["manager"].get(f"/register/{entry}/edit").text
    assert 'value="Back office"' in page
    sent = {"kind": "domain", "name": "a.example.com", "holder": "The company", "new_holder": "Successor Li"}
    assert shop["manager"].send(f"/register/{entry}/edit", sent).status_code == 303
    now = stored(shop, entry)
    assert (now.kind, now.name, now.holder_name, now.state) == (
        "domain",
        "a.example.com",
        "The company",
        "held",
    )
    assert now.new_holder_id is not None


def test_moved_on_in_one_form_with_what_shows_it(shop: Shop):
    entry = enter(shop)
    path = f"/register/{entry}/move"
    assert 'value="shared" checked' in shop["successor"].get(f"/register/{entry}").text  # the next one
    step = {
        "state": "transferred",
        "new_holder": "Successor Li",
        "evidence": "Signed in as successor on 21 November",
    }
    assert shop["successor"].send(path, step).status_code == 303
    page = words(shop["viewer"].get(f"/register/{entry}"))
    assert "Held Transferred Signed in as successor on 21 November Successor Li" in page
    assert shop["viewer"].get(path).headers["location"] == f"/register/{entry}"


@pytest.mark.parametrize(("was", "becomes"), [("held", "transferred"), ("transferred", "confirmed"),
                                              ("confirmed", "revoked"), ("confirmed", "held")])  # fmt: skip
def test_without_anything_to_show_it_a_step_is_asked_about(shop: Shop, was: str, becomes: str):
    entry = enter(shop, state=was, new_holder="successor@example.com")
    for evidence, said in (
        ("", "Say what shows it"),
        ("ok", "Say in a few words"),
        ("见附件", "Say in a few words"),
    ):
        page = shop["successor"].send(f"/register/{entry}/move", {"state": becomes, "evidence": evidence})
        assert page.status_code == 422
        assert said in words(page)
        assert f'value="{becomes}" checked' in page.text
    assert stored(shop, entry).state == was


def test_sharing_needs_nothing_to_show_and_transferring_somebody_who_has_it(shop: Shop):
    entry = enter(shop)
    assert shop["successor"].send(f"/register/{entry}/move", {"state": "shared"}).status_code == 303
    step = {"state": "confirmed", "new_holder": "", "evidence": "the member list shows it"}
    page = shop["successor"].send(f"/register/{entry}/move", step)
    assert (page.status_code, 'href="#f-new_holder"' in page.text) == (422, True)
    assert "Say who has it now." in page.text


def test_what_may_only_be_moved_on_changes_nothing_else(shop: Shop):
    entry = enter(shop)
    shop["successor"].send(
        f"/register/{entry}/move", {"state": "shared", "name": "Mine", "vault_ref": "Mine"}
    )
    now = stored(shop, entry)
    assert (now.state, now.name, now.vault_ref) == ("shared", "Back office", "")
    page = shop["successor"].get(f"/register/{entry}").text
    assert f"/register/{entry}/edit" not in page


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
        from tests.support.factories import make_handover

        return make_handover(session, manager=person(session, "manager")).id

    other = shop.change(elsewhere)
    shop["manager"].send(f"/handovers/{other}/register/holder", {"entries": entry, "new_holder": "Thief"})
    assert stored(shop, entry).new_holder_name == ""


def test_names_and_places_are_shown_as_text(shop: Shop):
    entry = enter(shop, name="<b>x</b>", location="<i>y</i>", remark="<script>z</script>", holder="<u>h</u>")
    for path in (f"/register/{entry}", f"/handovers/{shop.handover}/register", f"/register/{entry}?q=x+y+z"):
        page = shop["viewer"].get(path).text
        assert not any(tag in page for tag in ("<b>x", "<i>y", "<script>z", "<u>h"))

"""One register entry: entered with hints of its kind, changed, moved on with what shows it, deleted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from kb.registers.models import EntryStep
from tests.functional.web_handovers.conftest import Shop, person
from tests.functional.web_handovers.entries import enter, stored
from tests.support.visitor import words

SECRET = "密码：Tr0ub4dor&3"


def test_deleting_is_for_those_who_enter_and_asks_first(shop: Shop):
    entry = enter(shop, state="shared")
    assert "1 step of its history" in words(shop["manager"].get(f"/register/{entry}/delete"))
    assert shop["successor"].send(f"/register/{entry}/delete").status_code == 403
    assert shop["leaver"].send(f"/register/{entry}/delete").headers["location"].endswith("/register")
    assert shop["leaver"].get(f"/register/{entry}").status_code == 404
    assert shop.ask(lambda session: session.scalars(select(EntryStep)).all()) == []


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


def test_names_and_places_are_shown_as_text(shop: Shop):
    entry = enter(shop, name="<b>x</b>", location="<i>y</i>", remark="<script>z</script>", holder="<u>h</u>")
    for path in (f"/register/{entry}", f"/handovers/{shop.handover}/register", f"/register/{entry}?q=x+y+z"):
        page = shop["viewer"].get(path).text
        assert not any(tag in page for tag in ("<b>x", "<i>y", "<script>z", "<u>h"))


def test_where_it_still_names_the_leaver_is_said(shop: Shop):
    vendor = enter(
        shop, kind="vendor", holder="The company", contact="They call Leaver Li", state="confirmed"
    )
    assert "It still names Leaver Li (Whom they call)." in words(shop["viewer"].get(f"/register/{vendor}"))
    account = enter(shop, state="confirmed")
    said = "It still names Leaver Li (Who has it now)."
    assert said in words(shop["viewer"].get(f"/register/{account}"))


def test_the_next_step_is_offered_as_far_as_there_is_one(shop: Shop):
    for kind, state, offered in (
        ("account", "held", "shared"), ("account", "confirmed", "revoked"), ("account", "revoked", "revoked"),
        ("domain", "transferred", "confirmed"), ("domain", "confirmed", "confirmed"), ("domain", "revoked", "revoked"),
    ):  # fmt: skip
        page = shop["manager"].get(f"/register/{enter(shop, kind=kind, state=state)}").text
        assert f'value="{offered}" checked' in page


STEP = {"state": "transferred", "new_holder": "Successor Li", "evidence": "Seen by both on 21 November"}


def test_the_step_moves_the_holder_too_where_that_is_ticked(shop: Shop):
    successor = shop.ask(lambda session: person(session, "successor").id)
    for sent, holds in ((STEP | {"hand_on": "1"}, True), (STEP, False)):
        entry = enter(shop, kind="domain")
        page = shop["successor"].get(f"/register/{entry}").text
        assert 'name="hand_on" value="1" checked' in page
        assert shop["successor"].send(f"/register/{entry}/move", sent).status_code == 303
        assert (stored(shop, entry).holder_id == successor) is holds
        assert ("It still names" not in shop["viewer"].get(f"/register/{entry}").text) is holds


def test_an_account_is_the_old_holders_until_it_is_revoked(shop: Shop):
    leaver, successor = shop.ask(lambda s: (person(s, "leaver").id, person(s, "successor").id))
    entry = enter(shop)
    step = STEP | {"hand_on": "1"}
    for state, holder in (("transferred", leaver), ("confirmed", leaver), ("revoked", successor)):
        assert shop["successor"].send(f"/register/{entry}/move", step | {"state": state}).status_code == 303
        assert stored(shop, entry).holder_id == holder
        assert ("It still names" in shop["viewer"].get(f"/register/{entry}").text) is (holder == leaver)


def test_revoked_and_taken_over_by_nobody_nobody_has_it(shop: Shop):
    entry = enter(shop)
    step = STEP | {"hand_on": "1", "state": "revoked", "new_holder": ""}
    assert shop["manager"].send(f"/register/{entry}/move", step).status_code == 303
    assert stored(shop, entry).holder_id is None
    assert "It still names" not in shop["viewer"].get(f"/register/{entry}").text


def test_whoever_leaves_is_refused_on_the_pages(shop: Shop):
    entry = enter(shop)
    for path in (f"/register/{entry}/move", f"/register/{entry}/edit", f"/handovers/{shop.handover}/register",
                 f"/handovers/{shop.handover}/register/holder"):  # fmt: skip
        for said in ("Leaver Li", "leaver@example.com", "leaver li "):
            sent = {"kind": "account", "name": "X", "state": "held", "entries": [entry], "new_holder": said}
            page = shop["manager"].send(path, sent)
            assert page.status_code == 422, (path, said)
            assert "Name somebody who stays" in words(page)


def test_where_the_secret_is_kept_is_asked_where_there_may_be_one(shop: Shop):
    for kind, asked in (("account", True), ("domain", True), ("customer", False), ("document", False)):
        page = shop["leaver"].get(f"/handovers/{shop.handover}/register/new?kind={kind}").text
        assert ('name="vault_ref"' in page) is asked
    said = enter(shop, kind="customer", vault_ref="Vault / their portal")
    assert 'name="vault_ref"' in shop["leaver"].get(f"/register/{said}/edit").text

"""Changing a handover's fields and people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from kb.handovers.models import Membership
from kb.people.models import User
from tests.functional.web_handovers.conftest import Shop
from tests.support.visitor import words

ALL = ("leaver", "successor", "manager", "trainer", "viewer")


def rows(
    *more: tuple[str, str], remove: tuple[str, ...] = (), roles: dict[str, str] | None = None
) -> dict[str, Any]:
    """The form as the page sends it: everybody in it, then new rows."""
    people = [(f"{name}@example.com", (roles or {}).get(name, name), f"{name.title()} Li") for name in ALL]
    people += [(email, role, "") for email, role in more]
    return {
        "member_email": [email for email, _role, _name in people],
        "member_role": [role for _email, role, _name in people],
        "member_name": [name for _email, _role, name in people],
        "remove": [str(ALL.index(name)) for name in remove],
    }


def members(shop: Shop) -> set[tuple[str, str]]:
    query = select(User.email, Membership.role).join(User).where(Membership.handover_id == shop.handover)
    return {(email.partition("@")[0], role) for email, role in shop.ask(lambda s: s.execute(query).all())}


def send(shop: Shop, sent: dict[str, Any]) -> Any:
    return shop["manager"].send(f"/handovers/{shop.handover}/members", sent)


def test_people_are_added_changed_and_removed_at_once(shop: Shop):
    sent = rows(
        ("stranger@example.com", "viewer"),
        ("", "successor"),
        remove=("viewer",),
        roles={"trainer": "successor"},
    )
    assert send(shop, sent).status_code == 303
    kept = {(name, name) for name in ("leaver", "successor", "manager")}
    assert members(shop) == kept | {("trainer", "successor"), ("stranger", "viewer")}
    assert shop["stranger"].get(f"/handovers/{shop.handover}").status_code == 200
    assert shop["viewer"].get(f"/handovers/{shop.handover}").status_code == 404


WRONG_LISTS = [
    (rows(remove=("leaver",)), "A handover has exactly one leaver."),
    (rows(remove=("manager",)), "A handover keeps at least one manager."),
    (rows(("viewer@example.com", "leaver")), "A handover has exactly one leaver."),
    (rows(("nobody@example.com", "viewer")), "There is no account for nobody@example.com."),
    (rows(("no address", "viewer")), "This is not an e-mail address."),
    (rows(("stranger@example.com", "boss")), "This must be one of"),
]


def test_a_wrong_list_is_refused_and_kept(shop: Shop):
    before = members(shop)
    for sent, said in WRONG_LISTS:
        answer = send(shop, sent)
        assert answer.status_code == 422
        assert said in words(answer)
        assert all(f'value="{email}"' in answer.text for email in sent["member_email"])
        assert answer.text.count('name="remove"') == len(ALL)
    assert members(shop) == before


def test_a_wrong_new_person_is_marked_in_their_row(shop: Shop):
    answer = send(shop, rows(("stranger@example.com", "viewer"), ("nobody@example.com", "viewer")))
    assert 'href="#f-members-6"' in answer.text
    assert 'id="f-members-6-error"' in answer.text


def test_more_rows_change_nothing(shop: Shop):
    before = members(shop)
    answer = send(shop, {**rows(remove=("viewer",)), "more": "1"})
    assert answer.status_code == 200
    assert answer.text.count('name="member_email"') == len(ALL) + 4
    assert answer.text.count('name="remove" value="4" checked') == 1
    assert members(shop) == before


def test_whoever_takes_themselves_out_is_led_home(shop: Shop):
    sent = rows(("stranger@example.com", "manager"), remove=("manager",))
    answer = send(shop, sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/handovers")
    assert ("manager", "manager") not in members(shop)


def test_members_see_the_people_but_no_form(shop: Shop):
    page = shop["viewer"].get(f"/handovers/{shop.handover}/members")
    assert "successor@example.com" in page.text
    assert 'name="member_email"' not in page.text


def test_fields_are_changed(shop: Shop):
    sent = {
        "title": "Renamed",
        "position": "Lead",
        "last_day": "2199-05-01",
        "language": "zh-Hans",
    }
    assert shop["manager"].send(f"/handovers/{shop.handover}/edit", sent).status_code == 303
    stored = shop.stored()
    assert (stored.title, stored.language) == ("Renamed", "zh-Hans")


WRONG = [
    ("title", "", "Title", "标题"),
    ("last_day", "2026-02-30", "Last day", "最后工作日"),
    ("confirmed_on", "05/01/2026", "Resignation confirmed on", "书面确认离职的日期"),
]


def test_a_wrong_field_is_named_and_the_rest_kept(shop: Shop):
    for field, value, english, chinese in WRONG:
        sent = {"title": "Renamed", "position": "A new position", field: value}
        for language, label in (("en", english), ("zh-Hans", chinese)):
            shop["manager"].cookies["kb_locale"] = language
            answer = shop["manager"].send(f"/handovers/{shop.handover}/edit", sent)
            assert answer.status_code == 422
            assert f'href="#f-{field}">{label}' in answer.text
            assert 'value="A new position"' in answer.text
    assert shop.stored().position == "Operations lead"

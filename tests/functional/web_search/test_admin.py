"""Administration: accounts, tokens shown once, joining a handover on record, the index."""

from __future__ import annotations

import re
import time

from sqlalchemy import select

from kb.activity.models import Event
from tests.functional.web_search.conftest import Found
from tests.support.visitor import Visitor, words

SECRET = re.compile(r'id="f-secret" type="text" readonly value="([^"]+)"')
PAGES = ("/admin", "/admin/handovers", "/admin/templates", "/admin/index", "/admin/users/viewer@example.com")


def test_administration_is_for_administrators(library: Found):
    for path in PAGES:
        assert library["admin"].get(path).status_code == 200
        refused = library["manager"].get(path)
        assert refused.status_code == 403
        assert "Only administrators may do that." in words(refused)
        assert "role" not in words(refused)
        assert Visitor(library.client).get(path).status_code == 303


def test_its_forms_too(library: Found):
    viewer = "/admin/users/viewer@example.com"
    for path in ("/admin/users", f"{viewer}/deactivate", f"{viewer}/tokens", "/admin/index/rebuild"):
        assert library["manager"].send(path, {"email": "new@example.com", "name": "New"}).status_code == 403
    assert library["viewer"].get("/search").status_code == 200


def test_a_new_account_gets_a_password_that_is_shown_once_and_works(library: Found):
    admin = library["admin"]
    made = admin.send("/admin/users", {"name": "陈思远", "email": "Chen@Example.com", "locale": "zh-Hans"})
    assert made.status_code == 200
    password = SECRET.search(made.text)
    assert password
    assert password[1] not in admin.get("/admin").text
    newcomer = Visitor(library.client)
    assert newcomer.sign_in("chen@example.com", password[1]).status_code == 303
    assert '<html lang="zh-Hans"' in newcomer.get("/search").text
    assert newcomer.get("/admin").status_code == 403


def test_a_refused_account_says_why_and_keeps_what_was_typed(library: Found):
    for fields, status, sentence in (
        ({"name": "", "email": "a@example.com"}, 422, "This must be filled in."),
        ({"name": "A", "email": "no address"}, 422, "This is not an e-mail address."),
        ({"name": "A", "email": "a@example.com", "password": "short"}, 422, "at least 10 characters"),
        ({"name": "A", "email": "viewer@example.com"}, 409, "already an account"),
    ):
        answer = library["admin"].send("/admin/users", fields)
        assert answer.status_code == status
        assert sentence in words(answer)
        assert f'value="{fields["email"]}"' in answer.text


def test_a_deactivated_person_is_out_at_once_and_the_form_says_who_is(library: Found):
    assert library["viewer"].get("/search").status_code == 200
    answer = library["admin"].send("/admin/users/viewer@example.com/deactivate")
    assert answer.headers["location"] == "/admin"
    assert library["viewer"].get("/search").status_code == 303
    assert "Deactivated" in words(library["admin"].get("/admin/users/viewer@example.com"))
    assert library["admin"].send("/admin/users/viewer@example.com/tokens").status_code == 409


def test_nobody_deactivates_themselves(library: Found):
    answer = library["admin"].send("/admin/users/admin@example.com/deactivate")
    assert answer.status_code == 409
    assert library["admin"].get("/admin").status_code == 200


def test_a_token_for_a_person_is_shown_once_and_works(library: Found):
    made = library["admin"].send("/admin/users/viewer@example.com/tokens", {"expires_days": "30"})
    token = SECRET.search(made.text)
    assert token
    assert token[1] not in library["admin"].get("/admin/users/viewer@example.com").text
    library.client.cookies.clear()
    answer = library.client.get("/api/v1/me", headers={"authorization": f"Bearer {token[1]}"})
    assert answer.json()["email"] == "viewer@example.com"
    refused = library["admin"].send("/admin/users/viewer@example.com/tokens", {"expires_days": "0"})
    assert refused.status_code == 422


def test_nobody_by_that_address_is_not_found(library: Found):
    assert library["admin"].get("/admin/users/nobody@example.com").status_code == 404
    assert library["admin"].send("/admin/users/nobody@example.com/deactivate").status_code == 404


def test_joining_a_handover_is_recorded_and_lets_in(library: Found):
    admin, ours = library["admin"], library.ids["ours"]
    assert "Shop & more" in words(admin.get("/admin/handovers"))
    assert admin.get("/search", q="退款", fragment=True).text.count("data-hit") == 0
    answer = admin.send(f"/admin/handovers/{ours}/join")
    assert answer.headers["location"] == f"/handovers/{ours}"
    assert admin.get("/search", q="退款", fragment=True).text.count("data-hit") == 2
    with library.database.transaction(read_only=True) as session:
        actions = session.scalars(select(Event.action).where(Event.handover_id == ours)).all()
    assert "handover.joined_by_administrator" in actions
    assert admin.send(f"/admin/handovers/{ours}/join").status_code == 409
    assert library["manager"].send(f"/admin/handovers/{library.ids['theirs']}/join").status_code == 404
    assert library["viewer"].send(f"/admin/handovers/{ours}/join").status_code == 403
    assert admin.send("/admin/handovers/000000000000/join").status_code == 404


def test_the_shipped_checklists_are_shown_in_the_readers_language(library: Found):
    admin = library["admin"]
    assert "E-commerce operations" in words(admin.get("/admin/templates"))
    assert "电商运营" in words(admin.get("/admin/templates?lang=zh-Hans"))


def test_a_rebuild_swaps_a_new_index_in(library: Found):
    folder = library.client.app.state["services"].index.folder
    before = folder.current()
    assert "Up to date" in words(library["admin"].get("/admin/index"))
    assert library["admin"].send("/admin/index/rebuild").headers["location"] == "/admin/index"
    deadline = time.monotonic() + 30
    while folder.current() == before:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert 'data-total="1"' in library["viewer"].get("/search", q="退款", fragment=True).text


def test_a_forgotten_password_is_replaced_by_one_shown_once(library: Found):
    admin, viewer = library["admin"], "/admin/users/viewer@example.com"
    assert f'action="{viewer.replace("@", "%40")}/password"' in admin.get(viewer).text.replace("@", "%40")
    made = admin.send(f"{viewer}/password")
    password = SECRET.search(made.text)
    assert made.status_code == 200
    assert password
    assert password[1] not in admin.get(viewer).text
    assert library["viewer"].get("/search").status_code == 303  # signed out
    again = Visitor(library.client)
    assert again.sign_in("viewer@example.com", password[1]).status_code == 303
    assert admin.send("/admin/users/admin@example.com/password").status_code == 409
    assert library["manager"].send(f"{viewer}/password").status_code == 403


def test_a_deactivated_account_is_activated_again(library: Found):
    admin, viewer = library["admin"], "/admin/users/viewer@example.com"
    password = SECRET.search(admin.send(f"{viewer}/password").text)
    assert password
    admin.send(f"{viewer}/deactivate")
    assert admin.send(f"{viewer}/password").status_code == 409
    assert Visitor(library.client).sign_in("viewer@example.com", password[1]).status_code == 422
    assert library["manager"].send(f"{viewer}/activate").status_code == 403
    assert admin.send(f"{viewer}/activate").status_code == 303
    assert "active again" in words(admin.get(viewer))
    assert Visitor(library.client).sign_in("viewer@example.com", password[1]).status_code == 303

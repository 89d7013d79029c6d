"""Accounts and tokens over the API."""

from __future__ import annotations

from datetime import datetime, timedelta

from kb.clock import now
from kb.ids import new_id
from tests.support.api import Caller, World


def test_me(world: World):
    me = world.successor.get("/me")
    assert me == {
        "id": me["id"],
        "email": world.successor.email,
        "name": "successor",
        "locale": "en",
        "is_admin": False,
    }
    assert world.admin.get("/me")["is_admin"] is True


def test_an_administrator_creates_accounts(world: World):
    email = f"New-{new_id()}@Example.com"
    body = {"email": email, "name": "新同事", "password": "ten-letters-long", "locale": "zh-Hans"}
    made = world.admin.post("/users", body)
    assert made | {"id": ""} == {
        "id": "",
        "email": email.lower(),
        "name": "新同事",
        "locale": "zh-Hans",
        "is_admin": False,
    }
    assert world.admin("POST", "/users", body).status_code == 409
    assert world.manager("POST", "/users", body).status_code == 403
    assert world.admin.post("/users", {"email": f"{new_id()}@example.com", "name": "B", "is_admin": True})[
        "is_admin"
    ]


def test_a_broken_account_names_every_field(world: World):
    errors = world.admin.errors("POST", "/users", {"email": "nobody", "password": "short", "locale": "fr"})
    assert set(errors) == {"email", "name", "password", "locale"}
    errors = world.admin.errors("POST", "/users", {"email": 5, "name": ["x"], "is_admin": "yes"})
    assert set(errors) == {"email", "name", "is_admin"}


def test_tokens(world: World):
    made = world.admin.post(f"/users/{world.viewer.email}/tokens", {"expires_days": 3})
    assert Caller(world.client, made["token"]).get("/me")["email"] == world.viewer.email
    expires = datetime.fromisoformat(made["expires_at"])
    assert timedelta(days=2, hours=23) < expires - now() <= timedelta(days=3)
    own = world.viewer("POST", "/me/tokens")
    assert own.status_code == 201
    assert own.json()["expires_at"] is None
    assert Caller(world.client, own.json()["token"]).get("/me")["email"] == world.viewer.email
    assert world.viewer("POST", f"/users/{world.viewer.email}/tokens").status_code == 403
    assert world.admin("POST", "/users/gone@example.com/tokens").status_code == 404
    assert world.admin("POST", "/users/%00/tokens").status_code == 404
    assert set(world.viewer.errors("POST", "/me/tokens", {"expires_days": 0})) == {"expires_days"}


def test_without_a_token_or_with_a_bad_one(world: World):
    for caller in (world.nobody, Caller(world.client, "not-a-token"), Caller(world.client, "é")):
        answer = caller("GET", "/me")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["status"] == 401


def test_the_cookie_of_a_browser_is_no_token(world: World):
    from tests.support.factories import cookie_for, make_user

    with world.session() as session:
        cookie = cookie_for(session, make_user(session))
    header = "; ".join(f"{name}={value}" for name, value in cookie.items())
    assert world.nobody("GET", "/me", headers={"cookie": header}).status_code == 401

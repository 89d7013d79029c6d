"""What the register refuses over the API: a leaver as next holder, passwords that nothing announces."""

from __future__ import annotations

import pytest

from tests.functional.api.test_register import register
from tests.support.api import File, World


@pytest.mark.parametrize("said", ["ADDRESS", "address", " Leaver ", "LEAVER"])
def test_whoever_leaves_takes_nothing_over(world: World, said: str):
    said = said.replace("address", world.leaver.email).replace("ADDRESS", world.leaver.email.upper())
    sent = {"kind": "account", "name": "Mailbox", "new_holder": said}
    for method, path in (("POST", register(world)), ("PATCH", f"/register/{world.entry()['id']}")):
        errors = world.manager.errors(method, path, sent)
        assert list(errors) == ["new_holder"]
        assert "who leaves" in errors["new_holder"]
    assert world.manager.get(register(world))["total"] == 1


def test_a_holder_moves_over_the_api_only_when_it_is_sent(world: World):
    path = f"/register/{world.entry(kind='domain', new_holder=world.successor.email)['id']}"
    moved = {"state": "transferred"}
    assert world.manager("PATCH", path, moved).json()["holder"] == world.leaver.email
    moved["holder"] = world.successor.email
    answer = world.manager("PATCH", path, moved).json()
    assert (answer["holder"], answer["names_leaver"]) == (world.successor.email, False)


def test_an_address_nobody_here_has_is_kept_as_a_name(world: World):
    made = world.entry(new_holder="nobody@elsewhere.example.org")
    assert made["new_holder_name"] == made["new_holder"] == "nobody@elsewhere.example.org"


@pytest.mark.parametrize("field", ["name", "location", "contact", "remark", "evidence"])
@pytest.mark.parametrize(
    "typed",
    ["Tr0ub4dor&3", "Summer2024!", "pw hunter2", "Password hunter2", "口令，hunter2", "密码在纸条上 Tr0ub4dor&3",
     "the pw of ops is Summer2024!"],
)  # fmt: skip
def test_a_bare_password_is_refused_wherever_one_may_be_typed(world: World, field: str, typed: str):
    sent = {"kind": "account", "name": "Back office", field: typed}
    assert list(world.manager.errors("POST", register(world), sent)) == [field]


@pytest.mark.parametrize("field", ["name", "location", "contact", "remark", "evidence"])
@pytest.mark.parametrize(
    "typed",
    ["Password vault item KP0042", "密码库条目 A12b34x9", "password rotated on 21Nov2026", "密码在1Password里",
     "MFA on iPhone15Pro, password in the safe", "接手人11月21日登录，密码已改，验证码发到新手机",
     "password reset goes to ops01@shop.example.com", "HT20261121"],
)  # fmt: skip
def test_words_about_a_password_and_numbers_of_things_are_none(world: World, field: str, typed: str):
    assert world.entry(**{"kind": "account", "name": "Back office", field: typed})["state"] == "held"


@pytest.mark.parametrize("typed", ["ops01", "Room301", "iPhone15", "13800138000", "wms3.0"])
def test_what_a_thing_is_called_is_no_password(world: World, typed: str):
    assert world.entry(name=typed, location=typed, contact=typed)["name"] == typed


def test_what_the_leaver_once_took_over_comes_in_as_theirs(world: World):
    world.entry(kind="domain", name="shop.example.com", new_holder=world.successor.email, state="confirmed")
    archive = world.manager("GET", f"/handovers/{world.handover}/export", params={"format": "zip"}).content
    sent = {"title": "Next", "position": "Clerk", "leaver": world.successor.email, "last_day": "2031-01-31"}
    new = world.manager.post("/handovers", sent)["id"]
    answer = world.manager("POST", f"/handovers/{new}/import", File("export.zip", archive))
    assert answer.status_code == 201, answer.text
    entry = world.manager.get(f"/handovers/{new}/register")["items"][0]
    assert (entry["holder"], entry["new_holder"], entry["state"]) == (world.successor.email, None, "held")
    assert entry["names_leaver"] is True

"""The register over the API: what has a holder, how it changes hands, and that no secret gets in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import World

SECRET = "password: Tr0ub4dor&3"
FULL: dict[str, Any] = {
    "kind": "domain",
    "name": "shop.example.com",
    "location": "Registrar: Example Names, account 4711",
    "contact": "it@shop.example.com",
    "remark": "Renewal needs the seal.\nThree days.",
    "vault_ref": "Vault › Website › registrar",
    "expires_on": "2031-03-09",
    "importance": "critical",
    "state": "shared",
}


def register(world: World) -> str:
    return f"/handovers/{world.handover}/register"


def test_entered_with_everything(world: World):
    item = world.item()["id"]
    sent = FULL | {"holder": world.leaver.email, "new_holder": "陈新", "item": item}
    made = world.leaver.post(register(world), sent)
    assert {name: made[name] for name in sent} == sent
    assert (made["holder_name"], made["new_holder_name"]) == ("leaver", "陈新")
    assert made["names_leaver"] is True
    assert world.viewer.get(register(world)) == {"items": [made], "total": 1, "next": None}
    one = world.viewer.get(f"/register/{made['id']}")
    steps = one.pop("steps")
    assert one == made
    assert [(step["was"], step["became"]) for step in steps] == [("held", "shared")]


def test_only_kind_and_name_are_needed(world: World):
    made = world.manager.post(register(world), {"kind": "equipment", "name": "Label printer"})
    assert (made["state"], made["importance"]) == ("held", "normal")
    assert (made["holder"], made["new_holder"], made["expires_on"]) == (None, None, None)
    assert made["names_leaver"] is False
    assert set(world.manager.errors("POST", register(world), {})) == {"kind", "name"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "password"),
        ("name", " "),
        ("name", "n" * 201),
        ("location", "l" * 501),
        ("vault_ref", "v" * 301),
        ("expires_on", "09/03/2031"),
        ("importance", "urgent"),
        ("state", "lost"),
        ("holder", 7),
        ("item", "000000000000"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(world: World, field: str, value: Any):
    sent = {"kind": "account", "name": "Back office", field: value}
    assert list(world.manager.errors("POST", register(world), sent)) == [field]
    entry = world.entry()["id"]
    assert list(world.manager.errors("PATCH", f"/register/{entry}", {field: value})) == [field]


@pytest.mark.parametrize(
    "field", ["name", "location", "contact", "remark", "holder", "new_holder", "vault_ref", "evidence"]
)
def test_a_secret_is_refused_in_every_field(world: World, field: str):
    sent = {"kind": "account", "name": "Back office", field: SECRET, "accept_secrets": True}
    said = world.manager.errors("POST", register(world), sent)
    assert list(said) == [field]
    assert "vault" in said[field]
    assert "Tr0ub4dor" not in said[field]
    entry = world.entry()["id"]
    assert list(world.manager.errors("PATCH", f"/register/{entry}", {field: SECRET})) == [field]
    assert world.manager.get(register(world))["total"] == 1


@pytest.mark.parametrize("typed", ["Tr0ub4dor&3", "hunter2", "Summer2024!", "Abc12345"])
def test_a_password_in_place_of_where_it_is_kept_is_refused(world: World, typed: str):
    sent = {"kind": "account", "name": "Back office", "vault_ref": typed}
    assert list(world.manager.errors("POST", register(world), sent)) == ["vault_ref"]


@pytest.mark.parametrize(
    "typed",
    [
        "1Password / Shop / Taobao main",
        "vault://shop/taobao",
        "op://Private/Taobao/login",
        "Bitwarden item 4711",
        "1P-Shop-2024",
        "KP-0042",
        "公司密码库「运营/千牛主账号」",
        "保险柜第3层信封12",
        "https://vault.example.com/item/48213",
        "vaultwarden/websites/dns#2",
    ],
)
def test_references_to_a_vault_are_no_secrets(world: World, typed: str):
    assert world.entry(vault_ref=typed)["vault_ref"] == typed


def test_a_password_under_a_name_that_announces_it_is_refused(world: World):
    sent = {"kind": "account", "name": "后台密码", "remark": "Abc12345!"}
    assert list(world.manager.errors("POST", register(world), sent)) == ["remark"]


def test_moved_on_step_by_step_with_what_shows_it(world: World):
    entry = world.entry()["id"]
    path = f"/register/{entry}"
    said = {
        "shared": "both sign in since Monday",
        "transferred": "signed in as successor on 21 November",
        "confirmed": "接手人 11 月 22 日独立登录，已改绑手机",
        "revoked": "leaver's access removed, the member list shows it",
    }
    for state, evidence in said.items():
        answer = world.successor("PATCH", path, {"state": state, "evidence": evidence})
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    steps = world.viewer.get(path)["steps"]
    assert [(step["became"], step["evidence"]) for step in reversed(steps)] == list(said.items())
    assert {step["by"] for step in steps} == {world.successor.email}


def test_evidence_may_be_left_out_and_brought_later(world: World):
    path = f"/register/{world.entry()['id']}"
    assert world.successor("PATCH", path, {"state": "transferred"}).status_code == 200
    assert (
        world.successor("PATCH", path, {"evidence": "the member list shows me as owner"}).status_code == 200
    )
    steps = world.viewer.get(path)["steps"]
    assert [(s["was"], s["became"]) for s in steps] == [
        ("transferred", "transferred"),
        ("held", "transferred"),
    ]


@pytest.mark.parametrize(
    "evidence", ["ok", "done.", "n/a", "已完成", "已移交", "see above", "全部完成。", "...........", "无"]
)
def test_evidence_that_shows_nothing_is_asked_about(world: World, evidence: str):
    path = f"/register/{world.entry()['id']}"
    said = world.manager.errors("PATCH", path, {"state": "confirmed", "evidence": evidence})
    assert list(said) == ["evidence"]
    assert "how one can tell" in said["evidence"]
    assert world.manager.get(path)["state"] == "held"


def test_steps_back_are_possible(world: World):
    path = f"/register/{world.entry(state='confirmed')['id']}"
    back = {"state": "held", "evidence": "the code still goes to her phone"}
    assert world.manager("PATCH", path, back).json()["state"] == "held"
    assert world.manager.get(path)["steps"][0]["was"] == "confirmed"


def test_a_successor_moves_it_on_and_changes_nothing_else(world: World):
    path = f"/register/{world.entry()['id']}"
    assert world.successor("PATCH", path, {"new_holder": world.successor.email}).status_code == 200
    for field in ("name", "location", "contact", "holder", "vault_ref", "importance", "remark", "kind"):
        assert world.successor("PATCH", path, {"state": "shared", field: "account"}).status_code == 403
    now = world.viewer.get(path)
    assert (now["state"], now["new_holder"], now["name"]) == ("held", world.successor.email, "Back office")


def test_nothing_changed_is_no_step(world: World):
    made = world.entry()
    answer = world.manager("PATCH", f"/register/{made['id']}", {"name": made["name"], "state": "held"})
    assert answer.json() == made
    assert world.viewer.get(f"/register/{made['id']}")["steps"] == []


def test_empty_fields_take_away(world: World):
    path = f"/register/{world.entry(expires_on='2031-01-01', new_holder='X', vault_ref='Vault / a')['id']}"
    cleared = dict.fromkeys(("expires_on", "new_holder", "holder", "vault_ref", "item"))
    answer = world.manager("PATCH", path, cleared).json()
    assert {name: answer[name] or None for name in cleared} == cleared


def test_deleted_for_good(world: World):
    path = f"/register/{world.entry(state='shared')['id']}"
    assert world.leaver("DELETE", path).status_code == 204
    assert world.leaver("GET", path).status_code == 404
    assert world.viewer.get(register(world))["total"] == 0


def test_narrowed_by_kind_and_state_a_page_at_a_time(world: World):
    for number in range(3):
        world.entry(name=f"Account {number}")
    world.entry(kind="domain", name="a.example.com", state="confirmed")
    assert world.viewer.get(register(world), kind="domain")["total"] == 1
    assert world.viewer.get(register(world), state="held")["total"] == 3
    assert world.viewer.get(register(world), kind="domain", state="held")["total"] == 0
    assert world.viewer("GET", f"{register(world)}?kind=secret").status_code == 422
    first = world.viewer.get(register(world), limit=3)
    rest = world.viewer.get(register(world), limit=3, cursor=first["next"])
    assert [entry["name"] for entry in first["items"] + rest["items"]] == [
        "Account 0", "Account 1", "Account 2", "a.example.com",
    ]  # fmt: skip


def test_what_still_names_the_leaver(world: World):
    def named(**fields: Any) -> bool:
        return bool(world.entry(**fields)["names_leaver"])

    leaver = world.leaver.email
    other = {"new_holder": world.successor.email}
    assert named(state="confirmed", **other)  # she can still sign in
    assert not named(state="revoked", **other)
    assert named(state="revoked")  # and who has it now?
    assert named(kind="domain", state="transferred", **other)
    assert not named(kind="domain", state="confirmed", **other)
    assert named(kind="domain", state="confirmed")
    assert named(kind="filing", holder="Leaver ")  # by name
    assert named(kind="vendor", holder="The company", contact=f"Call {leaver}", state="confirmed")
    assert named(kind="vendor", holder="The company", contact="Ms Leaver, 0571-1234")
    assert not named(kind="vendor", holder="The company", contact="The cleavers' guild")
    assert not named(kind="document", holder=world.manager.email)

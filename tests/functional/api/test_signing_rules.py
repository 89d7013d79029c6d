"""The rules of signing: what is said of what is open, who may complete it, what the stage becomes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from argon2 import PasswordHasher

from kb.handovers.models import Handover
from kb.people.services import note_failure
from tests.support.api import World
from tests.support.factories import PASSWORD
from tests.support.signing import give_password, problem, ready, sign, sign_all, state


@pytest.fixture
def signing(world: World) -> World:
    """Everything is written down, and three people can sign."""
    return ready(world)


def test_a_reservation_about_one_item_speaks_of_no_other(signing: World):
    gap, other = signing.item(title="Stocktake"), signing.item(title="Stocktake: abroad")
    blocked = problem(sign(signing, "leaver", "Stocktake: Chen writes it down by Friday"), 409)["blocking"]
    assert [one["item"] for one in blocked] == [other["id"]]
    blocked = problem(sign(signing, "leaver", "Stocktake: abroad：not before May"), 409)["blocking"]
    assert [one["item"] for one in blocked] == [gap["id"]]
    errors = signing.leaver.errors(
        "POST",
        f"/handovers/{signing.handover}/signoff",
        {"password": PASSWORD, "reservations": ["Stocktake: n/a", "Stocktake: abroad: not before May"]},
    )
    assert set(errors) == {"reservations"}
    assert (
        sign(signing, "leaver", "Stocktake: abroad: not before May", "All else by Friday").status_code == 201
    )
    said = {one["title"]: one["reservations"] for one in state(signing)["exceptions"]}
    assert said == {
        "Stocktake": ["All else by Friday"],
        "Stocktake: abroad": ["Stocktake: abroad: not before May"],
    }


def test_while_a_password_is_checked_others_write(signing: World, monkeypatch: pytest.MonkeyPatch):
    """Hashing takes long on purpose; a transaction that writes would keep everybody else waiting."""
    checking, written = Event(), Event()
    verify = PasswordHasher.verify

    def slowly(self: PasswordHasher, encoded: str, password: str) -> bool:
        checking.set()
        assert written.wait(20)
        return verify(self, encoded, password)

    monkeypatch.setattr(PasswordHasher, "verify", slowly)
    with ThreadPoolExecutor(1) as other:
        answer = other.submit(sign, signing, "leaver")
        assert checking.wait(20)
        try:
            signing.item(title="Added meanwhile", importance="low")
        finally:
            written.set()
        assert answer.result().status_code == 201


def test_guessing_is_told_when_to_come_back(signing: World):
    with signing.session() as session:
        for _ in range(10):
            note_failure(session, signing.leaver.email, "somewhere")
    assert sign(signing, "leaver").headers["retry-after"] == "900"


@pytest.mark.parametrize("stage", ["supporting", "closed"])
def test_the_first_sign_off_makes_the_stage_a_second_does_not_turn_it_back(signing: World, stage: str):
    def set_to(stage: str) -> None:
        with signing.session() as session:
            session.get_one(Handover, signing.handover).stage = stage

    set_to(stage)
    sign_all(signing)
    assert signing.viewer.get(f"/handovers/{signing.handover}")["stage"] == "signed_off"
    set_to(stage)
    assert signing.manager("POST", f"/handovers/{signing.handover}/signoff/anew", None).status_code == 201
    sign_all(signing)
    assert signing.viewer.get(f"/handovers/{signing.handover}")["stage"] == stage


def test_who_signed_and_left_the_handover_keeps_it_from_being_completed(signing: World):
    assert sign(signing, "successor").status_code == 201
    members = [
        {"email": signing.leaver.email, "role": "leaver"},
        {"email": signing.manager.email, "role": "manager"},
        {"email": signing.trainer.email, "role": "successor"},
    ]
    assert signing.manager("PUT", f"/handovers/{signing.handover}/members", members).status_code == 200
    for role in ("leaver", "manager"):
        assert "begin the sign-off again" in problem(sign(signing, role), 409)["detail"]
    assert signing.manager("POST", f"/handovers/{signing.handover}/signoff/anew", None).status_code == 201
    with signing.session() as session:
        give_password(session, signing.trainer.email)
    for role in ("leaver", "trainer", "manager"):
        answer = sign(signing, role)
        assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "signed"

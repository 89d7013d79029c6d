"""Signing a handover off over the API: who, in which order, with what in the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, select

from kb.activity.models import Event
from kb.handovers.models import Membership
from kb.people.models import FailedSignIn
from tests.support.api import World
from tests.support.factories import PASSWORD
from tests.support.signing import (
    PARTIES,
    certificate,
    give_password,
    problem,
    ready,
    sign,
    sign_all,
    state,
)


@pytest.fixture
def signing(world: World) -> World:
    """Everything is written down, and three people can sign."""
    return ready(world)


@pytest.mark.parametrize("order", [PARTIES, tuple(reversed(PARTIES))])
def test_three_signatures_in_any_order(signing: World, order: tuple[str, ...]):
    before = state(signing)
    assert (before["state"], before["missing"], before["manifest_sha256"]) == ("open", list(PARTIES), None)
    for number, role in enumerate(order, 1):
        answer = sign(signing, role, f"Reservation of the {role}")
        assert answer.status_code == 201
        told = answer.json()
        assert len(told["signatures"]) == number
        assert told["signatures"][-1]["user"] == {"email": signing.callers[role].email, "name": role}
        assert told["signatures"][-1]["reservations"] == [f"Reservation of the {role}"]
    after = state(signing)
    assert (after["state"], after["missing"], after["blocking"]) == ("signed", [], [])
    assert signing.viewer.get(f"/handovers/{signing.handover}")["stage"] == "signed_off"
    assert certificate(signing)["manifest_sha256"] == after["manifest_sha256"] == told["manifest_sha256"]


@pytest.mark.parametrize("body", [None, {}, {"password": ""}, {"password": None}, {"password": "wrong"}])
def test_no_or_a_wrong_password(signing: World, body: Any):
    errors = signing.leaver.errors("POST", f"/handovers/{signing.handover}/signoff", body)
    assert set(errors) == {"password"}
    assert state(signing)["signatures"] == []


def test_guessing_the_password_is_slowed_down(signing: World):
    path = f"/handovers/{signing.handover}/signoff"
    for _ in range(10):
        assert signing.leaver("POST", path, {"password": "guessed"}).status_code == 422
    assert signing.leaver("POST", path, {"password": PASSWORD}).status_code == 429
    with signing.session() as session:
        session.execute(delete(FailedSignIn))
    assert sign(signing, "leaver").status_code == 201


def test_the_password_is_ones_own(signing: World):
    from kb.people.services import set_password

    with signing.session() as session:
        set_password(session, signing.successor.email, "another-long-password", by=None)
    assert sign(signing, "successor").status_code == 422


def test_what_is_open_blocks_until_a_reservation_says_why(signing: World):
    gap = signing.item(title="Stocktake")
    signing.item(title="Nice to have", importance="low")
    blocked = problem(sign(signing, "leaver"), 409)["blocking"]
    assert [(one["item"], one["title"]) for one in blocked] == [(gap["id"], "Stocktake")]
    assert blocked[0]["reason"]
    assert state(signing)["blocking"] == blocked
    said = "Stocktake: Chen writes it down by Friday"
    assert sign(signing, "leaver", said).status_code == 201
    now = state(signing)
    assert now["blocking"] == []
    assert [(one["item"], one["reservations"]) for one in now["exceptions"]] == [(gap["id"], [said])]
    assert set(now["exceptions"][0]["reason"]) == {"en", "zh-Hans"}
    # It is named: the others sign under it, and what is open since then blocks them.
    assert sign(signing, "successor").status_code == 201
    later = signing.item(title="Found late")
    assert [one["item"] for one in problem(sign(signing, "manager"), 409)["blocking"]] == [later["id"]]
    assert sign(signing, "manager", "Found late, done next week").status_code == 201
    assert [one["item"] for one in certificate(signing)["exceptions"]] == [gap["id"]]


@pytest.mark.parametrize("filler", ["无", "n/a", "see above", "—", "已同步"])
def test_a_filler_is_no_reservation(signing: World, filler: str):
    body = {"password": PASSWORD, "reservations": [filler]}
    assert set(signing.leaver.errors("POST", f"/handovers/{signing.handover}/signoff", body)) == {
        "reservations"
    }


def test_a_reservation_with_a_secret_is_refused(signing: World):
    body = {"password": PASSWORD, "reservations": ["The old password: Xk9!pl2#Vw8q still works"]}
    assert set(signing.leaver.errors("POST", f"/handovers/{signing.handover}/signoff", body)) == {
        "reservations"
    }


def test_signing_twice(signing: World):
    assert sign(signing, "leaver").status_code == 201
    assert "already" in problem(sign(signing, "leaver"), 409)["detail"]
    sign(signing, "successor")
    sign(signing, "manager")
    assert "supersedes" in problem(sign(signing, "manager"), 409)["detail"]
    assert len(state(signing)["signatures"]) == 3


def test_another_person_in_a_role_that_has_signed(signing: World):
    sign(signing, "manager")
    with signing.session() as session:
        membership = session.scalars(
            select(Membership).where(Membership.handover_id == signing.handover, Membership.role == "trainer")
        ).one()
        membership.role = "manager"
    with signing.session() as session:
        give_password(session, signing.trainer.email)
    assert "Somebody else" in problem(sign(signing, "trainer"), 409)["detail"]


def test_leaver_and_manager_are_two_people(signing: World):
    members = [
        {"email": signing.leaver.email, "role": "leaver"},
        {"email": signing.leaver.email, "role": "manager"},
        {"email": signing.manager.email, "role": "manager"},
        {"email": signing.successor.email, "role": "successor"},
    ]
    assert signing.manager("PUT", f"/handovers/{signing.handover}/members", members).status_code == 200
    assert sign(signing, "leaver").json()["signatures"][0]["role"] == "leaver"
    assert "two people" in problem(sign(signing, "leaver"), 409)["detail"]
    assert sign(signing, "manager").status_code == 201


def test_who_holds_two_roles_signs_one_after_the_other(signing: World):
    members = [
        {"email": signing.leaver.email, "role": "leaver"},
        {"email": signing.manager.email, "role": "manager"},
        {"email": signing.manager.email, "role": "successor"},
    ]
    assert signing.manager("PUT", f"/handovers/{signing.handover}/members", members).status_code == 200
    assert problem(sign(signing, "manager", role="leaver"), 403)
    assert set(
        signing.manager.errors(
            "POST", f"/handovers/{signing.handover}/signoff", {"password": PASSWORD, "role": "viewer"}
        )
    ) == {"role"}
    assert sign(signing, "manager", role="manager").json()["signatures"][-1]["role"] == "manager"
    assert sign(signing, "manager").json()["signatures"][-1]["role"] == "successor"
    assert sign(signing, "leaver").json()["state"] == "signed"


def test_without_a_successor_and_when_cancelled(signing: World):
    members = [
        {"email": signing.leaver.email, "role": "leaver"},
        {"email": signing.manager.email, "role": "manager"},
    ]
    signing.manager("PUT", f"/handovers/{signing.handover}/members", members)
    assert "successor" in problem(sign(signing, "leaver"), 409)["detail"]
    with signing.session() as session:
        from kb.handovers.models import Handover

        session.get_one(Handover, signing.handover).stage = "cancelled"
    assert "cancelled" in problem(sign(signing, "leaver"), 409)["detail"]


def test_it_is_recorded(signing: World):
    sign_all(signing)
    with signing.session() as session:
        actions = session.scalars(
            select(Event.action).where(Event.handover_id == signing.handover, Event.object_type == "signoff")
        ).all()
    assert sorted(actions) == ["signoff.completed", *["signoff.signed"] * 3]


def test_two_who_sign_at_once_sign_the_same(signing: World):
    """One of them fixes the manifest, the other signs under it; neither is lost."""
    with ThreadPoolExecutor(3) as people:
        answers = list(people.map(lambda role: sign(signing, role), PARTIES))
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    now = state(signing)
    assert (now["state"], len(now["signatures"]), now["number"]) == ("signed", 3, 1)
    assert {answer.json()["manifest_sha256"] for answer in answers} == {now["manifest_sha256"]}

"""Signing a handover off over the API: who, in which order, with what in the way."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, select

from kb.activity.models import Event
from kb.handovers.models import Membership
from kb.people.models import FailedSignIn
from kb.signoff.canonical import canonical
from kb.signoff.models import Signoff
from kb.signoff.queries import latest_signed, signed_revisions, superseded
from tests.support.api import File, World
from tests.support.factories import PASSWORD
from tests.support.signing import PARTIES, certificate, covered, give_password, sign, sign_all, with_passwords


@pytest.fixture
def signing(world: World) -> World:
    """A handover in which everything is written down, and three people who can sign."""
    with_passwords(world)
    covered(world)
    return world


def state(world: World) -> Any:
    return world.viewer.get(f"/handovers/{world.handover}/signoff")


def manifest(world: World) -> Any:
    with world.session() as session:
        text = session.scalars(
            select(Signoff.manifest)
            .where(Signoff.handover_id == world.handover)
            .order_by(Signoff.number.desc())
        ).first()
    return json.loads(text or "null")


def problem(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    return answer.json()


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


def test_the_manifest_is_fixed_canonical_and_whole(signing: World):
    note = signing.viewer.get(f"/handovers/{signing.handover}/notes")["items"][0]
    draft = signing.note(title="Half written", status="draft")
    gone = signing.note(title="In the bin")
    signing.manager("DELETE", f"/notes/{gone['id']}")
    made = signing.manager.post(f"/notes/{note['id']}/attachments", File())
    sign(signing, "leaver")
    fixed = manifest(signing)
    body = signing.viewer.get(f"/notes/{note['id']}")["body"]
    assert [one["id"] for one in fixed["notes"]] == [note["id"]]
    assert draft["id"] not in canonical(fixed)
    assert fixed["notes"][0] | {
        "title": note["title"], "kind": "procedure", "revision": 1,
        "sha256": hashlib.sha256(body.encode()).hexdigest(),
    } == fixed["notes"][0]  # fmt: skip
    assert fixed["attachments"] == [
        {
            "id": made["id"],
            "note": note["id"],
            "name": made["name"],
            "size": made["size"],
            "sha256": made["sha256"],
        }
    ]
    assert [
        (one["title"], one["covered"], [slot["slot"] for slot in one["slots"]]) for one in fixed["items"]
    ] == [("Refunds", True, ["steps"])]
    assert {(one["role"], one["email"]) for one in fixed["members"]} >= {("leaver", signing.leaver.email)}
    with signing.session() as session:
        text = session.scalars(select(Signoff.manifest).where(Signoff.handover_id == signing.handover)).one()
    assert text == json.dumps(fixed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert state(signing)["manifest_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    # Later changes leave it as it is, and are told.
    signing.leaver("PUT", f"/notes/{note['id']}", {"body": "## Steps\n\nOtherwise.\n", "base_revision": 1})
    assert manifest(signing) == fixed
    assert {one["section"]: one["number"] for one in state(signing)["changed"]}["notes"] == 1


def test_a_second_sign_off_supersedes_and_never_overwrites(signing: World):
    path = f"/handovers/{signing.handover}/signoff/anew"
    assert problem(signing.manager("POST", path), 409)
    first = sign_all(signing)
    kept = signing.viewer("GET", f"/handovers/{signing.handover}/signoff/certificate.json").content
    note = signing.viewer.get(f"/handovers/{signing.handover}/notes")["items"][0]
    signing.leaver("PUT", f"/notes/{note['id']}", {"body": "## Steps\n\nOtherwise.\n", "base_revision": 1})
    begun = signing.manager.post(path, {"reason": "The steps have changed"})
    assert (begun["state"], begun["number"], begun["certificate"], begun["signatures"]) == ("open", 2, 1, [])
    assert problem(signing.manager("POST", path), 409)
    assert certificate(signing)["number"] == 1  # holds until the next one is complete
    second = sign_all(signing)
    assert second["certificate"] == 2
    assert second["manifest_sha256"] != first["manifest_sha256"]
    assert [(one["number"], one["state"], one["complete"]) for one in second["earlier"]] == [
        (1, "superseded", True)
    ]
    assert certificate(signing)["supersedes"]["manifest_sha256"] == first["manifest_sha256"]
    earlier = signing.viewer(
        "GET", f"/handovers/{signing.handover}/signoff/certificate.json", params={"number": 1}
    )
    assert earlier.content == kept
    with signing.session() as session:
        assert [one.number for one in superseded(session, signing.handover)] == [1]
        holding = latest_signed(session, signing.handover)
        assert holding is not None and holding.number == 2
        assert {
            key: revision for key, (revision, _hash) in signed_revisions(session, signing.handover).items()
        } == {note["id"]: 2}


def test_beginning_again_voids_what_was_not_complete(signing: World):
    sign(signing, "leaver")
    begun = signing.manager.post(f"/handovers/{signing.handover}/signoff/anew", None)
    assert (begun["number"], begun["missing"], begun["certificate"]) == (2, list(PARTIES), None)
    assert [(one["number"], one["complete"]) for one in begun["earlier"]] == [(1, False)]
    assert sign_all(signing)["state"] == "signed"


def test_there_is_no_certificate_before_all_have_signed(signing: World):
    for signed in (False, True):
        for kind in ("json", "pdf"):
            answer = signing.viewer("GET", f"/handovers/{signing.handover}/signoff/certificate.{kind}")
            assert "certificate" in problem(answer, 404)["detail"]
        if not signed:
            sign(signing, "leaver")
    sign(signing, "successor")
    sign(signing, "manager")
    wrong = signing.viewer(
        "GET", f"/handovers/{signing.handover}/signoff/certificate.json", params={"number": 7}
    )
    assert wrong.status_code == 404


def test_the_certificate_as_pdf_reads_in_both_languages(signing: World):
    hostile = "#panic() *bold* $x$ \\ @ref <b> 保留意见：#include"
    sign_all(signing, hostile)
    path = f"/handovers/{signing.handover}/signoff/certificate.pdf"
    answer = signing.viewer("GET", path)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert signing.viewer("GET", path).content == answer.content
    reader = PdfReader(BytesIO(answer.content))
    text = "".join(page.extract_text() for page in reader.pages)
    for words in (
        "交接确认书",
        "HANDOVER CERTIFICATE",
        "交接人",
        "接交人",
        "监交人",
        "Witnessed by",
        "Refunds",
        hostile,
    ):
        assert words.replace(" ", "") in text.replace(" ", "").replace("\n", ""), words
    facts = certificate(signing)
    assert facts["manifest_sha256"] in text
    raw = signing.viewer("GET", path.replace("pdf", "json")).content
    assert hashlib.sha256(raw).hexdigest() in text
    assert [one["role"] for one in facts["signatures"]] == list(PARTIES)
    assert facts["signatures"][0]["signed_at"].endswith("+08:00")
    assert facts["summary"]["items"] == {"total": 1, "covered": 1, "by_state": {"open": 1}}
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)


def test_it_is_recorded(signing: World):
    sign_all(signing)
    with signing.session() as session:
        actions = session.scalars(
            select(Event.action).where(Event.handover_id == signing.handover, Event.object_type == "signoff")
        ).all()
    assert sorted(actions) == ["signoff.completed", *["signoff.signed"] * 3]

"""The manifest, the certificate and what comes after: fixed, canonical, superseded, read in both languages."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from kb.signoff.canonical import canonical
from kb.signoff.models import Signoff
from kb.signoff.queries import latest_signed, signed_revisions, superseded
from tests.support.api import File, World
from tests.support.signing import (
    PARTIES,
    certificate,
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


def manifest(world: World) -> Any:
    with world.session() as session:
        text = session.scalars(
            select(Signoff.manifest)
            .where(Signoff.handover_id == world.handover)
            .order_by(Signoff.number.desc())
        ).first()
    return json.loads(text or "null")


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
    assert set(signing.manager.errors("POST", path, {"reason": "The password: Tr0ub4dor&3xyz"})) == {"reason"}
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


@pytest.mark.parametrize(
    "odd", ["emoji 😀 and 𠀀", "joined\u200btogether\ufeff", "private \ue000", "长" * 900]
)
def test_what_no_font_draws_is_still_told(signing: World, odd: str):
    sign_all(signing, f"Still open: {odd}")
    path = f"/handovers/{signing.handover}/signoff/certificate.pdf"
    content = signing.viewer("GET", path).content
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert "Still open:" in text
    if "emoji" in odd:
        assert "emoji [U+1F600] and [U+20000]" in text


def test_the_annex_calls_people_by_name_and_things_as_the_screens_do(signing: World):
    item = signing.viewer.get(f"/handovers/{signing.handover}/items")["items"][0]
    entry = {"kind": "account", "name": "Shop console", "holder": signing.leaver.email}
    signing.leaver.post(f"/handovers/{signing.handover}/register", entry)
    for level in ("assisted", "independent"):
        run = {"level": level, "outcome": "passed", "feedback": "Three refunds went through."}
        signing.successor.post(f"/items/{item['id']}/practice-runs", run)
    gap = signing.item(title="Stocktake")
    sign_all(signing, "Stocktake：Chen writes it down by Friday")
    assert [one["item"] for one in certificate(signing)["exceptions"]] == [gap["id"]]
    content = signing.viewer("GET", f"/handovers/{signing.handover}/signoff/certificate.pdf").content
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\n", "")
    annex = text[text.index("附件三、登记册") :]
    assert signing.leaver.email not in annex
    assert "leaver" in annex
    assert "有人带" in text
    assert "独立完成" in text
    assert text.count("Stocktake：") == 0  # it stands in the item's own row, without the title
    assert "Chen writes it down by Friday" in text

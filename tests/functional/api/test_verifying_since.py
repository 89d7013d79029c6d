"""`kb verify` on what was worked on since: told by kind, and an earlier certificate still finds its texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.cli.run import run
from tests.support.api import World
from tests.support.signing import covered, export, sign_all, with_passwords, zipped
from tests.support.verifying import changed, checked


@pytest.fixture
def signed(world: World) -> World:
    with_passwords(world)
    covered(world)
    covered(world, "库存同步", body="## Steps\n\n先看库存。\r\n再同步。\n")
    sign_all(world)
    return world


def test_a_bundle_without_its_list_or_without_the_checklist_does_not_pass(
    signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    files = export(signed)
    (tmp_path / "c.json").write_bytes(files["signoff/certificate.json"])
    bundle = zipped(tmp_path / "e.zip", files)
    assert run(["verify", str(tmp_path / "c.json"), "--bundle", str(bundle)]) == 1
    assert "The bundle has no checksums.json." in capsys.readouterr().err
    for name in ("handover.json", "items.json", "register.json", "meetings.json", "practice.json"):
        status, _out, err = checked(
            tmp_path, {key: content for key, content in files.items() if key != name}, capsys
        )
        assert status == 1
        assert name in err


def test_what_was_worked_on_since_is_told_by_kind(
    signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    status, out, _err = checked(tmp_path, export(signed), capsys)
    assert (status, "Everything is as it was signed." in out) == (0, True)
    assert "printed on the PDF" in out
    signed.item(title="Found later")
    entry = {"kind": "domain", "name": "shop.example.com", "holder": "Somebody"}
    signed.leaver.post(f"/handovers/{signed.handover}/register", entry)
    status, out, err = checked(tmp_path, export(signed), capsys)
    assert (status, err) == (0, "")
    assert "Changed since it was signed: checklist items, 1. Found later" in out
    assert "Changed since it was signed: register entries, 1. shop.example.com" in out
    assert "Everything is as it was signed." not in out


def test_an_earlier_certificate_finds_the_texts_it_was_about(
    signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = f"/handovers/{signed.handover}"
    notes = {one["title"]: one["id"] for one in signed.viewer.get(f"{path}/notes")["items"]}
    edited = notes["Refunds, step by step"]
    signed.leaver("PUT", f"/notes/{edited}", {"body": "## Steps\n\nOtherwise.\n", "base_revision": 1})
    signed.manager.post(f"{path}/signoff/anew", None)
    sign_all(signed)
    files = export(signed)
    earlier = files["signoff/earlier/1/certificate.json"]
    status, out, err = checked(tmp_path, files, capsys, earlier)
    assert (status, err) == (0, "")
    assert "Refunds, step by step, revision 1: edited since" in out
    kept = f"signoff/earlier/1/notes/{edited}.md"
    status, _out, err = checked(tmp_path, {**files, kept: changed(files[kept])}, capsys, earlier)
    assert status == 1
    assert kept in err

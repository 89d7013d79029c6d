"""`kb verify`: what was signed, against an export, to the byte."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from kb.cli.run import run
from tests.support.api import File, World
from tests.support.signing import covered, export, listed, note_file, sign_all, with_passwords, zipped
from tests.support.verifying import changed, checked


@pytest.fixture
def signed(world: World) -> World:
    with_passwords(world)
    covered(world)
    covered(world, "库存同步", body="## Steps\n\n先看库存。\r\n再同步。\n")
    sign_all(world)
    return world


def test_what_is_as_it_was_signed(signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    status, out, err = checked(tmp_path, listed(export(signed)), capsys)
    assert (status, err) == (0, "")
    assert "Refunds, step by step, revision 1: unchanged" in out
    assert "库存同步, step by step, revision 1: unchanged" in out
    assert "Everything is as it was signed." in out


def test_a_changed_byte_anywhere_is_named(signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    files = export(signed)
    whole = listed(files)
    for name in files:
        status, _out, err = checked(
            tmp_path, {**whole, name: changed(files[name])}, capsys, files["signoff/certificate.json"]
        )
        assert status == 1
        lines = err.splitlines()
        assert len(lines) == 1, lines
        assert name in err or ("certificate" in name and "not the one in the bundle" in err), (name, err)
    status, _out, err = checked(tmp_path, whole, capsys, changed(files["signoff/certificate.json"]))
    assert status == 1
    assert len(err.splitlines()) == 1


def test_a_note_is_named_by_its_title(signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    files = export(signed)
    name = next(
        name for name, content in files.items() if "先看".encode() in content and name.startswith("notes/")
    )
    status, out, err = checked(
        tmp_path, {**files, name: files[name].replace("先看".encode(), "先查".encode())}, capsys
    )
    assert status == 1
    assert "库存同步, step by step" in err
    assert "库存同步, step by step, revision 1: NOT as signed" in out
    gone = {key: content for key, content in files.items() if key != name}
    status, _out, err = checked(tmp_path, gone, capsys)
    assert status == 1
    assert "“库存同步, step by step” is missing" in err


def test_a_note_edited_since_is_checked_by_the_text_that_was_signed(
    signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    note = next(
        one
        for one in signed.viewer.get(f"/handovers/{signed.handover}/notes")["items"]
        if "Refunds" in one["title"]
    )
    was = signed.viewer.get(f"/notes/{note['id']}")["body"].encode()
    signed.leaver("PUT", f"/notes/{note['id']}", {"body": "## Steps\n\nOtherwise.\n", "base_revision": 1})
    files = export(signed)
    status, _out, err = checked(tmp_path, files, capsys)
    assert status == 1
    assert "is missing" in err
    assert "revision 1 " in err
    kept = f"signoff/notes/{note['id']}.md"
    status, out, err = checked(tmp_path, {**files, kept: was}, capsys)
    assert (status, err) == (0, "")
    assert "edited since" in out
    status, _out, err = checked(tmp_path, {**files, kept: changed(was)}, capsys)
    assert status == 1
    assert kept in err


def test_a_forged_manifest_does_not_pass(signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    files = export(signed)
    manifest = json.loads(files["signoff/manifest.json"])
    manifest["notes"] = manifest["notes"][:1]
    forged = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    status, _out, err = checked(tmp_path, {**files, "signoff/manifest.json": forged}, capsys)
    assert status == 1
    assert "signoff/manifest.json is not what was signed" in err


def test_answers_as_json(signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    files = listed(export(signed))
    (tmp_path / "c.json").write_bytes(files["signoff/certificate.json"])
    bundle = zipped(tmp_path / "e.zip", files)
    assert run(["verify", str(tmp_path / "c.json"), "--bundle", str(bundle), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["mismatches"], told["files"]) == (True, [], len(files) - 1)
    assert {one["state"] for one in told["notes"]} == {"unchanged"}


def test_hostile_zips_are_refused_in_one_line(
    signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    files = export(signed)
    certificate = tmp_path / "certificate.json"
    certificate.write_bytes(files["signoff/certificate.json"])
    bundles = {
        "no zip": b"PK but no zip at all",
        "climbing": zipped(tmp_path / "a.zip", {**files, "../../etc/passwd": b"x"}).read_bytes(),
        "absolute": zipped(tmp_path / "b.zip", {**files, "/etc/passwd": b"x"}).read_bytes(),
        "backslash": zipped(tmp_path / "c.zip", {**files, "notes\\a.md": b"x"}).read_bytes(),
        "bomb": zipped(tmp_path / "d.zip", {**files, "bomb": bytes(60_000_000)}).read_bytes(),
        "aliases": zipped(
            tmp_path / "e.zip", {**files, "notes/a.md": b"---\na: &a [1]\nb: [*a, *a]\n---\n\nx"}
        ).read_bytes(),
        "deep": zipped(
            tmp_path / "f.zip", {**files, "notes/a.md": b"---\na: " + b"[" * 9000 + b"\n---\n\nx"}
        ).read_bytes(),
        "twice": zipped(
            tmp_path / "g.zip", {**files, "notes/again.md": note_file({"id": "x", "sha256": "y"}, "z")}
        ).read_bytes(),
    }
    whole = zipped(tmp_path / "h.zip", files).read_bytes()
    bundles["cut off"] = whole[: len(whole) // 2]
    with zipfile.ZipFile(tmp_path / "i.zip", "w") as archive:
        archive.writestr("signoff/manifest.json", files["signoff/manifest.json"])
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("signoff/manifest.json", b"{}")
    bundles["doubled"] = (tmp_path / "i.zip").read_bytes()
    for name, content in bundles.items():
        (tmp_path / "bundle.zip").write_bytes(content)
        assert run(["verify", str(certificate), "--bundle", str(tmp_path / "bundle.zip")]) == 1, name
        err = capsys.readouterr().err
        assert len(err.splitlines()) == 1, (name, err)
        assert "unexpected" not in err, (name, err)


def test_flipped_bytes_of_the_packed_zip_never_pass_unseen_nor_crash(
    signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    files = listed(export(signed))
    certificate = tmp_path / "certificate.json"
    certificate.write_bytes(files["signoff/certificate.json"])
    whole = zipped(tmp_path / "whole.zip", files).read_bytes()
    with zipfile.ZipFile(tmp_path / "whole.zip") as archive:
        first = archive.getinfo("signoff/manifest.json")
        start = first.header_offset + 30 + len(first.filename)
        places = range(start, start + first.compress_size, max(first.compress_size // 40, 1))
    for place in places:
        (tmp_path / "bundle.zip").write_bytes(
            whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :]
        )
        assert run(["verify", str(certificate), "--bundle", str(tmp_path / "bundle.zip")]) == 1, place
        err = capsys.readouterr().err
        assert len(err.splitlines()) == 1, err
        assert "unexpected" not in err


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1]", b"\xff", b'{"format":"kb-signoff-certificate","version":99}', b"[" * 100_000],
)
def test_what_is_no_certificate(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes):
    (tmp_path / "c.json").write_bytes(content)
    bundle = zipped(tmp_path / "e.zip", {"a": b"b"})
    assert run(["verify", str(tmp_path / "c.json"), "--bundle", str(bundle)]) == 1
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert "c.json" in err


def test_a_real_export_after_edits_files_and_a_second_sign_off(
    signed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """What `kb export` and the page's button write is what `kb verify` reads."""
    notes = {
        one["title"]: one["id"] for one in signed.viewer.get(f"/handovers/{signed.handover}/notes")["items"]
    }
    edited, other = notes["Refunds, step by step"], notes["库存同步, step by step"]
    signed.manager.post(f"/notes/{edited}/attachments", File())
    signed.manager.post(f"/handovers/{signed.handover}/signoff/anew", None)
    sign_all(signed)
    path = f"/handovers/{signed.handover}"
    for number in (1, 2):
        content = signed.viewer("GET", f"{path}/signoff/certificate.json", params={"number": number}).content
        (tmp_path / f"{number}.json").write_bytes(content)
    signed.leaver("PUT", f"/notes/{edited}", {"body": "## Steps\n\nOtherwise.\n", "base_revision": 1})
    signed.manager("DELETE", f"/notes/{other}")
    bundle = tmp_path / "real.zip"
    bundle.write_bytes(signed.viewer("GET", f"{path}/export", params={"format": "zip"}).content)
    for number in (1, 2):
        assert run(["verify", str(tmp_path / f"{number}.json"), "--bundle", str(bundle), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert {one["id"]: one["state"] for one in told["notes"]} == {edited: "edited", other: "gone"}
        assert told["attachments"] == number - 1
        assert told["files"] > 8
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name in files:
        (tmp_path / "bundle.zip").unlink(missing_ok=True)
        zipped(tmp_path / "bundle.zip", {**files, name: files[name][:-1] + b"~"})
        assert run(["verify", str(tmp_path / "2.json"), "--bundle", str(tmp_path / "bundle.zip")]) == 1, name
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["verify", str(tmp_path / "no.json"), "--bundle", str(tmp_path / "no.zip")]) == 1
    assert "no.json" in capsys.readouterr().err

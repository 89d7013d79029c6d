from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import pytest

from kb.errors import Invalid
from kb.import_export import sources
from kb.import_export.sources import opened


def names(path: Path) -> tuple[list[str], dict[str, str]]:
    """(names taken, reasons by name left out)"""
    with opened(path) as found:
        return [entry.name for entry in found.entries], {one.name: one.reason for one in found.skipped}


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_a_folder_gives_its_markdown_in_order_of_name(tmp_path: Path):
    for name in ("b.md", "a/c.markdown", "a/B.MD", "a/picture.png", ".git/config.md", ".hidden.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    taken, skipped = names(tmp_path)
    assert taken == ["b.md", "a/B.MD", "a/c.markdown"]
    assert skipped == {".git/": "hidden", ".hidden.md": "hidden", "a/picture.png": "not a Markdown file"}


def test_links_in_a_folder_are_not_followed(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "s.md").write_text("s")
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "file.md").symlink_to(secret / "s.md")
    (folder / "dir").symlink_to(secret)
    os.mkfifo(folder / "pipe.md")
    taken, skipped = names(folder)
    assert taken == []
    assert set(skipped) == {"file.md", "dir/", "pipe.md"}


def test_names_in_a_zip_are_data(tmp_path: Path):
    path = zipped(
        tmp_path / "x.zip",
        {"../../etc/evil.md": b"1", "/abs.md": b"2", "a\\b.md": b"3", "__MACOSX/q.md": b""},
    )
    taken, skipped = names(path)
    assert taken == ["a/b.md", "abs.md", "etc/evil.md"]
    assert list(skipped) == ["__MACOSX/q.md"]


def test_a_link_in_a_zip_is_left_out(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        link = zipfile.ZipInfo("link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert names(tmp_path / "x.zip") == ([], {"link.md": "a link to somewhere else"})


def test_a_bomb_is_refused(tmp_path: Path):
    path = zipped(tmp_path / "x.zip", {"ok.md": b"fine", "bomb.md": b"a" * 3_000_000})
    with pytest.raises(Invalid) as refused, opened(path):
        pass
    assert refused.value.errors[0].field == "bomb.md"


def test_a_lie_about_the_size_reads_no_more_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sources, "MOST_BYTES", 10)
    with opened(zipped(tmp_path / "x.zip", {"a.md": b"0123456789abcdef"})) as found:
        assert found.entries[0].read() == b"0123456789a"


@pytest.mark.parametrize(
    ("limit", "value"), [("MOST_FILES", 1), ("MOST_ENTRIES", 1), ("MOST_TOTAL", 3), ("MOST_DEPTH", 0)]
)
@pytest.mark.parametrize("as_zip", [False, True])
def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, as_zip: bool):
    monkeypatch.setattr(sources, limit, value)
    files = {"a/one.md": b"12", "a/two.md": b"34"}
    folder = tmp_path / "folder"
    (folder / "a").mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    with pytest.raises(Invalid), opened(zipped(tmp_path / "x.zip", files) if as_zip else folder):
        pass


def test_a_damaged_zip_is_one_sentence(tmp_path: Path):
    path = zipped(tmp_path / "x.zip", {"a.md": os.urandom(2000)})
    data = bytearray(path.read_bytes())
    data[100:110] = b"0000000000"
    path.write_bytes(data)
    with pytest.raises(Invalid, match="damaged"), opened(path) as found:
        found.entries[0].read()


def test_one_file_and_no_file(tmp_path: Path):
    (tmp_path / "one.md").write_text("x")
    (tmp_path / "one.exe").write_text("x")
    assert names(tmp_path / "one.md")[0] == ["one.md"]
    for wrong in ("one.exe", "absent"):
        with pytest.raises(Invalid), opened(tmp_path / wrong):
            pass

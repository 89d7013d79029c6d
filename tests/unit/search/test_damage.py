"""Any damage is IndexUnavailable: when opening and while serving; never a wrong answer, never a crash."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.search.integrity import META
from kb.search.interface import IndexUnavailable
from kb.search.whoosh_index import SearchIndex
from tests.unit.search.factory import document, found

KINDS = ["meta.json", "*.toc", "*.toc.sum", "*.seg", "*.seg.sum"]


def delete(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garbage(path: Path) -> None:
    path.write_bytes(b"\x80\x04garbage" * (path.stat().st_size // 9 + 1))


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    index = SearchIndex.create(tmp_path / "index")
    index.apply([document(str(i), "退款", "refund review") for i in range(20)], [], 4)
    index.close()
    return tmp_path / "index"


@pytest.mark.parametrize("damage", [delete, truncate, empty, garbage, flip])
@pytest.mark.parametrize("files", KINDS)
def test_a_damaged_file_is_noticed_when_opening(
    folder: Path, files: str, damage: Callable[[Path], None]
) -> None:
    path = max(folder.glob(files))
    damage(path)
    with pytest.raises(IndexUnavailable):
        SearchIndex(folder)


@pytest.mark.parametrize("damage", [delete, truncate, empty, garbage, flip])
@pytest.mark.parametrize("files", ["meta.json", "*.toc", "*.seg"])
def test_a_damaged_file_is_noticed_while_serving(
    folder: Path, files: str, damage: Callable[[Path], None]
) -> None:
    index = SearchIndex(folder)
    assert len(found(index, "退款")) == 20
    path = max(folder.glob(files))
    damage(path)
    with pytest.raises(IndexUnavailable):
        found(index, "退款")
    with pytest.raises(IndexUnavailable):
        index.apply([document("99", "退款")], [], 9)
    with pytest.raises(IndexUnavailable):
        index.position()


@pytest.mark.parametrize("files", ["*.toc.sum", "*.seg.sum", "*.seg"])
def test_verifying_reads_every_file_again(folder: Path, files: str) -> None:
    index = SearchIndex(folder)
    index.verify()
    path = max(folder.glob(files))
    flip(path)
    with pytest.raises(IndexUnavailable):
        index.verify()


def test_a_folder_that_vanishes_is_noticed_and_its_return_heals(folder: Path, tmp_path: Path) -> None:
    index = SearchIndex(folder)
    folder.rename(tmp_path / "away")
    with pytest.raises(IndexUnavailable):
        found(index, "退款")
    shutil.copytree(tmp_path / "away", folder)
    assert len(found(index, "退款")) == 20


def test_a_file_touched_but_whole_is_no_damage(folder: Path) -> None:
    index = SearchIndex(folder)
    (path,) = folder.glob("*.seg")
    path.write_bytes(path.read_bytes())
    assert len(found(index, "退款")) == 20


@pytest.mark.parametrize("key", ["library", "schema", "analyser", "renderer"])
def test_other_versions_are_not_opened(folder: Path, key: str) -> None:
    versions = json.loads((folder / META).read_text())
    (folder / META).write_text(json.dumps(versions | {key: "other"}))
    with pytest.raises(IndexUnavailable, match="other"):
        SearchIndex(folder)


@pytest.mark.parametrize(
    "make", [lambda path: None, Path.mkdir, lambda path: path.write_text("not a folder")]
)
def test_what_is_no_index_is_not_opened(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "nothing")
    with pytest.raises(IndexUnavailable):
        SearchIndex(tmp_path / "nothing")


def test_what_a_crash_leaves_lying_about_does_no_harm(folder: Path) -> None:
    (folder / "kb.tmp").mkdir()
    (folder / "kb.tmp" / "run").write_bytes(b"half")
    (folder / "kb_deadbeefdeadbeef.seg").write_bytes(b"half a segment")
    (folder / "_kb_9.toc.1763.5").write_bytes(b"half a table")
    index = SearchIndex(folder)
    index.apply([document("99", "备案")], [], 5)
    assert found(index, "备案") == ["99"]
    assert not (folder / "kb_deadbeefdeadbeef.seg").exists()
    assert not (folder / "_kb_9.toc.1763.5").exists()

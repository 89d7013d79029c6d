"""The index heals by itself, can be deleted at any time, and has one writer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.notes.models import Note
from kb.search.indexer import Indexer
from kb.search.live import LiveIndex
from tests.functional.indexing.conftest import Searching


def _delete(folder: Path) -> None:
    shutil.rmtree(folder)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _each_file(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        build = next(folder.glob("build-*"))
        for path in build.iterdir():
            change(path)

    return damage


DAMAGES = {
    "deleted": _delete,
    "emptied": _empty,
    "truncated": _each_file(lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])),
    "rotten": _each_file(lambda path: path.write_bytes(b"\x00" * path.stat().st_size)),
    "pointer is garbage": lambda folder: (folder / "CURRENT").write_bytes(b"../../etc\xff"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_folder_is_built_again(here: Searching, damage: Callable[[Path], object]) -> None:
    here.write(title="退款审核")
    here.index()
    damage(here.folder)
    here.index()
    assert here.titles("退款") == ["退款审核"]
    assert here.indexer.verify() == []


def test_an_old_copy_is_mended(here: Searching, tmp_path: Path) -> None:
    here.write(title="First")
    here.index()
    shutil.copytree(here.folder, tmp_path / "copy")
    here.write(title="Second")
    here.index()
    here.close()
    shutil.rmtree(here.folder)
    shutil.copytree(tmp_path / "copy", here.folder)
    again = Indexer(here.database, here.live)
    assert again.take_lock()
    again.catch_up()
    assert sorted(here.titles("first") + here.titles("second")) == ["First", "Second"]
    again.stop()


def test_another_databases_index_is_not_believed(here: Searching, tmp_path: Path) -> None:
    """Same position by chance, other contents: ids and times are compared, not the position alone."""
    here.write(title="Mine")
    here.index()
    here.close()
    with here.database.transaction() as session:
        note = session.get(Note, _only_note(here))
        assert note is not None
        note.title = "Changed behind the log's back"
        note.updated_at = note.updated_at.replace(year=2001)
        session.flush()
        session.info.clear()
    again = Indexer(here.database, here.live)
    assert again.take_lock()
    again.catch_up()
    assert again.differences() == []
    assert here.titles("behind") == ["Changed behind the log's back"]
    again.stop()


def _only_note(here: Searching) -> str:
    with here.database.transaction(read_only=True) as session:
        return session.query(Note.id).one()[0]


def test_one_writer_at_a_time(here: Searching) -> None:
    here.index()
    other = Indexer(here.database, LiveIndex(here.folder))
    assert not other.take_lock()
    here.indexer.stop()
    assert other.take_lock()
    other.stop()


def test_a_lock_on_a_deleted_folder_guards_nothing(here: Searching) -> None:
    here.index()
    shutil.rmtree(here.folder)
    other = Indexer(here.database, LiveIndex(here.folder))
    assert other.take_lock()
    assert not here.indexer.take_lock()
    other.stop()

"""The index follows the log, heals by itself, and can be deleted at any time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.annotations.services import create_annotation, save_note
from kb.checklists.services import add_item, change_item
from kb.config import Settings
from kb.db import Database
from kb.handovers.models import Handover
from kb.notes.models import Note
from kb.notes.services import delete_note, restore_note
from kb.people.models import User
from kb.search.indexer import Indexer
from kb.search.interface import Filters
from kb.search.live import LiveIndex
from kb.search.service import SearchRequest, search
from tests.support.factories import make_handover, make_note, make_user, who


class Searching:
    """A database with one handover, its index, and somebody who searches."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.live = LiveIndex(folder)
        self.indexer = Indexer(database, self.live)
        with database.transaction() as session:
            self.manager: User = make_user(session)
            self.handover: Handover = make_handover(session, manager=self.manager)

    def write(self, **fields: object) -> Note:
        with self.database.transaction() as session:
            return make_note(session, self.manager, self.handover, **fields)

    def titles(self, text: str, **filters: str) -> list[str]:
        with self.database.transaction(read_only=True) as session:
            request = SearchRequest(text, Filters(**filters))  # type: ignore[arg-type]
            answer = search(session, self.live, who(session, self.manager), request)
            assert not answer.degraded
            assert answer.total == len(answer.hits)
            return [hit.title for hit in answer.hits]

    def index(self) -> None:
        assert self.indexer.take_lock()
        self.indexer.catch_up()

    def close(self) -> None:
        self.indexer.stop()
        self.live.close()


@pytest.fixture
def here(database: Database, settings: Settings) -> Searching:
    return Searching(database, settings.search_index)


def test_a_saved_note_is_found_and_a_deleted_one_is_not(here: Searching) -> None:
    note = here.write(title="退款审核太慢", body="大促之后退款审批要三天。")
    here.index()
    assert here.titles("退款") == ["退款审核太慢"]
    assert here.titles("审批") == ["退款审核太慢"]
    with here.database.transaction() as session:
        save_note(session, who(session, here.manager), note.id, {"body": "现在只要两个小时。"}, 1)
    here.index()
    assert here.titles("审批") == []
    assert here.titles("小时") == ["退款审核太慢"]
    with here.database.transaction() as session:
        delete_note(session, who(session, here.manager), note.id)
    here.index()
    assert here.titles("小时") == []
    with here.database.transaction() as session:
        restore_note(session, who(session, here.manager), note.id)
    here.index()
    assert here.titles("小时") == ["退款审核太慢"]


def test_a_renamed_module_is_renamed_for_its_notes(here: Searching) -> None:
    with here.database.transaction() as session:
        me = who(session, here.manager)
        item = add_item(session, me, here.handover.id, {"module": "Orders", "title": "Refunds"})
    here.write(title="Slow refunds", items=[item.id])
    here.index()
    assert here.titles("slow", module="Orders") == ["Slow refunds"]
    with here.database.transaction() as session:
        change_item(session, who(session, here.manager), item.id, {"module": "After sales"})
    here.index()
    assert here.titles("slow", module="Orders") == []
    assert here.titles("slow", module="After sales") == ["Slow refunds"]


def test_an_annotation_goes_with_its_note(here: Searching) -> None:
    note = here.write(title="Refunds", body="Ask finance first.")
    with here.database.transaction() as session:
        data = {"kind": "comment", "body": "Xiaowen retired", "exact": "finance"}
        create_annotation(session, who(session, here.manager), note.id, data)
    here.index()
    assert here.titles("xiaowen") == ["Refunds"]
    with here.database.transaction() as session:
        delete_note(session, who(session, here.manager), note.id)
    here.index()
    assert here.titles("xiaowen") == []


def test_indexing_twice_changes_nothing(here: Searching) -> None:
    here.write(title="Once")
    here.index()
    before = here.indexer.status()
    here.index()
    assert here.indexer.status().documents == before.documents == 1
    assert here.titles("once") == ["Once"]


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


def test_while_there_is_no_index_the_database_answers(here: Searching) -> None:
    here.write(title="退款审核", body="找财务。")
    with here.database.transaction(read_only=True) as session:
        answer = search(session, here.live, who(session, here.manager), SearchRequest("财务"))
    assert answer.degraded
    assert [hit.title for hit in answer.hits] == ["退款审核"]


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


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"tag": "退款"}, ["Slow refunds"]),
        ({"tag": "退"}, []),
        ({"kind": "pitfall"}, ["Trap"]),
        ({"module": "Orders"}, ["Slow refunds"]),
        ({"importance": "critical"}, ["Trap"]),
        ({"type": "note"}, ["Slow refunds", "Trap"]),
        ({"type": "item"}, []),
        ({"author": "nobody@example.com"}, []),
    ],
)
def test_without_an_index_the_filters_hold_too(
    here: Searching, filters: dict[str, str], titles: list[str]
) -> None:
    with here.database.transaction() as session:
        me = who(session, here.manager)
        item = add_item(session, me, here.handover.id, {"module": "Orders", "title": "Refunds"})
    here.write(title="Slow refunds", tags=["退款"], items=[item.id])
    here.write(title="Trap", kind="pitfall", importance="critical")
    with here.database.transaction(read_only=True) as session:
        request = SearchRequest("", Filters(**filters))  # type: ignore[arg-type]
        answer = search(session, here.live, who(session, here.manager), request)
        again = search(
            session, here.live, who(session, here.manager), SearchRequest("", request.filters, offset=50)
        )
    assert answer.degraded
    assert sorted(hit.title for hit in answer.hits) == titles
    assert answer.total == len(titles)
    assert again.hits == ()

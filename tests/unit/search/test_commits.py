"""One commit holds the documents and the position; readers see whole commits only."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from kb.search.interface import Filters, IndexBusy
from kb.search.language import parse
from kb.search.merging import write_merged
from kb.search.merging_apart import merge_apart
from kb.search.whoosh_index import SearchIndex
from tests.unit.search.conftest import Built
from tests.unit.search.factory import SCOPES, document, found, search


def test_a_new_index_holds_nothing_and_no_position(tmp_path: Path) -> None:
    index = SearchIndex.create(tmp_path / "index")
    assert (index.position(), index.count(), found(index, "退款")) == (None, 0, [])


def test_the_position_is_never_found(index_of: Built) -> None:
    index = index_of(document("1", "退款"))
    assert search(index, "", frozenset({"h:shop"})).total == 1
    assert found(index, "position") == []
    assert [name for name, _ in index.versions()] == ["note:1"]


def test_doing_it_twice_changes_nothing(index_of: Built) -> None:
    index = index_of(document("1", "退款"), document("2", "审核"))
    for _ in range(3):
        index.apply(
            [document("1", "退款", "new"), document("1", "退款", "newest")], ["note:2", "note:absent"], 7
        )
    assert (index.position(), index.count()) == (7, 1)
    assert found(index, "newest") == ["1"]
    assert found(index, "审核") == []


def test_versions_tell_each_documents_time(index_of: Built) -> None:
    first = document("1", "退款")
    assert dict(index_of(first).versions()) == {"note:1": first.updated_at}


def test_merging_changes_no_result(index_of: Built) -> None:
    index = index_of(*(document(str(i), f"退款 {i}", f"refund number TB-{i} 审核") for i in range(30)))
    for i in range(12):
        index.apply([document(str(i), f"退款 {i}", f"changed refund TB-{i}")], [f"note:{20 + i}"], 10 + i)
    before = [search(index, text) for text in ("退款", '"refund TB"', "number", "")]
    waiting = index.segments()
    assert index.merge()
    assert index.segments() < waiting
    after = [search(index, text) for text in ("退款", '"refund TB"', "number", "")]
    assert [(one.total, one.hits, one.facets) for one in after] == [
        (one.total, one.hits, one.facets) for one in before
    ]
    assert index.position() == 21


@pytest.mark.parametrize("apart", [False, True])
def test_what_changes_while_segments_are_merged_is_in_neither_twice_nor_lost(
    index_of: Built, monkeypatch: pytest.MonkeyPatch, apart: bool
) -> None:
    monkeypatch.setattr("kb.search.merging.WORK", 0.0)  # rests, and asks, after every term
    index = index_of(*(document(str(i), f"退款 {i}", "refund") for i in range(12)))
    for i in range(9):
        index.apply([document(f"n{i}", "退款", "refund")], [], 2 + i)
    changed = iter([document("3", "退款", "changed meanwhile"), document("n1", "退款", "changed meanwhile")])

    def meanwhile() -> bool:
        index.apply([one for one in [next(changed, None)] if one], ["note:4"], 50)
        return False

    if apart:
        monkeypatch.setattr("kb.search.whoosh_index.APART_FROM", 1)
    assert index.merge(meanwhile)
    assert sorted(found(index, "meanwhile")) == ["3", "n1"]
    assert index.count() == 20
    assert index.position() == 50
    assert "4" not in found(index, "refund")


def test_big_segments_are_merged_by_themselves_and_worn_ones_written_anew(
    index_of: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.search.merging.SMALL", 5)
    monkeypatch.setattr("kb.search.merging.WORTH_FROM", 2)
    index = index_of(*(document(f"0n{i}", "退款", "refund") for i in range(10)))
    for n in range(1, 7):
        index.apply([document(f"{n}n{i}", "退款", "refund") for i in range(6 + n)], [], 1 + n)
    assert not index.merge()
    assert index.merge(big=True)
    assert index.segments() < 6
    assert index.count() == 10 + sum(range(7, 13))
    index.apply([], [f"note:{n}n{i}" for n in range(1, 7) for i in range(6)], 9)
    assert index.merge(big=True)
    assert not index.merge(big=True)
    assert index.count() == len(found(index, "refund")) == 10 + sum(range(7, 13)) - 36


def test_a_process_of_its_own_merges_to_the_same_bytes(
    index_of: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = index_of(*(document(str(i), f"退款 {i}", f"refund TB-{i} 审核") for i in range(30)))
    index.apply([document("x", "退款", "refund")], ["note:3", "note:4"], 2)
    parts = index.now().snapshot.parts
    here, there = tmp_path / "here", tmp_path / "there"
    write_merged(parts, here, lambda: None)
    assert merge_apart(parts, there, lambda: False)
    assert there.read_bytes() == here.read_bytes()


def test_where_no_process_can_be_had_merging_is_done_here(
    index_of: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.search.whoosh_index.APART_FROM", 1)
    monkeypatch.setattr("sys.executable", "/absent/python")
    index = index_of(*(document(str(i), "退款", "refund") for i in range(3)))
    for i in range(9):
        index.apply([document(f"n{i}", "退款", "refund")], [], 2 + i)
    assert index.merge()
    assert index.count() == len(found(index, "refund")) == 12


def test_while_nothing_is_written_only_segments_stay_that_outweigh_the_lighter_ones(index_of: Built) -> None:
    index = index_of(*(document(str(i), "退款", "refund") for i in range(20)))
    index.apply([document(f"a{i}", "退款", "refund") for i in range(4)], [], 2)
    index.apply([document(f"b{i}", "退款", "refund") for i in range(4)], [], 3)
    assert not index.merge()
    assert index.merge(quiet=True)
    assert sorted(map(len, index.now().snapshot.segments)) == [8, 20]
    assert not index.merge(quiet=True)


def test_merging_can_be_stopped_and_leaves_nothing(index_of: Built, tmp_path: Path) -> None:
    index = index_of(document("0", "退款", "refund"))
    for i in range(12):
        index.apply([document(str(i), "退款", " ".join(f"word{i}x{n}" for n in range(3000)))], [], 2 + i)
    before = index.segments()
    with pytest.raises(InterruptedError):
        index.merge(lambda: True)
    assert index.segments() == before
    assert not list((tmp_path / "index").glob("*.part"))


def test_commits_of_another_process_are_seen(index_of: Built, tmp_path: Path) -> None:
    index = index_of(document("1", "退款"))
    other = SearchIndex(tmp_path / "index")
    other.apply([document("2", "退款")], [], 2)
    assert sorted(found(index, "退款")) == ["1", "2"]
    index.apply([], ["note:1"], 3)
    assert found(other, "退款") == ["2"]


def test_a_second_writer_is_told_so(index_of: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.search.whoosh_index.LOCK_SECONDS", 0.0)
    index = index_of(document("1", "退款"))
    with index._writer(5) as writer:
        with pytest.raises(IndexBusy):
            SearchIndex(tmp_path / "index").apply([], [], 5)
        writer.cancel()
    index.apply([], [], 6)
    assert index.position() == 6


@pytest.mark.parametrize("flushes", range(5))
def test_a_commit_that_breaks_off_leaves_the_old_or_the_new_state(
    index_of: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flushes: int
) -> None:
    index = index_of(document("1", "退款"))
    left = iter(range(flushes))

    def full(_file: int) -> None:
        if next(left, None) is None:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            index.apply([document("2", "审核")], ["note:1"], 2)
    for reader in (index, SearchIndex(tmp_path / "index")):
        state = (reader.position(), found(reader, "退款"), found(reader, "审核"))
        assert state in [(1, ["1"], []), (2, [], ["2"])]
    index.apply([document("2", "审核")], ["note:1"], 2)
    assert (index.position(), found(index, "退款"), found(index, "审核")) == (2, [], ["2"])


def test_a_document_that_cannot_be_indexed_leaves_the_index_writable(index_of: Built) -> None:
    index = index_of(document("1", "退款"))
    with pytest.raises(AttributeError):
        index.apply([document("2", None)], [], 2)  # type: ignore[arg-type]
    index.apply([document("3", "退款")], [], 3)
    assert sorted(found(index, "退款")) == ["1", "3"]


def test_searches_go_on_while_another_thread_writes(index_of: Built) -> None:
    index = index_of(*(document(str(i), "退款", "refund review of orders") for i in range(40)))
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                totals = [search(index, text).total for text in ("退款", '"refund review"', "refu*")]
            except Exception as error:
                wrong.append(error)
                return
            if any(total != 40 for total in totals):
                wrong.append(totals)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for i in range(16):
        index.apply([document(str(i), "退款", "refund review of orders")], [], i + 2)
        index.merge()
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_an_index_is_not_made_over_another(index_of: Built, tmp_path: Path) -> None:
    index_of(document("1", "退款"))
    with pytest.raises(FileExistsError):
        SearchIndex.create(tmp_path / "index")


def test_strange_text_is_indexed_and_found_around(index_of: Built) -> None:
    index = index_of(document("1", "退\x00款 \ud800 \u202eabc", "😀 مرحبا naïve " + "x" * 100_000))
    assert found(index, "naive") == ["1"]
    assert found(index, "مرحبا") == ["1"]
    assert index.search(parse("x" * 100_000), SCOPES, Filters(), 5).total == 1

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kb.config import Settings
from kb.db import Database
from kb.search.folder import IndexFolder, WriterLock
from kb.search.indexer import Indexer
from kb.search.live import LiveIndex
from tests.support.factories import make_handover, make_user
from tests.unit.cli.conftest import Command

TEXTS = {
    "退款.md": "---\nkind: case\n---\n# 退款审核\n\n先看订单再退款。",
    "b.md": "# Stocktake\n\nCount the shelves.",
}


@pytest.fixture
def handover(database: Database) -> str:
    with database.transaction() as session:
        manager, viewer = make_user(session, "manager@example.com"), make_user(session, "viewer@example.com")
        make_user(session, "stranger@example.com")
        return make_handover(session, manager=manager, viewer=viewer).id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "picture.png").write_bytes(b"")
    return folder


def found(kb: Command, query: str, email: str = "viewer@example.com") -> list[str]:
    answer = kb("search", query, "--as", email, "--json")
    assert answer.status == 0
    return [hit["title"] for hit in json.loads(answer.out)["hits"]]


def test_what_is_imported_is_found_by_those_who_may_read_it(kb: Command, handover: str, folder: Path):
    answer = kb("import", str(folder), "--handover", handover)
    assert (answer.status, answer.err) == (0, "")
    assert answer.out == "Imported 2 notes.\n1 file was left out:\n  picture.png: not a Markdown file\n"
    assert found(kb, "订单") == ["退款审核"]
    assert found(kb, "shelves") == ["Stocktake"]
    assert found(kb, "订单", "stranger@example.com") == []


def test_search_for_people(kb: Command, handover: str, folder: Path):
    kb("import", str(folder), "--handover", handover)
    out = kb("search", "订单", "--as", "viewer@example.com").out.splitlines()
    assert out[0] == "1 hit"
    assert out[2] == "退款审核"
    assert "· Case ·" in out[3]
    assert "/notes/" in out[3]
    assert "先看订单再退款。" in out[4]


def test_a_search_is_narrowed_put_in_order_and_paged(kb: Command, handover: str, folder: Path):
    kb("import", str(folder), "--handover", handover)
    every = ("search", "退款 or shelves", "--as", "viewer@example.com")
    lines = {len(kb(*every, *more).out.splitlines()) for more in ((), ("--sort", "newest"))}
    assert len(lines) == 1
    both = kb(*every).out
    assert both.startswith("2 hits")
    assert kb(*every, "--offset", "1").out.startswith("2 hits")
    assert len(kb(*every, "--offset", "1").out.splitlines()) < len(both.splitlines())
    assert kb(*every, "--kind", "case").out.splitlines()[0] == "1 hit"
    assert kb(*every, "--handover", handover).out.splitlines()[0] == "2 hits"
    assert kb(*every, "--no-expand").out.splitlines()[0] == "2 hits"
    assert kb("search", "类型：案例 退款", "--as", "viewer@example.com").out.splitlines()[2] == "退款审核"
    refused = kb(*every, "--handover", "nothing of the kind")
    assert refused.status != 0
    assert "nothing of the kind" in refused.err
    assert kb(*every, "--kind", "banana").status != 0


def test_what_stands_nowhere_is_said(kb: Command, handover: str, folder: Path):
    kb("import", str(folder), "--handover", handover)
    out = kb("search", "shelves xylophone", "--as", "viewer@example.com").out
    assert "Written nowhere you may read: xylophone" in out


def test_a_dry_run_and_json(kb: Command, handover: str, folder: Path):
    answer = json.loads(kb("import", str(folder), "--handover", handover, "--dry-run", "--json").out)
    assert (answer["imported"], answer["files"], answer["notes"]) == (0, 2, [])
    assert kb("import", str(folder), "--handover", handover, "--dry-run").out.startswith(
        "2 notes would be imported."
    )
    assert found(kb, "订单") == []


def test_each_bad_file_is_named_on_its_line_and_nothing_is_imported(kb: Command, handover: str, folder: Path):
    (folder / "bad.md").write_text("---\nkind: recipe\n---\nx")
    (folder / "utf16.md").write_bytes("退款先看订单".encode("utf-16-le"))
    (folder / "gbk.md").write_bytes("退款".encode("gbk") + b"\xff\xff")
    (folder / "nul.md").write_bytes("plain".encode("utf-16-be"))
    answer = kb("import", str(folder), "--handover", handover)
    assert (answer.status, answer.out) == (1, "")
    named = [line.split(": ")[:2] for line in answer.err.splitlines()]
    assert named == [["kb", "bad.md"], ["kb", "gbk.md"], ["kb", "nul.md"], ["kb", "utf16.md"]]
    assert found(kb, "订单") == []


@pytest.mark.parametrize("email", ["viewer@example.com", "stranger@example.com", "nobody@example.com"])
def test_only_writers_import(kb: Command, handover: str, folder: Path, email: str):
    assert kb("import", str(folder), "--handover", handover, "--as", email).status == 1
    assert kb("import", str(folder), "--handover", "0" * 12).status == 1
    assert kb("import", str(folder / "absent"), "--handover", handover).status == 1


def test_the_index_is_left_to_a_running_server(kb: Command, handover: str, folder: Path, settings: Settings):
    server = WriterLock(IndexFolder(settings.search_index))
    assert server.take()
    assert kb("import", str(folder), "--handover", handover).status == 0
    assert kb("index", "status").out.startswith("There is no usable index")
    server.release()
    assert kb("index", "rebuild").status == 0
    assert json.loads(kb("index", "status", "--json").out)["documents"] == 2


def test_an_empty_search_is_refused_in_a_sentence(kb: Command, handover: str):
    refused = kb("search", " ", "--as", "viewer@example.com")
    assert (refused.status, refused.err) == (1, "kb: Type something to search for, or choose a filter.\n")


def test_a_running_server_rebuilds_for_the_command(
    kb: Command, handover: str, folder: Path, settings: Settings, database: Database
):
    kb("import", str(folder), "--handover", handover)
    before = IndexFolder(settings.search_index).current()
    server = Indexer(database, LiveIndex(settings.search_index))
    assert server.take_lock()
    server.start()
    try:
        answer = kb("index", "rebuild")
    finally:
        server.stop()
    assert (answer.status, answer.out) == (0, "Indexed 2 documents.\n")
    assert IndexFolder(settings.search_index).current() != before


def test_verify_finds_what_the_index_lacks(kb: Command, handover: str, folder: Path, settings: Settings):
    kb("import", str(folder / "b.md"), "--handover", handover)
    kept = settings.search_index.with_name("kept")
    shutil.copytree(settings.search_index, kept)
    assert kb("index", "verify").out == "The index holds what the database holds.\n"
    kb("import", str(folder / "退款.md"), "--handover", handover)
    shutil.rmtree(settings.search_index)
    shutil.copytree(kept, settings.search_index)
    answer = kb("index", "verify", "--json")
    assert answer.status == 1
    assert len(json.loads(answer.out)["differences"]) == 1


def test_without_an_index_the_database_answers_and_says_so(
    kb: Command, handover: str, folder: Path, settings: Settings
):
    kb("import", str(folder), "--handover", handover)
    shutil.rmtree(settings.search_index)
    answer = kb("search", "订单", "--as", "viewer@example.com")
    assert answer.out.startswith("1 hit\n")
    assert answer.err.startswith("There is no index yet")

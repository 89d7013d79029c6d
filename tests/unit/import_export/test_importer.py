from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from kb.access.identity import Identity
from kb.activity.models import Event
from kb.db import Database
from kb.errors import Invalid, NotFound
from kb.import_export import importer
from kb.import_export.importer import bring_in
from kb.notes.models import Note, NoteLink, Rendering, Revision
from kb.notes.queries import get_note
from kb.people.models import User
from kb.search import changes as _listening  # noqa: F401 - appends to the change log
from kb.search.models import Change
from tests.support.factories import make_handover, make_note, make_user, who

FILES = {
    "one.md": "---\ntitle: Refund review\nkind: case\nitems: [refund-review, no such item]\n"
    "importance: high\ntags: [refund, 退款]\npurpose: why\nauthor: leaver@example.com\n"
    "owner: stranger@example.com\n---\n\n## Symptom\n\nSee [[Second]].\n",
    "two.md": "# Second\n\n两周之前的订单要先找仓库。\n",
    "three.txt": "not Markdown",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def handover(database: Database) -> tuple[str, Identity, Identity]:
    """(id, its manager, its successor)"""
    with database.transaction() as session:
        manager, leaver = make_user(session), make_user(session, "leaver@example.com")
        successor = make_user(session)
        made = make_handover(
            session, manager=manager, leaver=leaver, template="ecommerce-operations", successor=successor
        )
        return made.id, who(session, manager), who(session, successor)


def count(database: Database, table: type) -> int:
    with database.transaction(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_folder_comes_in_whole(database: Database, folder: Path, handover):
    handover_id, manager, _successor = handover
    changes, events = count(database, Change), count(database, Event)
    told: list[tuple[str, int, int]] = []
    report = bring_in(
        database,
        manager,
        handover_id,
        folder,
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )
    assert [one.name for one in report.skipped] == ["three.txt"]
    assert {(one.name, one.reason) for one in report.remarks} == {
        ("one.md", "There is no checklist item “no such item”."),
        ("one.md", "stranger@example.com is not in this handover; its author owns it."),
    }
    assert ("writing", 2, 2) in told
    with database.transaction(read_only=True) as session:
        one, two = (get_note(session, note_id) for note_id in report.notes)
        assert (one.title, one.kind, one.importance, one.purpose) == ("Refund review", "case", "high", "why")
        assert (one.tags, [item.template_key for item in one.items]) == (
            ["refund", "退款"],
            ["refund-review"],
        )
        assert one.body == "## Symptom\n\nSee [[Second]].\n"
        assert one.author is not None and one.author.email == "leaver@example.com"
        assert (two.title, two.language, two.author_id) == ("Second", "zh-Hans", manager.user_id)
        assert two.body == "两周之前的订单要先找仓库。\n"
    assert count(database, Change) == changes + 2
    assert count(database, Event) == events + 1


def test_an_imported_note_is_as_one_written_by_hand(database: Database, folder: Path, handover):
    handover_id, manager, _successor = handover
    (imported,) = bring_in(database, manager, handover_id, folder / "one.md").notes
    with database.transaction() as session:
        note = get_note(session, imported)
        fields = {
            name: getattr(note, name) for name in ("title", "kind", "body", "importance", "tags", "purpose")
        }
        again = make_note(
            session, session.get_one(User, manager.user_id), note.handover, **fields,
            items=[item.id for item in note.items],
        )  # fmt: skip
        for name in ("title_key", "body_sha256", "covers", "language", "status", "revision", "handover_id"):
            assert getattr(again, name) == getattr(note, name), name
        for table, same in (
            (Revision, ("number", "title", "body", "sha256", "facts")),
            (NoteLink, ("target_key",)),
        ):
            first, second = (
                session.scalars(select(table).filter_by(note_id=n.id)).one() for n in (note, again)
            )
            assert [getattr(first, name) for name in same] == [getattr(second, name) for name in same]


def test_one_bad_file_and_nothing_is_written(database: Database, folder: Path, handover):
    handover_id, manager, _successor = handover
    (folder / "bad.md").write_text("---\ntitle: x\nkind: recipe\nimportance: extreme\n---\nbody")
    (folder / "worse.md").write_bytes(b"\xff\xff\xff")
    with pytest.raises(Invalid) as refused:
        bring_in(database, manager, handover_id, folder)
    assert [error.field for error in refused.value.errors] == ["bad.md", "bad.md", "worse.md"]
    assert (count(database, Note), count(database, Rendering)) == (0, 0)


def test_a_failure_while_writing_leaves_no_note(database: Database, folder: Path, handover):
    handover_id, manager, _successor = handover

    def full(stage: str, done: int, _total: int) -> None:
        if (stage, done) == ("writing", 2):
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        bring_in(database, manager, handover_id, folder, progress=full)
    assert count(database, Note) == 0


def test_a_dry_run_only_reports(database: Database, folder: Path, handover):
    handover_id, manager, _successor = handover
    report = bring_in(database, manager, handover_id, folder, dry_run=True)
    assert (report.files, report.notes, len(report.remarks)) == (2, (), 2)
    assert (count(database, Note), count(database, Rendering)) == (0, 0)


def test_files_too_large_to_keep_are_read_again(
    database: Database, folder: Path, handover, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(importer, "KEPT_BYTES", 0)
    handover_id, manager, _successor = handover
    report = bring_in(database, manager, handover_id, folder)
    assert (len(report.notes), len(report.remarks)) == (2, 2)


def test_only_a_manager_writes_in_the_name_of_others(database: Database, folder: Path, handover):
    handover_id, _manager, successor = handover
    report = bring_in(database, successor, handover_id, folder / "one.md")
    with database.transaction(read_only=True) as session:
        assert get_note(session, report.notes[0]).author_id == successor.user_id


def test_a_stranger_and_an_unknown_handover_look_alike(database: Database, folder: Path, handover):
    handover_id, manager, _successor = handover
    with database.transaction() as session:
        stranger = who(session, make_user(session))
    for identity, where in ((stranger, handover_id), (manager, "0" * 12)):
        with pytest.raises(NotFound):
            bring_in(database, identity, where, folder)


def test_what_is_there_already_is_left_out_and_what_has_changed_comes_beside_it(
    database: Database, folder: Path, handover
):
    handover_id, manager, _successor = handover
    bring_in(database, manager, handover_id, folder)
    (folder / "two.md").write_text("# SECOND\n\n现在先找财务。\n", encoding="utf-8")
    report = bring_in(database, manager, handover_id, folder)
    assert [(one.name, one.reason) for one in report.skipped] == [
        ("three.txt", "not a Markdown file"),
        ("one.md", "already there"),
    ]
    assert (report.files, count(database, Note)) == (1, 3)
    assert [one.name for one in report.remarks] == ["two.md"]
    assert report.remarks[0].reason.startswith("Another note has this title already")


def test_a_draft_that_is_none_of_the_importers_business_is_not_given_away(
    database: Database, folder: Path, handover
):
    handover_id, manager, successor = handover
    (folder / "two.md").write_text("---\nstatus: draft\n---\n# Second\n\ntext", encoding="utf-8")
    bring_in(database, manager, handover_id, folder / "two.md")
    report = bring_in(database, successor, handover_id, folder / "two.md")
    assert (len(report.notes), report.skipped, report.remarks) == (1, (), ())


def test_files_without_a_text_are_left_out_and_a_folder_without_files_is_refused(
    database: Database, tmp_path: Path, handover
):
    handover_id, manager, _successor = handover
    folder = tmp_path / "bare"
    folder.mkdir()
    with pytest.raises(Invalid, match="There is no Markdown file in it"):
        bring_in(database, manager, handover_id, folder)
    (folder / "empty.md").write_text("\n \n")
    (folder / "front.md").write_text("---\ntitle: Plan\n---\n")
    report = bring_in(database, manager, handover_id, folder)
    assert {(one.name, one.reason) for one in report.skipped} == {
        ("empty.md", "empty"),
        ("front.md", "empty"),
    }
    assert count(database, Note) == 0

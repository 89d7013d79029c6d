"""Files that look as if they held secrets are left out of an import, with the line, unless that is accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kb.access.identity import Identity
from kb.activity.models import Event
from kb.db import Database
from kb.errors import Invalid
from kb.import_export import importer
from kb.import_export.importer import bring_in
from kb.notes.bulk import create_notes
from tests.support.factories import make_handover, make_user, who

SECRET = "Rx7!kq92Lm"
FILES = {
    "held.md": f"---\nkind: case\n---\n\n# Access\n\nOpen the shop.\n\npassword: {SECRET}\n",
    "plain.md": "# Plain\n\nThe password is in the vault: payments/erp-admin\n",
}


@pytest.fixture
def handover(database: Database) -> tuple[str, Identity]:
    """(id, its manager)"""
    with database.transaction() as session:
        manager = make_user(session)
        return make_handover(session, manager=manager).id, who(session, manager)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def accepted(database: Database) -> list[dict[str, Any]]:
    with database.transaction(read_only=True) as session:
        rows = session.scalars(select(Event).where(Event.action == "note.secrets_accepted"))
        return [row.details for row in rows]


def test_such_a_file_is_left_out_with_its_line_and_the_others_come_in(
    database: Database, folder: Path, handover: tuple[str, Identity]
):
    handover_id, manager = handover
    report = bring_in(database, manager, handover_id, folder)
    assert len(report.notes) == 1
    (left_out,) = report.skipped
    assert left_out.name == "held.md"
    assert "line 9: a password" in left_out.reason  # as the file counts, with its front matter
    assert SECRET not in left_out.reason
    assert accepted(database) == []


@pytest.mark.parametrize("kept", [importer.KEPT_BYTES, 0])
def test_accepted_they_come_in_and_it_is_recorded(
    database: Database,
    folder: Path,
    handover: tuple[str, Identity],
    monkeypatch: pytest.MonkeyPatch,
    kept: int,
):
    monkeypatch.setattr(importer, "KEPT_BYTES", kept)  # also where files are read again at each stage
    handover_id, manager = handover
    report = bring_in(database, manager, handover_id, folder, accept_secrets=True)
    assert (len(report.notes), report.skipped) == (2, ())
    assert accepted(database) == [{"secrets": [{"line": 3, "kind": "password"}]}]


def test_many_notes_at_once_are_guarded_wherever_they_come_from(
    database: Database, handover: tuple[str, Identity]
):
    handover_id, manager = handover
    entry = {"kind": "case", "title": "Access", "body": f"password: {SECRET}\n"}
    with pytest.raises(Invalid) as refused, database.transaction() as session:
        create_notes(session, manager, handover_id, [entry])
    assert refused.value.extra["secrets"] == [{"line": 1, "kind": "password"}]
    with database.transaction() as session:
        assert len(create_notes(session, manager, handover_id, [entry | {"accept_secrets": True}])) == 1
    assert len(accepted(database)) == 1

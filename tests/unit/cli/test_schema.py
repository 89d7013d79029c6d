from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from kb import migrations
from kb.cli import schema
from kb.cli.failures import CommandFailed
from kb.db import Database
from tests.support.factories import make_user
from tests.unit.cli.conftest import Command

OLD = "20200101_old"


def at(database: Database, revision: str) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": revision})


def test_a_current_schema(kb: Command):
    assert kb("db", "check").out == f"The schema is current ({migrations.head()}).\n"
    assert kb("db", "upgrade").out == f"The schema is current ({migrations.head()}).\n"
    assert json.loads(kb("db", "check", "--json").out)["current"] is True


def test_a_newer_schema_is_refused_by_every_command(kb: Command, database: Database):
    at(database, "29990101_later")
    for words in (
        ("db", "check"),
        ("db", "upgrade"),
        ("user", "list"),
        ("serve", "--port", "1"),
        ("demo", "--no-serve"),
    ):
        answer = kb(*words)
        assert (answer.status, answer.out, answer.err.count("\n")) == (1, "", 1), words


def test_a_missing_column_is_found(kb: Command, database: Database):
    with database.transaction() as session:
        session.execute(text("ALTER TABLE users DROP COLUMN is_admin"))
    answer = kb("db", "check")
    assert answer.status == 1
    assert "is_admin" in answer.err


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_is_copied_before_an_upgrade(
    kb: Command, database: Database, settings, monkeypatch: pytest.MonkeyPatch
):
    with database.transaction() as session:
        make_user(session, "a@example.com")
    at(database, OLD)
    monkeypatch.setattr(migrations, "knows", lambda _revision: True)
    monkeypatch.setattr(migrations, "upgrade", lambda database: at(database, migrations.head() or ""))
    assert kb("user", "list").err.startswith(f"kb: The database has an older schema ({OLD}).")
    assert kb("db", "upgrade").status == 0
    (copy,) = Path(settings.database_url.removeprefix("sqlite:///")).parent.glob("*.copy")
    assert OLD in copy.name
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT email FROM users").fetchall() == [("a@example.com",)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(OLD,)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_empty_database_is_set_up_by_the_first_command(
    kb: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KB_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'kb.sqlite3'}")
    assert kb("db", "check").status == 1
    assert kb("user", "create", "a@example.com", "--name", "A").status == 0
    assert kb("db", "check").status == 0
    assert not list(tmp_path.rglob("*.copy"))


def test_an_upgrade_of_a_newer_schema_changes_nothing(database: Database):
    at(database, "29990101_later")
    with pytest.raises(CommandFailed):
        schema.bring_up(database)
    assert migrations.current(database) == "29990101_later"

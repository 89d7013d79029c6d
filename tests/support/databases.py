"""Migrated databases for tests: made once per run, then copied; PostgreSQL's are emptied and used again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from kb.db import Database
from kb.ids import new_id
from kb.migrations import upgrade
from tests.support import postgres
from tests.support.emptying import Connection, Fresh, empty, remember
from tests.support.run_folder import only_one, run_folder

TEMPLATE = "kb_template"
MOST_USES = 50  # until what was deleted costs more than a new copy


def sqlite_url(folder: Path) -> str:
    """A fresh migrated SQLite database in this folder."""
    path = folder / "kb.sqlite3"
    shutil.copyfile(_sqlite_template(), path)
    return f"sqlite:///{path}"


@dataclass
class _Lent:
    """A database of this worker, used by one test after the other."""

    name: str
    connection: Connection  # kept, because a new one would have to read the catalogue again
    fresh: Fresh
    uses: int = 0


_free: list[_Lent] = []


@contextmanager
def postgres_url(*, dropped: bool = False) -> Iterator[str]:
    """A PostgreSQL database as migrations leave it; at the end nobody is connected, and if `dropped` it is gone."""
    _postgres_template()
    lent = _free.pop() if _free else _made()
    try:
        yield postgres.url_of(lent.name)
    finally:
        lent.uses += 1
        if not dropped and lent.uses < MOST_USES and empty(lent.connection, lent.fresh):
            _free.append(lent)
        else:
            lent.connection.close()
            _drop(lent.name)


def _made() -> _Lent:
    name = f"test_{new_id()}"
    _command(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, TEMPLATE))))
    connection = _connected(name)
    return _Lent(name, connection, remember(connection))


@contextmanager
def empty_postgres_url() -> Iterator[str]:
    """A PostgreSQL database without any table, for tests of migrations."""
    postgres.server()
    name = f"test_{new_id()}"
    _command(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield postgres.url_of(name)
    finally:
        _drop(name)


def _sqlite_template() -> Path:
    path = run_folder() / "template.sqlite3"
    with only_one("sqlite-template"):
        if not path.exists():
            making = path.with_suffix(".making")
            _migrate(f"sqlite:///{making}")  # closing it folds the write-ahead log into the file
            making.rename(path)
    return path


def _postgres_template() -> None:
    folder = postgres.server()
    done = folder.parent / "postgres-template-done"
    with only_one("postgres-template"):
        if not done.exists():
            _command(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
            _migrate(postgres.url_of(TEMPLATE))
            done.touch()


def _migrate(url: str) -> None:
    database = Database(url)
    try:
        upgrade(database)
    finally:
        database.close()


def _drop(name: str) -> None:
    _command(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _command(statement: sql.Composed) -> None:
    """CREATE and DROP DATABASE run outside any transaction."""
    with _connected("postgres") as connection:
        connection.execute(statement)


def _connected(name: str) -> Connection:
    return psycopg.connect(host=str(postgres.server()), user="postgres", dbname=name, autocommit=True)

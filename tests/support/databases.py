"""Migrated databases for tests: made once per run, then copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from kb.db import Database
from kb.ids import new_id
from kb.migrations import upgrade
from tests.support import postgres
from tests.support.run_folder import only_one, run_folder

TEMPLATE = "kb_template"


def sqlite_url(folder: Path) -> str:
    """A fresh migrated SQLite database in this folder."""
    path = folder / "kb.sqlite3"
    shutil.copyfile(_sqlite_template(), path)
    return f"sqlite:///{path}"


@contextmanager
def postgres_url() -> Iterator[str]:
    """A fresh migrated PostgreSQL database, dropped at the end, whoever is still connected."""
    _postgres_template()
    name = f"test_{new_id()}"
    _command(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, TEMPLATE))))
    try:
        yield postgres.url_of(name)
    finally:
        _command(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def empty_postgres_url() -> Iterator[str]:
    """A PostgreSQL database without any table, for tests of migrations."""
    postgres.server()
    name = f"test_{new_id()}"
    _command(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield postgres.url_of(name)
    finally:
        _command(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


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


def _command(statement: sql.Composed) -> None:
    """CREATE and DROP DATABASE run outside any transaction."""
    host = str(postgres.server())
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)

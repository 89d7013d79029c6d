"""Whether the database's schema is ours, and bringing it up to date, a copy made first (reliability R8)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from kb import migrations
from kb.cli.failures import CommandFailed
from kb.clock import now
from kb.db import Database
from kb.i18n import _


def require_current(database: Database) -> None:
    """Set up an empty database; refuse one that is older or newer than this code."""
    at = migrations.current(database)
    if at is None:
        migrations.upgrade(database)
    elif not migrations.knows(at):
        raise CommandFailed(newer(at))
    elif at != migrations.head():
        raise CommandFailed(
            _("The database has an older schema (%(at)s). First run: kb db upgrade") % {"at": at}
        )


def bring_up(database: Database) -> Path | None:
    """Bring the database to the current schema; returns the copy made before, if one was needed."""
    at = migrations.current(database)
    if at == migrations.head():
        return None
    if at is not None and not migrations.knows(at):
        raise CommandFailed(newer(at))
    copy = _copy(database, at) if at is not None and database.is_sqlite else None
    migrations.upgrade(database)
    return copy


def newer(at: str) -> str:
    """The sentence about a database from a newer version."""
    return _("The database was made by a newer version of kb (schema %(at)s). Use that version.") % {"at": at}


def _copy(database: Database, at: str) -> Path | None:
    """SQLite's own backup, whole even while others write; beside the database, named by schema and time."""
    name = make_url(database.url).database
    if not name or name == ":memory:":
        return None
    source = Path(name)
    target = source.with_name(f"{source.name}.before-{at}-{now():%Y%m%dT%H%M%S}.copy")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    return target

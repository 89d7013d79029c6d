"""Schema migrations with Alembic, configured in code: bring a database to the current schema, or say how far it is."""

from __future__ import annotations

import io
import re
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from kb.clock import now
from kb.db import LOCK_MIGRATION, Database
from kb.models import Base
from kb.paths import MIGRATIONS


def _config(connection: Connection | None = None) -> Config:
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["connection"] = connection
    return config


def head() -> str | None:
    """The newest revision this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current(database: Database) -> str | None:
    """The revision the database is at; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether this code knows a revision; a newer schema is not ours to touch."""
    return any(
        script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions()
    )


def upgrade(database: Database) -> None:
    """Bring the database to the current schema in one transaction; several processes may ask at once."""
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_MIGRATION})
        command.upgrade(_config(connection), "head")


def differences(database: Database) -> list[object]:
    """What the tables differ in from the models; empty when all is well."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        found = list(compare_metadata(context, Base.metadata))
    return _without_unnamed(found) if database.is_sqlite else found


def _without_unnamed(found: list[Any]) -> list[Any]:
    """SQLite does not tell the name of a reference that was added with its column: it seems gone, and another come."""
    references = [one for one in found if one[0] in ("add_fk", "remove_fk")]
    unnamed = {_reference(one[1]) for one in references if one[0] == "remove_fk" and one[1].name is None}
    return [one for one in found if one not in references or _reference(one[1]) not in unnamed]


def _reference(key: Any) -> tuple[str, tuple[str, ...], str]:
    return key.table.name, tuple(key.column_keys), key.elements[0].target_fullname


def new_revision(database: Database, message: str) -> None:
    """Write a new revision file from the difference between models and database."""
    with database.engine.begin() as connection:
        slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
        command.revision(
            _config(connection), message=message, autogenerate=True, rev_id=f"{now():%Y%m%d}_{slug}"[:32]
        )

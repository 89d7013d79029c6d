"""What most commands begin with: settings, language, audit key, and a database of the right schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kb.config import Settings, read_settings
from kb.i18n import set_locale

if TYPE_CHECKING:
    from kb.db import Database


def settings_of_command() -> Settings:
    """The settings, once read; from here on people are answered in the default language."""
    settings = read_settings()
    set_locale(settings.default_locale)
    return settings


@contextmanager
def any_database(settings: Settings) -> Iterator[Database]:
    """The database, whatever its schema."""
    from kb.activity.record import use_key
    from kb.db import Database

    use_key(settings.secret_key)
    database = Database(settings.database_url, settings.pool_size)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database at the current schema; an empty one is set up, an older or newer one refused."""
    from kb.cli.schema import require_current

    with any_database(settings) as database:
        require_current(database)
        yield database

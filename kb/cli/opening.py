"""What most commands begin with: settings, language, audit key, and a database of the right schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kb.cli.failures import CommandFailed
from kb.config import Settings, read_settings
from kb.i18n import _, set_locale

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from kb.access.identity import Identity
    from kb.db import Database


def settings_of_command() -> Settings:
    """The settings, once read; from here on people are answered in the default language."""
    from kb.log import set_up_logging

    settings = read_settings()
    set_locale(settings.default_locale)
    # A person at a terminal is told in sentences; what the server would log is for those who look for it.
    set_up_logging("DEBUG" if settings.log_level == "DEBUG" else "ERROR")
    return settings


@contextmanager
def any_database(settings: Settings) -> Iterator[Database]:
    """The database, whatever its schema."""
    import kb.search.changes  # noqa: F401 - its listener tells search of every write
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


def person(session: Session, email: str) -> Identity:
    """The active person with that address, as the policy sees them."""
    from kb.handovers.queries import identity_of
    from kb.people.queries import user_by_email

    found = user_by_email(session, email)
    if found is None:
        raise CommandFailed(_("There is no account for %(email)s.") % {"email": email})
    if not found.is_active:
        raise CommandFailed(_("The account %(email)s is deactivated.") % {"email": found.email})
    return identity_of(session, found)

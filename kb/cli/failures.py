"""Failures that are expected: each becomes one line on standard error, never a traceback."""

from __future__ import annotations

import os
import sys

from rich_click import ClickException

from kb.config import BadSetting
from kb.errors import Invalid, KbError
from kb.i18n import _

FAILED = 1


class CommandFailed(Exception):
    """A command cannot do what was asked; the message is for a person and in their language."""


def report(error: Exception) -> int:
    """Say what went wrong in one line; the exit status. With KB_LOG_LEVEL=DEBUG it is raised instead."""
    if os.environ.get("KB_LOG_LEVEL") == "DEBUG":
        raise error
    known = in_one_line(error)
    if known is None:
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        known = _("Something unexpected went wrong: %(what)s (KB_LOG_LEVEL=DEBUG shows where)") % {
            "what": what
        }
    return complain(known)


def complain(line: str) -> int:
    """One line on standard error; the exit status of a failure."""
    print(f"kb: {' '.join(line.split())}", file=sys.stderr)
    return FAILED


def complain_of_each(error: Invalid) -> int:
    """A line for each thing that is wrong; the exit status of a failure."""
    for line in _told(error):
        complain(line)
    return FAILED


def _told(error: Invalid) -> list[str]:
    return [f"{one.field}: {one.message}" for one in error.errors]


def in_one_line(error: Exception) -> str | None:
    """What to tell a person about an expected failure; None if nobody expected it."""
    if isinstance(error, Invalid):
        return "; ".join(_told(error))
    if isinstance(error, ClickException):
        return error.format_message()
    if isinstance(error, KbError | CommandFailed | BadSetting):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("psycopg"):
        return _("The driver for PostgreSQL is not installed: pip install 'kb[postgres]'.")
    return _of_the_database(error) or _of_the_system(error)


def _of_the_database(error: Exception) -> str | None:
    # Imported late: a command that never touched the database has not loaded it either.
    from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

    if isinstance(error, ArgumentError):
        return _("KB_DATABASE_URL is not an address of a database.")
    if not isinstance(error, DBAPIError):
        return None
    cause = " ".join(str(error.orig).split())
    if isinstance(error, OperationalError):
        return _("The database does not answer: %(cause)s") % {"cause": cause}
    return _("The database refused: %(cause)s") % {"cause": cause}


def _of_the_system(error: Exception) -> str | None:
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    return None

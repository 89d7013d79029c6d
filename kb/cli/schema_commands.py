"""`kb db`: the schema of the database."""

from __future__ import annotations

import rich_click as click

from kb.cli.failures import CommandFailed
from kb.cli.opening import any_database, settings_of_command
from kb.cli.output import as_json, say
from kb.i18n import _, mark


@click.group(help=mark("The schema of the database."))
def db() -> None:
    """Groups the commands about the schema."""


@db.command("upgrade", help=mark("Bring the database to the current schema; SQLite is copied first."))
def upgrade() -> None:
    """Run the migrations that are missing."""
    from kb import migrations
    from kb.cli.schema import bring_up

    with any_database(settings_of_command()) as database:
        before = migrations.current(database)
        copy = bring_up(database)
    if copy:
        say(_("Copied the database to %(path)s first.") % {"path": copy})
    if before == migrations.head():
        say(_("The schema is current (%(at)s).") % {"at": before})
    else:
        say(_("The schema is now %(at)s.") % {"at": migrations.head()})


@db.command("check", help=mark("Say whether the database has the current schema; status 1 if not."))
@click.option("--json", "json_wanted", is_flag=True, help=mark("Print JSON."))
def check(json_wanted: bool) -> None:
    """Compare the database with the migrations and with the models."""
    from kb import migrations
    from kb.cli.schema import newer

    with any_database(settings_of_command()) as database:
        at, head = migrations.current(database), migrations.head()
        different = [str(one) for one in migrations.differences(database)] if at == head else []
    current = at == head and not different
    if json_wanted:
        as_json({"schema": at, "newest": head, "current": current, "differences": different})
    if current:
        if not json_wanted:
            say(_("The schema is current (%(at)s).") % {"at": at})
        return
    if at is None:
        raise CommandFailed(_("The database is empty. First run: kb db upgrade"))
    if not migrations.knows(at):
        raise CommandFailed(newer(at))
    if different:
        raise CommandFailed(_("The tables differ from the models: %(what)s") % {"what": "; ".join(different)})
    raise CommandFailed(_("The database has an older schema (%(at)s). First run: kb db upgrade") % {"at": at})


@db.command("revision", help=mark("Write a migration from the difference between models and database."))
@click.argument("message")
def revision(message: str) -> None:
    """For developers: a new file in kb/migrations/versions."""
    from kb import migrations
    from kb.paths import MIGRATIONS

    with any_database(settings_of_command()) as database:
        if migrations.current(database) != migrations.head():
            raise CommandFailed(_("The database is not at the newest schema. First run: kb db upgrade"))
        migrations.new_revision(database, message)
    say(_("Written to %(path)s.") % {"path": MIGRATIONS / "versions"})

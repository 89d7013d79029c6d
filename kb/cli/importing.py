"""`kb import`: notes from a folder, a zip or a file into a handover."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from kb.cli.failures import CommandFailed, complain_of_each
from kb.cli.indexing import catch_up
from kb.cli.opening import opened, person, settings_of_command
from kb.cli.output import as_json, hint, say, stages
from kb.errors import Invalid
from kb.i18n import _, mark, ngettext

if TYPE_CHECKING:
    from kb.access.identity import Identity
    from kb.db import Database
    from kb.import_export.importer import Report

# So many lines about single files are printed; all of them are in the JSON.
MOST_LINES = 20


@click.command(
    "import", help=mark("Bring a folder or zip of Markdown into a handover: all of it, or nothing.")
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--handover", required=True, metavar="ID", help=mark("The handover's id, as in its address."))
@click.option("--dry-run", is_flag=True, help=mark("Only say what would be done."))
@click.option(
    "--accept-secrets",
    is_flag=True,
    help=mark("Take files that look as if they held secrets too; it is recorded."),
)
@click.option(
    "--as", "email", metavar="EMAIL", help=mark("Who imports; otherwise a manager of the handover.")
)
@click.option("--json", "json_wanted", is_flag=True, help=mark("Print JSON."))
def import_(
    path: Path, handover: str, dry_run: bool, accept_secrets: bool, email: str | None, json_wanted: bool
) -> int:
    """Import, then index what is new unless a running server does."""
    from kb.attachments.storage import Storage
    from kb.import_export.importer import CHECKING, RENDERING, WRITING, bring_in
    from kb.import_export.rest import Files

    settings = settings_of_command()
    labels = {
        CHECKING: _("Checking"), RENDERING: _("Rendering"), WRITING: _("Writing"), "indexing": _("Indexing")
    }  # fmt: skip
    with opened(settings) as database, stages(labels) as show:
        identity = handled_by(database, handover, email)
        try:
            report = bring_in(
                database,
                identity,
                handover,
                path,
                dry_run=dry_run,
                accept_secrets=accept_secrets,
                progress=show,
                files=Files(Storage(settings.data_dir), settings.max_upload_mb * 1024 * 1024),
            )
        except Invalid as refused:
            return complain_of_each(refused)
        if report.notes:
            catch_up(database, settings.search_index, lambda done, total: show("indexing", done, total))
    if json_wanted:
        as_json(_as_data(report))
    else:
        _tell(report, dry_run)
    return 0


def handled_by(database: Database, handover_id: str, email: str | None) -> Identity:
    """Who a command about a handover acts as: who is named, else a manager of it."""
    from kb.access.roles import Role
    from kb.handovers.queries import get_handover, identity_of, people_in

    with database.transaction(read_only=True) as session:
        if email is not None:
            return person(session, email)
        managers = [
            user for user in people_in(get_handover(session, handover_id), Role.MANAGER) if user.is_active
        ]
        if not managers:
            raise CommandFailed(_("This handover has no active manager; say who it is with --as."))
        return identity_of(session, managers[0])


def _as_data(report: Report) -> dict[str, object]:
    return {
        "imported": len(report.notes),
        "files": report.files,
        "skipped": [vars(one) for one in report.skipped],
        "remarks": [vars(one) for one in report.remarks],
        "notes": list(report.notes),
    }


def _tell(report: Report, dry_run: bool) -> None:
    number = report.files
    if dry_run:
        say(
            ngettext("%(n)s note would be imported.", "%(n)s notes would be imported.", number)
            % {"n": number}
        )
    else:
        say(ngettext("Imported %(n)s note.", "Imported %(n)s notes.", number) % {"n": number})
    left_out = len(report.skipped)
    if left_out:
        say(ngettext("%(n)s file was left out:", "%(n)s files were left out:", left_out) % {"n": left_out})
    lines = [*report.skipped, *report.remarks]
    for one in lines[:MOST_LINES]:
        say(f"  {one.name}: {one.reason}")
    if len(lines) > MOST_LINES:
        hint(_("… and %(n)s more; --json lists them all.") % {"n": len(lines) - MOST_LINES})

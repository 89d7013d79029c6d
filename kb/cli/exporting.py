"""`kb export`: a whole handover into a file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import rich_click as click

from kb.cli.failures import CommandFailed
from kb.cli.importing import handled_by
from kb.cli.opening import opened, settings_of_command
from kb.cli.output import say
from kb.i18n import _, mark


@click.command(
    "export", help=mark("Write a whole handover into a zip: Markdown, files, lists, what was signed.")
)
@click.argument("handover")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--as", "email", metavar="EMAIL", help=mark("Whose rights decide what is in it; else a manager's.")
)
def export(handover: str, out: Path, email: str | None) -> None:
    """Written aside and put in place whole: what stood there before is lost only to a finished file."""
    from kb.attachments.storage import Storage
    from kb.import_export.exporter import record_export, write_zip

    if out.suffix.lower() != ".zip":
        raise click.UsageError(_("The name of the file must end in .zip."))
    settings = settings_of_command()
    with opened(settings) as database:
        identity = handled_by(database, handover, email)
        try:
            with tempfile.NamedTemporaryFile(dir=out.parent, suffix=".part", delete=False) as file:
                aside = Path(file.name)
                try:
                    with database.transaction(read_only=True) as session:
                        write_zip(session, identity, Storage(settings.data_dir), handover, file)
                except BaseException:
                    aside.unlink(missing_ok=True)
                    raise
            aside.chmod(0o666 & ~_umask())
            aside.replace(out)
        except OSError as problem:
            raise CommandFailed(
                _("The file cannot be written: %(cause)s") % {"cause": f"{out}: {problem.strerror}"}
            ) from None
        with database.transaction() as session:
            record_export(session, identity, handover)
    say(_("Written to %(path)s.") % {"path": out})


def _umask() -> int:
    """The process's mask for new files; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

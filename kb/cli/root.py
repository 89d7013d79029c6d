"""The commands of `kb`; each imports what it needs only when it runs, so that the help is there at once."""

from __future__ import annotations

import subprocess
import sys

import rich_click as click

from kb import __version__
from kb.cli.demo import demo
from kb.cli.exporting import export
from kb.cli.importing import import_
from kb.cli.indexing import index
from kb.cli.people import token, user
from kb.cli.schema_commands import db
from kb.cli.searching import search
from kb.cli.serve import serve
from kb.cli.verifying import verify
from kb.i18n import mark

HELP = mark("Handover notes that stay searchable after the person who wrote them has left.")


@click.group(help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="kb", message="%(prog)s %(version)s")
def root() -> None:
    """The way to every command."""


@click.command(
    "test", help=mark("Run the whole test suite of a checkout; anything pytest understands may follow."),
    context_settings={"ignore_unknown_options": True}, add_help_option=False,
)  # fmt: skip
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> int:
    """`python3 -m kb test` never comes here, it sets up its environment first; other ways in do."""
    return subprocess.call([sys.executable, "-m", "kb", "test", *arguments])


for command in (demo, serve, test, db, user, token, search, index, import_, export, verify):
    root.add_command(command)

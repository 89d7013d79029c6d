"""`kb index`: the search index, and keeping it true after other commands have written."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from kb.cli.failures import CommandFailed
from kb.cli.opening import opened, settings_of_command
from kb.cli.output import as_json, say, stages
from kb.i18n import _, mark, ngettext

if TYPE_CHECKING:
    from kb.db import Database
    from kb.search.interface import IndexStatus

LOOK_EVERY = 0.2  # seconds, for how far the server has come
AS_JSON = click.option("--json", "json_wanted", is_flag=True, help=mark("Print JSON."))


def catch_up(database: Database, folder: Path, progress: Callable[[int, int], None]) -> bool:
    """Index what was written; False where a running server holds the folder, which then does it itself."""
    from kb.search.indexer import open_indexer

    indexer = open_indexer(database, folder)
    try:
        if not indexer.take_lock():
            return False
        indexer.catch_up()
        return True
    finally:
        indexer.stop()


@click.group(help=mark("The search index; it is made from the database and may be deleted at any time."))
def index() -> None:
    """Groups the commands about the index."""


@index.command("status", help=mark("Say how far the index is behind the database, and its size."))
@AS_JSON
def status(json_wanted: bool) -> None:
    """State, lag, number of documents, bytes."""
    from kb.search.indexer import open_indexer

    settings = settings_of_command()
    with opened(settings) as database:
        found = open_indexer(database, settings.search_index).status()
    if json_wanted:
        as_json({name: getattr(found, name) for name in found.__dataclass_fields__})
    else:
        _tell(found)


def _tell(found: IndexStatus) -> None:
    words = {
        "ready": _("The index is ready."),
        "behind": _("The index is behind."),
        "rebuilding": _("The index is being rebuilt."),
        "unavailable": _("There is no usable index; a server or `kb index rebuild` makes one."),
    }
    say(words[found.state])
    megabytes = f"{found.bytes / 1_000_000:.1f}"
    number = found.documents
    text = ngettext("%(n)s document, %(size)s MB", "%(n)s documents, %(size)s MB", number)
    say(text % {"n": number, "size": megabytes})
    if found.pending:
        text = ngettext("%(n)s change waits", "%(n)s changes wait", found.pending)
        say(text % {"n": found.pending} + f" ({found.lag_seconds:.0f} s)")


@index.command("rebuild", help=mark("Build the index anew, aside, and swap it in."))
def rebuild() -> None:
    """Where a server keeps the index it does so, and this command waits for it."""
    from kb.search.indexer import open_indexer

    settings = settings_of_command()
    with opened(settings) as database, stages({"": _("Indexing")}) as show:
        indexer = open_indexer(database, settings.search_index)
        try:
            before = indexer.build()
            indexer.ask_for_rebuild()
            while indexer.status().wanted:
                if indexer.take_lock():
                    indexer.answer_request(lambda done, total: show("", done, total))
                elif progress := indexer.status().progress:
                    show("", *progress)
                time.sleep(LOOK_EVERY)
            if indexer.build() == before:
                raise CommandFailed(_("The server could not rebuild the index; its log says why."))
            number = indexer.status().documents
        finally:
            indexer.stop()
    say(ngettext("Indexed %(n)s document.", "Indexed %(n)s documents.", number) % {"n": number})


@index.command(
    "verify", help=mark("Read the whole index and compare it with the database; status 1 if it differs.")
)
@AS_JSON
def verify(json_wanted: bool) -> None:
    """Every document is there, of the right time, and none too many."""
    from kb.search.indexer import open_indexer

    settings = settings_of_command()
    with opened(settings) as database:
        wrong = open_indexer(database, settings.search_index).verify()
    if json_wanted:
        as_json({"differences": wrong})
    if wrong:
        text = ngettext("%(n)s document differs: %(ids)s", "%(n)s documents differ: %(ids)s", len(wrong))
        raise CommandFailed(text % {"n": len(wrong), "ids": ", ".join(wrong[:10])})
    if not json_wanted:
        say(_("The index holds what the database holds."))

"""`kb search`: the same search as the web page, with one person's rights."""

from __future__ import annotations

import html
import re
import sys
from typing import TYPE_CHECKING, Any

import rich_click as click

from kb.cli.failures import CommandFailed
from kb.cli.opening import opened, person, settings_of_command
from kb.cli.output import as_json, hint, say
from kb.errors import Invalid
from kb.i18n import _, mark, ngettext

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from kb.access.identity import Identity
    from kb.api.search_shapes import SearchAnswer
    from kb.search.found import Found
    from kb.search.service import Answer, SearchRequest

_MARK = re.compile(r"</?mark>")
KINDS = {
    "procedure": mark("Procedure"),
    "pitfall": mark("Pitfall"),
    "case": mark("Case"),
    "comment": mark("Comment"),
    "question": mark("Question"),
    "correction": mark("Correction"),
    "highlight": mark("Highlight"),
}
_BOLD, _PLAIN = "\x1b[1;33m", "\x1b[0m"


@click.command("search", help=mark("Search with a person's rights, as on the web page."))
@click.argument("query")
@click.option("--as", "email", required=True, metavar="EMAIL", help=mark("Who searches."))
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, 100), help=mark("Hits at most.")
)
@click.option(
    "--offset", default=0, show_default=True, type=click.IntRange(0, 10_000), help=mark("Hits to leave out.")
)
@click.option("--sort", type=click.Choice(["best", "newest"]), default="best", help=mark("In which order."))
@click.option(
    "--kind",
    type=click.Choice(list(KINDS)),
    metavar="KIND",
    help=mark("Only of this kind: procedure, pitfall, case."),
)
@click.option("--handover", metavar="ID|TITLE", help=mark("Only in this handover."))
@click.option("--no-expand", is_flag=True, help=mark("Search only for what was typed, not for other words."))
@click.option("--json", "json_wanted", is_flag=True, help=mark("Print JSON, as the API answers."))
def search(query: str, email: str, json_wanted: bool, **options: Any) -> None:
    """Search from the command line; from the database while there is no index."""
    from kb.search.live import LiveIndex
    from kb.search.typed_filters import ask

    settings = settings_of_command()
    with opened(settings) as database, database.transaction(read_only=True) as session:
        identity = person(session, email)
        options["handover"] = _handover(session, identity, options["handover"])
        asked = ask(session, LiveIndex(settings.search_index), identity, _checked(query, options))
        answer = asked.answer
        made = _as_the_api(session, answer) if json_wanted else None
    if made:
        as_json(made)
    else:
        _tell(answer)


def _handover(session: Session, identity: Identity, called: str | None) -> str | None:
    """The id of the handover that is meant; raises CommandFailed where that is none, or several."""
    from kb.search.typed_filters import handovers_called

    if not called:
        return None
    fitting = handovers_called(session, identity, called)
    if not fitting:
        raise CommandFailed(_("No handover of theirs is called “%(name)s”.") % {"name": called})
    if len(fitting) > 1:
        raise CommandFailed(_("Several handovers are called so: %(ids)s") % {"ids": ", ".join(fitting)})
    return fitting[0]


def _as_the_api(session: Session, answer: Answer) -> SearchAnswer:
    from kb.api.search import answer_json  # nothing else here needs the web's libraries

    return answer_json(session, answer)


def _checked(query: str, options: dict[str, Any]) -> SearchRequest:
    """What was asked; what is wrong with it is told without the names of parameters."""
    from kb.search.service import search_request

    expand = "0" if options.pop("no_expand") else "1"
    try:
        return search_request({"q": query, "expand": expand, **options})
    except Invalid as refused:
        raise CommandFailed(" ".join(one.message for one in refused.errors)) from None


def _tell(answer: Answer) -> None:
    if answer.degraded:
        hint(_("There is no index yet: only titles and texts in the database were searched."))
    say(ngettext("%(n)s hit", "%(n)s hits", answer.total) % {"n": answer.total})
    if answer.suggestion:
        say(_("Did you mean “%(text)s”?") % {"text": answer.suggestion})
    if answer.guessed:
        say(_("Nothing has “%(q)s” as you typed it.") % {"q": answer.query})
    elif answer.missing:
        say(_("Written nowhere you may read: %(words)s") % {"words": ", ".join(answer.missing)})
    if answer.expanded:
        say(_("Also searched: %(words)s") % {"words": ", ".join(answer.expanded)})
    for hit in answer.hits:
        say()
        say(_shown(hit.title_html))
        say("  " + " · ".join(_circumstances(hit)))
        say("  " + " ".join(_shown(hit.snippet).split()))


def _circumstances(hit: Found) -> list[str]:
    kind = _(KINDS[hit.kind]) if hit.kind in KINDS else None
    parts = (hit.handover_title, hit.section, kind, hit.author, hit.url)
    return [part for part in parts if part]


def _shown(marked: str) -> str:
    """A snippet's marks as bold on a terminal, left out in a pipe."""
    pieces = _MARK.split(marked)
    on, off = (_BOLD, _PLAIN) if sys.stdout.isatty() else ("", "")
    words = (
        f"{on}{html.unescape(one)}{off}" if n % 2 else html.unescape(one) for n, one in enumerate(pieces)
    )
    return "".join(words)

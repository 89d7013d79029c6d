"""`kb search`: the same search as the web page, with one person's rights."""

from __future__ import annotations

import html
import re
import sys
from typing import TYPE_CHECKING

import rich_click as click

from kb.cli.failures import CommandFailed
from kb.cli.opening import opened, person, settings_of_command
from kb.cli.output import as_json, hint, say
from kb.errors import Invalid
from kb.i18n import _, mark, ngettext

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

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
@click.option("--json", "json_wanted", is_flag=True, help=mark("Print JSON, as the API answers."))
def search(query: str, email: str, limit: int, json_wanted: bool) -> None:
    """Search from the command line; from the database while there is no index."""
    from kb.search.live import LiveIndex
    from kb.search.service import search as ask

    settings = settings_of_command()
    with opened(settings) as database, database.transaction(read_only=True) as session:
        asked = _checked(query, limit)
        answer = ask(session, LiveIndex(settings.search_index), person(session, email), asked)
        made = _as_the_api(session, answer) if json_wanted else None
    if made:
        as_json(made)
    else:
        _tell(answer)


def _as_the_api(session: Session, answer: Answer) -> SearchAnswer:
    from kb.api.search import answer_json  # nothing else here needs the web's libraries

    return answer_json(session, answer)


def _checked(query: str, limit: int) -> SearchRequest:
    """What was asked; what is wrong with it is told without the names of parameters."""
    from kb.search.service import search_request

    try:
        return search_request({"q": query, "limit": limit})
    except Invalid as refused:
        raise CommandFailed(" ".join(one.message for one in refused.errors)) from None


def _tell(answer: Answer) -> None:
    if answer.degraded:
        hint(_("There is no index yet: only titles and texts in the database were searched."))
    say(ngettext("%(n)s hit", "%(n)s hits", answer.total) % {"n": answer.total})
    if answer.suggestion:
        say(_("Did you mean “%(text)s”?") % {"text": answer.suggestion})
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

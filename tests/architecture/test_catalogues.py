"""Everything a person reads is there in Chinese: nothing missing, fuzzy, left over, no other placeholders."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.architecture.source import ROOT

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}
PYTHON = [("kb/**.py", "python")]
PAGES = [("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2"), ("templates/**.xml", "jinja2")]
OPTIONS = {path: {"trimmed": "true", "silent": "false"} for path, _method in PAGES}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|(?<!%)%[sd]")


@cache
def extracted() -> dict[tuple[str, str | None], str]:
    """(message, plural or None) -> where it is used."""
    found = {}
    rows = extract_from_dir(str(ROOT), PYTHON + PAGES, OPTIONS, KEYWORDS, directory_filter=_is_ours)
    for path, line, message, _comments, _context in rows:
        one, many = message if isinstance(message, tuple) else (message, None)
        if one:
            found[one, many] = f"{path}:{line}"
    return found


def _is_ours(folder: str) -> bool:
    relative = Path(folder).relative_to(ROOT).parts
    return not relative or relative[0] in {"kb", "templates"}


@cache
def chinese() -> Catalog:
    """The Chinese catalogue as committed."""
    with (ROOT / "kb/locale/zh_Hans/LC_MESSAGES/kb.po").open("rb") as source:
        return read_po(source, locale="zh_Hans")


def key(message: Message) -> tuple[str, str | None]:
    """The message's (id, plural id)."""
    if isinstance(message.id, str):
        return message.id, None
    return message.id[0], message.id[1]


def messages() -> list[Message]:
    """Every message of the catalogue but its header."""
    return [message for message in chinese() if message.id]


def forms(message: Message) -> list[str]:
    """The translation's forms; Chinese has one."""
    return [message.string or ""] if isinstance(message.string, str | None) else list(message.string)


def placeholders(text: str) -> set[str]:
    """The places a sentence leaves for values."""
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def test_every_string_is_in_the_catalogue():
    there = {key(message) for message in messages()}
    assert {where: message for message, where in extracted().items() if message not in there} == {}


def test_the_catalogue_holds_no_string_that_is_not_used():
    assert sorted(one for one, many in map(key, messages()) if (one, many) not in extracted()) == []


def test_every_string_is_translated():
    assert [key(m)[0] for m in messages() if m.fuzzy or not all(form.strip() for form in forms(m))] == []


def test_placeholders_are_the_same():
    wrong = []
    for message in messages():
        one, many = key(message)
        if any(placeholders(form) != placeholders(many or one) for form in forms(message)):
            wrong.append(one)
    assert wrong == []


def test_the_extraction_sees_both_kinds_of_source():
    places = {where.split("/")[0] for where in extracted().values()}
    assert places == {"kb", "templates"}

"""One Markdown file as the fields of a note."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from kb.errors import Invalid, Malformed
from kb.i18n import _
from kb.import_export.decoding import text_of
from kb.import_export.front_matter import split
from kb.import_export.sources import MOST_BYTES, Entry
from kb.markdown import render
from kb.notes.models import Kind
from kb.notes.rendering import body_hash
from kb.notes.schemas import MOST_TITLE
from kb.notes.titles import title_key

# What is taken from front matter as it stands; anything else in it is somebody else's business.
TAKEN = ("kind", "purpose", "importance", "tags", "status")
_HEADING = re.compile(r" {0,3}#[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}=+[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_WORD = re.compile(r"[A-Za-z]+")
# A Han character weighs as much as a word: above this share of them a text is Chinese.
CHINESE_ABOVE = 0.3


@dataclass(frozen=True)
class ReadNote:
    """A file's note: fields for kb.notes, items and people still as the file names them."""

    fields: dict[str, Any]
    items: tuple[str, ...]
    author: str | None
    owner: str | None
    empty: bool = False  # nothing in the file, or front matter alone
    above: int = 0  # lines of the file before its body
    was: str | None = None  # the id it had where it was exported


def read(entry: Entry) -> ReadNote:
    """Read one file; raises Invalid under the file's name."""
    data = entry.read()
    if len(data) > MOST_BYTES:
        limit = MOST_BYTES // 1_000_000
        raise Invalid.field(entry.name, _("This file is larger than %(most)s MB.") % {"most": limit})
    text = text_of(data)
    if text is None:
        raise Invalid.field(entry.name, _("This is not text in UTF-8; save it as UTF-8 first."))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        found, body = split(text)
    except Malformed as problem:
        raise Invalid.field(entry.name, problem.message) from None
    note = _note(entry.name, found, body)
    return replace(note, above=text.count("\n") - note.fields["body"].count("\n"))


def _note(name: str, found: dict[str, Any], body: str) -> ReadNote:
    fields = {key: found[key] for key in TAKEN if found.get(key) is not None}
    fields.setdefault("kind", str(Kind.PROCEDURE))
    empty = not body.strip()
    if found.get("title") and found.get("sha256") == body_hash(body):  # exported, and not touched since
        fields["title"] = found["title"]
    elif found.get("title"):
        fields["title"], body = found["title"], _without_heading(str(found["title"]), body)
    else:
        fields["title"], body = title_of(name, body)
    fields["body"] = body
    fields["language"] = found.get("language") or language_of(f"{fields['title']}\n{body}")
    return ReadNote(
        fields, _names(found.get("items")), _email(found.get("author")), _email(found.get("owner")), empty,
        was=str(found["id"]) if found.get("id") else None,
    )  # fmt: skip


def _without_heading(title: str, body: str) -> str:
    """The body without the title that opens it once more as a heading."""
    heading, rest = title_of("", body)
    return rest if title_key(heading) == title_key(title) else body


def title_of(name: str, body: str) -> tuple[str, str]:
    """A title and the body: the first heading of level one, taken out of the body where it opens it."""
    lines = body.split("\n")
    for number, taken, markup in _level_one(lines):
        title = _as_title(render(markup).text)
        if not title:
            continue
        if any(line.strip() for line in lines[:number]):
            return title, body
        return title, "\n".join(lines[number + taken :]).lstrip("\n")
    plain = PurePosixPath(name).name.rpartition(".")[0]
    return _as_title(plain.replace("_", " ")) or _("Without a title"), body


def _level_one(lines: list[str]) -> Any:
    """(line, number of lines, markup) of each heading of level one that is not inside code."""
    fence = ""
    for number, line in enumerate(lines):
        opening = _FENCE.match(line)
        if opening and not fence:
            fence = opening[1]
        elif opening and opening[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        elif not fence and (heading := _HEADING.match(line)):
            yield number, 1, heading[1]
        elif not fence and number and _UNDERLINE.match(line) and _is_prose(lines[number - 1]):
            yield number - 1, 2, lines[number - 1]


def _is_prose(line: str) -> bool:
    return bool(line.strip()) and not re.match(r" {0,3}(?:[#>|+-]|\d+[.)]| )", line)


def _as_title(text: str) -> str:
    """One line without control characters; what is too long is cut, as nobody typed it into a title field."""
    kept = "".join(c if unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else " " for c in text)
    title = " ".join(kept.split())
    return title if len(title) <= MOST_TITLE else title[: MOST_TITLE - 1] + "…"


def language_of(text: str) -> str:
    """`zh-Hans` or `en`, by the share of Han characters among them and Latin words."""
    han = len(_HAN.findall(text))
    return "zh-Hans" if han > CHINESE_ABOVE * (han + len(_WORD.findall(text))) else "en"


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(one) for one in value if one) if isinstance(value, list) else ()


def _email(value: Any) -> str | None:
    """An address, also out of `Name <address>`."""
    if not isinstance(value, str):
        return None
    inside = re.search(r"<([^<>]+)>", value)
    return (inside[1] if inside else value).strip().lower() or None

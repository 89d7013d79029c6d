"""The YAML block a Markdown file may begin with: safe, flat, bounded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import yaml

from kb.errors import Malformed
from kb.i18n import _

MOST_CHARACTERS = 20_000
MOST_DEPTH = 3
_FENCE = "---"
# The one in C is ten times as fast; both are the safe kind, which makes no objects.
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def split(text: str) -> tuple[dict[str, Any], str]:
    """(front matter, body) of a file; without front matter the body is all of it. Raises Malformed."""
    block = _block(text)
    if block is None:
        return {}, text
    fields = _load(block)
    if fields is None:  # a rule above prose, not front matter
        return {}, text
    body = text[len(block) + 2 * (len(_FENCE) + 1) :]
    return fields, body.removeprefix("\n")


def _block(text: str) -> str | None:
    """What stands between the fences, with its last line end; `text` has \\n as its only line end."""
    if not text.startswith(_FENCE + "\n"):
        return None
    start = len(_FENCE) + 1
    end = text.find(f"\n{_FENCE}\n", start - 1, start + MOST_CHARACTERS)
    if end < 0 and text.endswith(f"\n{_FENCE}") and len(text) <= MOST_CHARACTERS:
        end = len(text) - len(_FENCE) - 1
    return None if end < 0 else text[start : end + 1]


def _load(block: str) -> dict[str, Any] | None:
    try:
        _refuse_depth(block)
        data = yaml.load(block, _Loader)  # noqa: S506 - a safe loader, see above
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise Malformed(_("The front matter cannot be read (line %(line)s).") % {"line": line}) from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        return None
    return {str(key).strip().lower(): _plain(value) for key, value in data.items()}


def _refuse_depth(block: str) -> None:
    """Before anything recursive sees it; references could multiply without end."""
    depth = 0
    for event in yaml.parse(block, _Loader):
        if isinstance(event, yaml.AliasEvent):
            raise Malformed(_("The front matter refers to other parts of itself; that is not possible here."))
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            depth += 1
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise Malformed(_("The front matter is nested too deeply."))


def _plain(value: Any) -> Any:
    """Scalars as texts, lists of scalars as lists of texts; the rest is refused where it matters."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float | date | datetime):
        return str(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value

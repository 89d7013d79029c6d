"""An export read back: which zip is one, and what it holds beside notes."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import Invalid
from kb.i18n import _

NOTES = "notes/"
MARKS = ("handover.json", "items.json", "checksums.json")  # what makes a zip an export
LEFT = ("meetings", "practice", "remarks")
MOST_JSON = 20_000_000
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Bundle:
    """The lists of an export, as they stand in it: nothing in them is believed before a service has checked it."""

    path: Path
    items: tuple[Mapping[str, Any], ...]
    register: tuple[Mapping[str, Any], ...]
    attachments: tuple[Mapping[str, Any], ...]
    left: tuple[str, ...]  # lists that hold something and are not brought in


def bundle_in(path: Path) -> Bundle | None:
    """The export in a file; None where it is something else. Raises Invalid by the name of what is broken."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            if not set(MARKS) <= set(archive.namelist()):
                return None
            lists = {name: _rows(archive, f"{name}.json") for name in ("items", "register", "attachments")}
            left = tuple(f"{name}.json" for name in LEFT if _rows(archive, f"{name}.json"))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as problem:
        raise Invalid.field(path.name, _("The zip is damaged: %(cause)s") % {"cause": problem}) from None
    return Bundle(path, **lists, left=left)


def _rows(archive: zipfile.ZipFile, name: str) -> tuple[Mapping[str, Any], ...]:
    if name not in archive.namelist():
        return ()
    with archive.open(name) as file:
        data = file.read(MOST_JSON + 1)
    refusal = Invalid.field(name, _("This file of the export cannot be read."))
    if len(data) > MOST_JSON:
        raise refusal
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError):
        raise refusal from None
    if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(isinstance(row, dict) for row in rows):
        raise refusal
    return tuple(rows)

"""What comparing a certificate with an export finds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kb.errors import Malformed
from kb.i18n import _
from kb.signoff.summary import VERSION

FOLDER = "signoff/"  # of the export
Facts = Mapping[str, Any]


class NoteState(StrEnum):
    UNCHANGED = "unchanged"
    EDITED = "edited"  # since it was signed; the text as signed is there too
    GONE = "gone"  # from the handover; the text as signed is there
    WRONG = "wrong"


@dataclass(frozen=True)
class CheckedNote:
    """A signed note: what the bundle holds of it."""

    id: str
    title: str
    revision: int
    state: NoteState


@dataclass(frozen=True)
class ChangedSince:
    """A list of the export that is no longer as it was signed: how many entries, and what those are called."""

    kind: str  # handover, items, register, meetings, practice
    number: int
    names: tuple[str, ...]


@dataclass
class Report:
    """What was compared; `mismatches` in the order they were found, one sentence each.

    `changed`: what was worked on since it was signed, as an honest export shows too.
    """

    certificate: Facts
    certificate_sha256: str
    notes: list[CheckedNote] = field(default_factory=list)
    attachments: int = 0
    files: int | None = None  # compared with the bundle's own list; None: it has none
    changed: list[ChangedSince] = field(default_factory=list)
    mismatches: list[str] = field(default_factory=list)


def parsed(content: bytes, name: str, kind: str) -> Facts:
    """JSON of our format; raises Malformed."""
    try:
        facts = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Malformed(_("%(name)s is not JSON in UTF-8.") % {"name": name}) from None
    if not isinstance(facts, dict) or facts.get("format") != kind:
        raise Malformed(_("%(name)s is not what it should be: “%(kind)s”.") % {"name": name, "kind": kind})
    if facts.get("version") != VERSION:
        raise Malformed(_("%(name)s was made by a newer version of kb. Use that version.") % {"name": name})
    return facts

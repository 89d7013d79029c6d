"""Reads the demo's stories from `content/`: people, handovers, notes with earlier versions, remarks, searches.

A remark that says `before_version: 2` was made before version 2 of its note was saved, on the first: the file
`….rev1.md` is version 1, the note's own file its last. `confirmed` says who looked at a remark whose passage reads
differently since, `taken_up` who put a correction into the note, both with `by` and `days_ago`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kb.import_export.front_matter import split
from kb.paths import PACKAGE

CONTENT = PACKAGE / "demo" / "content"
_CHECK_FIELDS = ("check_in_days", "checked_days_ago", "checked_by")
_NOTE_FIELDS = ("title", "kind", "purpose", "importance", "tags", "language", "status")


@dataclass(frozen=True)
class Person:
    """Somebody of the cast; `key` is how the stories name them."""

    key: str
    email: str
    name: str
    locale: str
    admin: bool


@dataclass(frozen=True)
class Version:
    """A note's body as somebody saved it, so many days ago, why, and as a draft or in its final status."""

    author: str
    days_ago: float
    body: str
    draft: bool = False
    reason: str = ""
    minor: bool = False


@dataclass(frozen=True)
class NoteStory:
    """A note: its fields, the keys of its items and people, its versions from first to last."""

    slug: str
    fields: Mapping[str, Any]
    items: tuple[str, ...]
    author: str
    owner: str
    versions: tuple[Version, ...]
    check: Mapping[str, Any]  # check_in_days, or checked_days_ago and checked_by
    files: Mapping[str, Path]  # attached to it, by their names
    unsaved: Mapping[str, Any]  # what somebody was adding to it: by, days_ago, adds; or nothing


@dataclass(frozen=True)
class HandoverStory:
    """A handover as `handover.yaml` tells it, its notes, the remarks on them, and vain searches."""

    key: str
    facts: Mapping[str, Any]
    notes: tuple[NoteStory, ...]
    remarks: tuple[Mapping[str, Any], ...]
    searches: tuple[Mapping[str, Any], ...]

    def person(self, role: str) -> str:
        """Key of the first person in a role."""
        return next(str(member["person"]) for member in self.facts["members"] if member["role"] == role)


def cast() -> tuple[Person, ...]:
    """Everybody in the demo, in order."""
    return tuple(Person(**entry) for entry in read_yaml(CONTENT / "people.yaml"))


def handovers() -> tuple[HandoverStory, ...]:
    """Both handovers, in order of their folders."""
    return tuple(_handover(path.parent) for path in sorted(CONTENT.glob("*/handover.yaml")))


def _handover(folder: Path) -> HandoverStory:
    files = sorted(path for path in (folder / "notes").glob("*.md") if ".rev" not in path.name)
    return HandoverStory(
        folder.name, read_yaml(folder / "handover.yaml"), tuple(_note(path) for path in files),
        _rows(folder / "annotations.yaml"), _rows(folder / "searches.yaml"),
    )  # fmt: skip


def _note(path: Path) -> NoteStory:
    facts, body = split(path.read_text(encoding="utf-8"))
    begun, saved = float(facts["created_days_ago"]), float(facts["updated_days_ago"])
    earlier = sorted(path.parent.glob(f"{path.stem}.rev*.md"))
    versions = [_earlier(old) for old in earlier]
    if not versions and begun != saved:  # written on one day, finished on another
        versions = [Version(facts["author"], begun, body, draft=True)]
    versions.append(Version(facts["author"], saved, body, **_saying(facts)))
    return NoteStory(
        slug=path.stem, fields={name: facts[name] for name in _NOTE_FIELDS if name in facts},
        items=tuple(facts.get("items") or ()), author=facts["author"], owner=facts["owner"],
        versions=tuple(versions), check={name: facts[name] for name in _CHECK_FIELDS if name in facts},
        files={name: path.parents[1] / "files" / file for name, file in (facts.get("files") or {}).items()},
        unsaved=facts.get("unsaved") or {},
    )  # fmt: skip


def _earlier(path: Path) -> Version:
    facts, body = split(path.read_text(encoding="utf-8"))
    return Version(facts["author"], float(facts["days_ago"]), body, **_saying(facts))


def _saying(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of a save: why, and that nobody needs to read it again."""
    return {name: facts[name] for name in ("reason", "minor") if name in facts}


def _rows(path: Path) -> tuple[Mapping[str, Any], ...]:
    return tuple(read_yaml(path)) if path.is_file() else ()


def read_yaml(path: Path) -> Any:
    """A file of the demo's content."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))

"""What has changed since a manifest was fixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.signoff.manifest import SECTIONS


@dataclass(frozen=True)
class Changed:
    """How many entries of a section differ: changed, added or taken away; and what some of them are called."""

    section: str
    number: int
    names: tuple[str, ...]


MOST_NAMES = 3


def changes(fixed: Mapping[str, Any], now: Mapping[str, Any]) -> list[Changed]:
    """The sections in which things are no longer as in the manifest, in its order."""
    found = []
    for section in SECTIONS:
        before, after = _entries(fixed[section]), _entries(now[section])
        keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        if keys:
            names = [_name(after.get(key) or before[key]) for key in keys]
            found.append(Changed(section, len(keys), tuple(filter(None, names))[:MOST_NAMES]))
    return found


def _entries(section: Any) -> dict[str, Any]:
    """A section's entries by what tells them apart."""
    if isinstance(section, dict):
        return {"": section}
    return {one.get("id") or f"{one['role']} {one['email']}": one for one in section}


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry.get("title") or entry.get("name") or "")

"""The lists of an export beside the signed manifest: checklist, register, meetings, practice and the handover itself.

They are as they stand on the day of the export; that they differ is told, and is no forgery.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from kb.i18n import _
from kb.signoff.bundle import Bundle
from kb.signoff.findings import ChangedSince, Facts, Report

Entries = dict[str, Any]  # by what tells them apart
_HANDOVER = (
    "id", "title", "position", "department", "language", "last_day", "support_until", "confirmed_on", "confirmed_by",
    "template_version",
)  # fmt: skip
_ITEM = (
    "id", "module", "title", "importance", "state", "owner", "due", "rhythm", "required_level", "required_runs",
)  # fmt: skip
_ENTRY = ("id", "kind", "name", "location", "importance", "state", "vault_ref", "expires_on")
_MEETING = ("id", "kind", "held_at", "attendees")
_RUN = ("id", "successor", "level", "outcome", "held_at")


def check_lists(report: Report, files: Bundle, manifest: Facts) -> None:
    """Note what has changed since it was signed; a list that is not there or cannot be read is a mismatch."""
    titles = {one["id"]: one["title"] for one in manifest["items"]}
    for name, (signed, exported) in _KINDS.items():
        try:
            before, now = signed(manifest, titles), exported(_parsed(files, name))
        except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
            report.mismatches.append(_("%(name)s is missing or cannot be read.") % {"name": name})
            continue
        keys = [key for key in {**before, **now} if before.get(key) != now.get(key)]
        if keys:
            names = [_name(now.get(key) or before[key]) for key in keys]
            report.changed.append(
                ChangedSince(name.removesuffix(".json"), len(keys), tuple(filter(None, names)))
            )


def _parsed(files: Bundle, name: str) -> Any:
    return json.loads(files.read(name).decode("utf-8"))


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry.get("title") or entry.get("name") or "")


def _some(one: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: one[name] for name in names}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _people(members: Any) -> list[tuple[str, str, str]]:
    return sorted((one["role"], one["email"], one["name"]) for one in members)


def _signed_handover(manifest: Facts, _titles: Mapping[str, str]) -> Entries:
    one = manifest["handover"]
    facts = {**_some(one, _HANDOVER), "template_id": one["template"]}
    return {"": {**facts, "members": _people(manifest["members"])}}


def _handover(one: Any) -> Entries:
    facts = _some(one, (*_HANDOVER, "template_id"))
    return {"": {**facts, "members": _people(one["members"])}}


def _signed_items(manifest: Facts, _titles: Mapping[str, str]) -> Entries:
    return {
        one["id"]: {
            **_some(one, _ITEM),
            "slots": [(slot["slot"], slot["reason"] or "") for slot in one["slots"]],
        }
        for one in manifest["items"]
    }


def _items(rows: Any) -> Entries:
    return {
        one["id"]: {
            **_some(one, _ITEM),
            "slots": [(slot["slot"], slot.get("waived_because") or "") for slot in one["slots"]],
        }
        for one in rows
    }


def _signed_register(manifest: Facts, titles: Mapping[str, str]) -> Entries:
    return {
        one["id"]: {
            **_some(one, _ENTRY), "holders": (one["holder"], one["new_holder"]), "item": titles.get(one["item"]),
        }
        for one in manifest["register"]
    }  # fmt: skip


def _register(rows: Any) -> Entries:
    return {
        one["id"]: {
            **_some(one, _ENTRY), "holders": (one["holder"] or "", one["new_holder"] or ""), "item": one["item"],
        }
        for one in rows
    }  # fmt: skip


def _signed_meetings(manifest: Facts, titles: Mapping[str, str]) -> Entries:
    return {
        one["id"]: {
            **_some(one, _MEETING), "minutes": one["minutes_sha256"],
            "items": sorted({str(titles.get(item)) for item in one["items"]}),
        }
        for one in manifest["meetings"]
    }  # fmt: skip


def _meetings(rows: Any) -> Entries:
    """Those that were held: they have minutes."""
    return {
        one["id"]: {
            **_some(one, _MEETING), "minutes": _sha256(one["minutes"]),
            "items": sorted({*one["items"], *one["agreed"]}),
        }
        for one in rows
        if one["minutes"]
    }  # fmt: skip


def _signed_practice(manifest: Facts, titles: Mapping[str, str]) -> Entries:
    return {
        one["id"]: {**_some(one, _RUN), "feedback": one["feedback_sha256"], "item": titles.get(one["item"])}
        for one in manifest["practice_runs"]
    }


def _practice(rows: Any) -> Entries:
    return {
        one["id"]: {**_some(one, _RUN), "feedback": _sha256(one["feedback"]), "item": one["item"]}
        for one in rows
    }


_Signed = Callable[[Facts, Mapping[str, str]], Entries]
_KINDS: dict[str, tuple[_Signed, Callable[[Any], Entries]]] = {
    "handover.json": (_signed_handover, _handover),
    "items.json": (_signed_items, _items),
    "register.json": (_signed_register, _register),
    "meetings.json": (_signed_meetings, _meetings),
    "practice.json": (_signed_practice, _practice),
}

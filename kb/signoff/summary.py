"""What a manifest says in short: counted the same way when the certificate is made and when it is checked.

No database in here: a certificate is checked by people who have none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

CERTIFICATE, MANIFEST, VERSION = "kb-signoff-certificate", "kb-signoff-manifest", 1
# What the certificate repeats from the manifest's handover.
ABOUT = (
    "id", "title", "position", "department", "language", "last_day", "support_until", "confirmed_on", "confirmed_by",
)  # fmt: skip
SIGNING_ROLES = ("leaver", "successor", "manager")
# Who leaves and who witnesses it are two people.
APART = {"leaver": "manager", "manager": "leaver"}
Facts = dict[str, Any]


def repeated(manifest: Mapping[str, Any]) -> Facts:
    """What a certificate says that stands in the manifest too, and so can be checked against it."""
    return {
        "handover": {name: manifest["handover"][name] for name in ABOUT},
        "exceptions": manifest["exceptions"],
        "summary": summary_of(manifest),
    }


def summary_of(manifest: Mapping[str, Any]) -> Facts:
    """What a manifest holds, counted."""
    items = manifest["items"]
    return {
        "modules": _modules(items),
        "items": _counted(items),
        "slots": _by([slot for item in items for slot in item["slots"]], "state"),
        "notes": {"total": len(manifest["notes"]), "by_kind": _by(manifest["notes"], "kind")},
        "attachments": len(manifest["attachments"]),
        "register": _register(manifest["register"]),
        "meetings": {"total": len(manifest["meetings"]), "by_kind": _by(manifest["meetings"], "kind")},
        "practice": _practice(manifest["practice_runs"]),
        "exceptions": len(manifest["exceptions"]),
    }


def _modules(items: Iterable[Mapping[str, Any]]) -> list[Facts]:
    """Each module with its items by state, in the checklist's order."""
    by_title: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        by_title.setdefault(item["module"], []).append(item)
    return [{"title": title, **_counted(ones)} for title, ones in by_title.items()]


def _counted(items: list[Mapping[str, Any]]) -> Facts:
    covered = sum(one["covered"] for one in items)
    return {"total": len(items), "covered": covered, "by_state": _by(items, "state")}


def _register(entries: list[Mapping[str, Any]]) -> Facts:
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        by_kind.setdefault(entry["kind"], []).append(entry)
    return {
        "total": len(entries), "by_state": _by(entries, "state"),
        "kinds": {kind: {"total": len(ones), "by_state": _by(ones, "state")} for kind, ones in by_kind.items()},
    }  # fmt: skip


def _practice(runs: list[Mapping[str, Any]]) -> Facts:
    return {
        "total": len(runs), "items": len({run["item"] for run in runs}),
        "by_level": _by(runs, "level"), "by_outcome": _by(runs, "outcome"),
    }  # fmt: skip


def _by(ones: Iterable[Mapping[str, Any]], name: str) -> dict[str, int]:
    return dict(Counter(str(one[name]) for one in ones))

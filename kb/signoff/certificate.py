"""The certificate as facts: who signed what and when, with a summary that anybody can count again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kb.signoff.models import Signature, Signoff

FORMAT, VERSION = "kb-signoff-certificate", 1
# What the certificate repeats from the manifest's handover.
ABOUT = (
    "id", "title", "position", "department", "language", "last_day", "support_until", "confirmed_on", "confirmed_by",
)  # fmt: skip
SIGNING_ROLES = ("leaver", "successor", "manager")
Facts = dict[str, Any]


def certificate_of(
    signoff: Signoff, manifest: Mapping[str, Any], earlier: Signoff | None, at: datetime
) -> Facts:
    """The certificate of a sign-off that all have signed, the last at `at`; moments in the organisation's zone.

    `earlier`: the sign-off this one supersedes.
    """
    zone = ZoneInfo(str(manifest["time_zone"]))
    signatures = sorted(signoff.signatures, key=lambda one: SIGNING_ROLES.index(one.role))
    return {
        "format": FORMAT, "version": VERSION, "id": signoff.id, "number": signoff.number,
        "time_zone": zone.key, "signed_at": _local(at, zone),
        "manifest_sha256": signoff.manifest_sha256,
        "manifest_fixed_at": _local(datetime.fromisoformat(manifest["fixed_at"]), zone),
        "signatures": [_signature(one, zone) for one in signatures],
        "supersedes": _superseded(earlier, zone), **repeated(manifest),
    }  # fmt: skip


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


def _signature(one: Signature, zone: ZoneInfo) -> Facts:
    return {
        "role": one.role, "user": {"name": one.name, "email": one.email},
        "signed_at": _local(one.signed_at, zone), "reservations": list(one.reservations),
    }  # fmt: skip


def _superseded(earlier: Signoff | None, zone: ZoneInfo) -> Facts | None:
    if earlier is None or earlier.signed_at is None:
        return None
    return {
        "number": earlier.number, "manifest_sha256": earlier.manifest_sha256,
        "signed_at": _local(earlier.signed_at, zone),
    }  # fmt: skip


def _local(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as the parties' clocks showed it, to the second, with its offset."""
    return moment.astimezone(zone).isoformat(timespec="seconds")

"""The certificate as facts: who signed what and when, with a summary that anybody can count again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kb.signoff.models import Signature, Signoff
from kb.signoff.summary import CERTIFICATE, SIGNING_ROLES, VERSION, repeated

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
        "format": CERTIFICATE, "version": VERSION, "id": signoff.id, "number": signoff.number,
        "time_zone": zone.key, "signed_at": _local(at, zone),
        "manifest_sha256": signoff.manifest_sha256,
        "manifest_fixed_at": _local(datetime.fromisoformat(manifest["fixed_at"]), zone),
        "signatures": [_signature(one, zone) for one in signatures],
        "supersedes": _superseded(earlier, zone), **repeated(manifest),
    }  # fmt: skip


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

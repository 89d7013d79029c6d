"""`kb verify`: whether an export still holds what a certificate says was signed. Needs no server and no database."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kb.errors import Malformed
from kb.i18n import _
from kb.signoff.bundle import Bundle, opened
from kb.signoff.canonical import canonical
from kb.signoff.comparing import check_notes
from kb.signoff.findings import FOLDER, Facts, Report, parsed
from kb.signoff.since import check_lists
from kb.signoff.summary import CERTIFICATE, MANIFEST, repeated

MOST_CERTIFICATE = 50_000_000  # bytes
CHECKSUMS = "checksums.json"


def verify(certificate: Path, bundle: Path) -> Report:
    """Compare a certificate with an export; raises Malformed where either cannot be read, and OSError."""
    if certificate.stat().st_size > MOST_CERTIFICATE:
        raise Malformed(_("%(name)s is too large for a certificate.") % {"name": certificate.name})
    content = certificate.read_bytes()
    facts = parsed(content, certificate.name, CERTIFICATE)
    report = Report(facts, hashlib.sha256(content).hexdigest())
    with opened(bundle) as files:
        try:
            _check(report, files, content)
        except (KeyError, TypeError, AttributeError, ValueError):
            raise Malformed(_("The bundle's manifest lacks something that every manifest has.")) from None
        _check_sums(report, files)
    return report


def _check(report: Report, files: Bundle, content: bytes) -> None:
    folder = _folder(report.certificate, files)
    manifest = _signed(report, files, folder, content)
    if manifest is not None:
        check_notes(report, files, folder, manifest)
        _check_attachments(report, files, manifest)
        check_lists(report, files, manifest)


def _signed(report: Report, files: Bundle, folder: str, content: bytes) -> Facts | None:
    """The manifest, if it is the one that was signed; what is wrong is noted."""
    name = folder + "manifest.json"
    if name not in files:
        report.mismatches.append(
            _("The bundle has no %(name)s: it was exported before all had signed.") % {"name": name}
        )
        return None
    signed = str(report.certificate.get("manifest_sha256"))
    if (found := files.sha256(name)) != signed:
        text = _(
            "%(name)s is not what was signed: its SHA-256 is %(found)s, the certificate says %(signed)s."
        )
        report.mismatches.append(text % {"name": name, "found": found, "signed": signed})
        return None
    manifest = parsed(files.read(name), name, MANIFEST)
    _check_certificate(report, files, folder, content, manifest)
    return manifest


def _folder(certificate: Facts, files: Bundle) -> str:
    """Where the bundle keeps this sign-off: the one that holds, or an earlier one of that number."""
    earlier = f"{FOLDER}earlier/{certificate.get('number')}/"
    for folder in (FOLDER, earlier):
        name = folder + "manifest.json"
        if name in files and files.sha256(name) == certificate.get("manifest_sha256"):
            return folder
    return FOLDER


def _check_certificate(report: Report, files: Bundle, folder: str, content: bytes, manifest: Facts) -> None:
    """The certificate's bytes are those the export kept, and what it repeats from the manifest is so."""
    if canonical(manifest).encode("utf-8") != files.read(folder + "manifest.json"):
        raise ValueError("not canonical")
    for name, said in repeated(manifest).items():
        if report.certificate.get(name) != said:
            text = _("The certificate says something else than the manifest: %(name)s.")
            report.mismatches.append(text % {"name": name})
    kept = folder + "certificate.json"
    if kept not in files:
        report.mismatches.append(_("The bundle has no %(name)s.") % {"name": kept})
    elif files.read(kept) != content:
        other = parsed(files.read(kept), kept, CERTIFICATE)
        names = sorted(
            key for key in {**other, **report.certificate} if other.get(key) != report.certificate.get(key)
        )
        text = _("The certificate is not the one in the bundle; it differs in: %(names)s.")
        report.mismatches.append(text % {"names": ", ".join(names) or _("spaces or order")})


def _check_attachments(report: Report, files: Bundle, manifest: Facts) -> None:
    there = {files.sha256(name) for name in files.names if name.startswith("attachments/")}
    for one in manifest["attachments"]:
        if one["sha256"] in there:
            report.attachments += 1
        else:
            text = _("The file “%(name)s” that was signed is not in the bundle, or was changed.")
            report.mismatches.append(text % {"name": one["name"]})


def _check_sums(report: Report, files: Bundle) -> None:
    """Every other file against the bundle's own list, which every export has."""
    if CHECKSUMS not in files:
        report.mismatches.append(_("The bundle has no %(name)s.") % {"name": CHECKSUMS})
        return
    try:
        listed = json.loads(files.read(CHECKSUMS).decode("utf-8"))
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, dict):
        report.mismatches.append(_("%(name)s is not JSON in UTF-8.") % {"name": CHECKSUMS})
        return
    there = {name: files.sha256(name) for name in files.names if name != CHECKSUMS}
    report.files = len(there)
    for name in sorted({**listed, **there}):
        if listed.get(name) != there.get(name):
            text = _("%(name)s was changed, added or taken away since the export.")
            report.mismatches.append(text % {"name": name})

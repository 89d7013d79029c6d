"""`kb verify`: a certificate against an export, offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from kb.cli.failures import complain
from kb.cli.output import as_json, say
from kb.i18n import _, mark, ngettext

if TYPE_CHECKING:
    from kb.signoff.findings import Report

STATES = {
    "unchanged": mark("unchanged"),
    "edited": mark("edited since, as signed in the bundle too"),
    "gone": mark("no longer in the handover, as signed in the bundle"),
    "wrong": mark("NOT as signed"),
}
KINDS = {
    "handover": mark("the handover's own facts and people"),
    "items": mark("checklist items"),
    "register": mark("register entries"),
    "meetings": mark("meetings"),
    "practice": mark("practice runs"),
}
MOST_NAMES = 5
FILE = click.Path(path_type=Path)


@click.command(
    "verify", help=mark("Check a sign-off certificate against an export; needs no server and no network.")
)
@click.argument("certificate", type=FILE)
@click.option("--bundle", required=True, type=FILE, help=mark("The export: a zip."))
@click.option("--json", "json_wanted", is_flag=True, help=mark("Print JSON."))
def verify(certificate: Path, bundle: Path, json_wanted: bool) -> int:
    """Say of each note whether it is as it was signed; status 1 and the first thing that is not."""
    from kb.signoff.verifying import verify as compare

    report = compare(certificate, bundle)
    if json_wanted:
        as_json(_data(report))
    else:
        _tell(report)
    return complain(report.mismatches[0]) if report.mismatches else 0


def _data(report: Report) -> dict[str, object]:
    return {
        "ok": not report.mismatches,
        "mismatches": report.mismatches,
        "manifest_sha256": report.certificate.get("manifest_sha256"),
        "certificate_sha256": report.certificate_sha256,
        "notes": [
            {"id": one.id, "title": one.title, "revision": one.revision, "state": str(one.state)}
            for one in report.notes
        ],
        "attachments": report.attachments,
        "files": report.files,
        "changed": [
            {"kind": one.kind, "number": one.number, "names": list(one.names)} for one in report.changed
        ],
    }


def _tell(report: Report) -> None:
    for note in report.notes:
        state = _(STATES[note.state])
        say(
            _("%(title)s, revision %(revision)s: %(state)s")
            % {"title": note.title, "revision": note.revision, "state": state}
        )
    for changed in report.changed:
        said = {
            "kind": _(KINDS[changed.kind]),
            "n": changed.number,
            "names": ", ".join(changed.names[:MOST_NAMES]),
        }
        say(_("Changed since it was signed: %(kind)s, %(n)s. %(names)s") % said)
    if report.mismatches:
        more = len(report.mismatches)
        say(
            ngettext(
                "%(n)s thing is not as it was signed.", "%(n)s things are not as they were signed.", more
            )
            % {"n": more}
        )
        return
    if report.changed:
        say(_("Notes and files are as they were signed; the rest has been worked on since, as listed above."))
    else:
        say(_("Everything is as it was signed."))
    for one in report.certificate.get("signatures", ()):
        by = {"name": one["user"]["name"], "role": one["role"], "at": one["signed_at"]}
        say(_("Signed by %(name)s (%(role)s), %(at)s") % by)
    say(_("SHA-256 of the certificate: %(hash)s") % {"hash": report.certificate_sha256})
    say(
        _(
            "Compare it with the one printed on the PDF that was filed: without that, nobody can tell "
            "offline who made this certificate."
        )
    )

"""The notes of an export beside those that were signed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from kb.i18n import _
from kb.signoff.bundle import Bundle, split
from kb.signoff.findings import FOLDER, CheckedNote, Facts, NoteState, Report


class _Mismatch(Exception):
    """A note that is not as it was signed; the message says how."""


def check_notes(report: Report, files: Bundle, folder: str, manifest: Facts) -> None:
    """Every note of a manifest; `folder`: where the export keeps the texts of this sign-off."""
    exported = dict(_exported(report, files))
    for note in manifest["notes"]:
        try:
            state = _state(files, folder, note, exported.get(note["id"]))
        except _Mismatch as wrong:
            report.mismatches.append(str(wrong))
            state = NoteState.WRONG
        report.notes.append(CheckedNote(note["id"], note["title"], note["revision"], state))


def _exported(report: Report, files: Bundle) -> Iterator[tuple[str, Facts]]:
    """The notes of the export by id, those whose text is what their own front matter says."""
    seen: set[str] = set()
    for name in files.names:
        if not name.startswith("notes/") or not name.endswith(".md"):
            continue
        try:
            fields, body = split(files.read(name))
        except ValueError:
            report.mismatches.append(_("%(name)s has no front matter that can be read.") % {"name": name})
            continue
        note_id, sha256 = str(fields.get("id")), hashlib.sha256(body).hexdigest()
        if note_id in seen:
            report.mismatches.append(_("%(name)s is there twice under one id.") % {"name": name})
        elif fields.get("sha256") != sha256:
            text = _("%(name)s was changed: “%(title)s” is not the text its own SHA-256 stands for.")
            report.mismatches.append(text % {"name": name, "title": fields.get("title")})
        seen.add(note_id)
        yield note_id, {**fields, "sha256": sha256, "name": name}


def _state(files: Bundle, folder: str, note: Facts, exported: Facts | None) -> NoteState:
    """How a signed note stands; raises _Mismatch with the sentence."""
    about = {"title": note["title"], "revision": note["revision"]}
    if exported is not None and exported["sha256"] == note["sha256"]:
        if exported.get("revision") == note["revision"]:
            for name in ("title", "kind"):
                if exported.get(name) != note[name]:
                    text = _("“%(title)s” was changed: its %(name)s is not what was signed.")
                    raise _Mismatch(text % {**about, "name": name})
        return NoteState.UNCHANGED
    if exported is not None and not _is_later(exported.get("revision"), note["revision"]):
        raise _Mismatch(
            _("“%(title)s” was changed: it is not the text of revision %(revision)s that was signed.") % about
        )
    kept = next(
        (name for each in (folder, FOLDER) if (name := f"{each}notes/{note['id']}.md") in files), None
    )
    if kept is None:
        raise _Mismatch(
            _(
                "“%(title)s” is missing: the text of revision %(revision)s that was signed is not in the bundle."
            )
            % about
        )
    if files.sha256(kept) != note["sha256"]:
        raise _Mismatch(
            _("%(name)s was changed: it is not the text of “%(title)s” that was signed.")
            % {**about, "name": kept}
        )
    return NoteState.GONE if exported is None else NoteState.EDITED


def _is_later(revision: Any, signed: int) -> bool:
    return isinstance(revision, int) and revision > signed

"""A whole handover as a zip: notes as Markdown, files, checklist, register, and what was signed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.attachments.models import Attachment
from kb.attachments.storage import Storage
from kb.handovers.queries import get_handover
from kb.import_export import facts
from kb.import_export.naming import Names, safe_name
from kb.import_export.note_files import as_file
from kb.notes.models import Note, Revision
from kb.notes.queries import visible_notes
from kb.signoff.queries import latest_signed, signed_revisions, superseded

# Kept as they are: made once more, a zip of the same things has the same bytes.
_MOMENT = (2000, 1, 1, 0, 0, 0)
PIECE = 1024 * 1024


class _Zip:
    """A zip being written, with the checksum of everything in it."""

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.sums: dict[str, str] = {}

    def add(self, name: str, data: bytes) -> None:
        """Bytes under a name."""
        self._zip.writestr(self._entry(name), data)
        self.sums[name] = hashlib.sha256(data).hexdigest()

    def add_json(self, name: str, data: Any) -> None:
        """Data under a name, for people to read too."""
        text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
        self.add(name, (text + "\n").encode())

    def add_file(self, name: str, path: Path, size: int) -> None:
        """A file of any size, a piece at a time; its bytes are packed already more often than not."""
        entry = self._entry(name)
        entry.compress_type, entry.file_size = zipfile.ZIP_STORED, size
        digest = hashlib.sha256()
        with path.open("rb") as source, self._zip.open(entry, "w") as target:
            while piece := source.read(PIECE):
                digest.update(piece)
                target.write(piece)
        self.sums[name] = digest.hexdigest()

    def finish(self) -> None:
        """The list of checksums, then the zip's own directory."""
        self.add_json("checksums.json", dict(self.sums))
        self._zip.close()

    def _entry(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, _MOMENT)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        return entry


def write_zip(
    session: Session, identity: Identity, storage: Storage, handover_id: str, out: IO[bytes]
) -> None:
    """Write a handover as far as the person may read it; drafts of others are left out like anywhere else."""
    require(identity, Permission.HANDOVER_READ, Facts(handover_id))
    bundle = _Zip(out)
    bundle.add_json("handover.json", facts.of_handover(get_handover(session, handover_id)))
    items = facts.of_items(session, handover_id)
    bundle.add_json("items.json", items)
    bundle.add_json("register.json", facts.of_register(session, handover_id))
    bundle.add_json("meetings.json", facts.of_meetings(session, handover_id))
    bundle.add_json("practice.json", facts.of_practice(session, handover_id))
    bodies = dict(_notes(session, identity, handover_id, items, bundle))
    bundle.add_json("remarks.json", facts.of_remarks(session, bodies))
    _files(session, storage, list(bodies), bundle)
    _signed(session, handover_id, bodies, bundle)
    bundle.finish()


def record_export(session: Session, identity: Identity, handover_id: str) -> None:
    """Who took everything out is worth knowing; kept apart, as reading a page may not write."""
    record(
        session, actor_id=identity.user_id, action="handover.exported", object_type="handover",
        object_id=handover_id, handover_id=handover_id,
    )  # fmt: skip


def _notes(
    session: Session, identity: Identity, handover_id: str, items: list[dict[str, Any]], bundle: _Zip
) -> Iterator[tuple[str, str]]:
    """Writes every note; its id and the hash of its body."""
    titles = Counter(item["title"] for item in items)
    query = (
        visible_notes(identity)
        .where(Note.handover_id == handover_id)
        .options(joinedload(Note.author), joinedload(Note.owner), selectinload(Note.items))
        .order_by(Note.created_at, Note.id)
    )
    names = Names()
    for note in session.scalars(query.execution_options(yield_per=100)):
        # A title says more than an id, where it says enough.
        about = [item.title if titles[item.title] == 1 else item.id for item in note.items]
        bundle.add(f"notes/{names.free(safe_name(note.title, note.id), '.md')}", as_file(note, about))
        yield note.id, note.body_sha256


def _files(session: Session, storage: Storage, note_ids: list[str], bundle: _Zip) -> None:
    query = select(Attachment).where(Attachment.note_id.in_(note_ids))
    listed = []
    names = Names()
    for attachment in session.scalars(query.order_by(Attachment.created_at, Attachment.id)):
        path = storage.path_of(attachment.sha256)
        if not path.is_file():  # the page says so too; the rest is worth having
            continue
        stem, dot, ending = attachment.name.rpartition(".")
        given = names.free(
            safe_name(stem or attachment.name, attachment.id), f".{safe_name(ending)}" if dot and stem else ""
        )
        bundle.add_file(f"attachments/{given}", path, attachment.size)
        listed.append(facts.of_attachment(attachment, f"attachments/{given}"))
    bundle.add_json("attachments.json", listed)


def _signed(session: Session, handover_id: str, bodies: dict[str, str], bundle: _Zip) -> None:
    """The very bytes that were signed, and the bodies that have changed since."""
    for earlier in superseded(session, handover_id):
        bundle.add(f"signoff/earlier/{earlier.number}/manifest.json", earlier.manifest.encode())
        bundle.add(f"signoff/earlier/{earlier.number}/certificate.json", (earlier.certificate or "").encode())
        as_signed = {
            one["id"]: (one["revision"], one["sha256"]) for one in json.loads(earlier.manifest)["notes"]
        }
        _bodies(session, as_signed, bodies, f"signoff/earlier/{earlier.number}/notes", bundle)
    signed = latest_signed(session, handover_id)
    if signed is None:
        return
    bundle.add("signoff/manifest.json", signed.manifest.encode())
    bundle.add("signoff/certificate.json", (signed.certificate or "").encode())
    _bodies(session, signed_revisions(session, handover_id), bodies, "signoff/notes", bundle)


def _bodies(
    session: Session, as_signed: dict[str, tuple[int, str]], bodies: dict[str, str], folder: str, bundle: _Zip
) -> None:
    """Of the notes that were signed, those whose text is another now or which are not exported any more."""
    for note_id, (revision, sha256) in sorted(as_signed.items()):
        if bodies.get(note_id) != sha256:
            kept = session.get(Revision, (note_id, revision))
            if kept is not None:
                bundle.add(f"{folder}/{note_id}.md", kept.body.encode())

"""What an export holds beside notes, brought into another handover: checklist, reasons, register, files."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.attachments.models import Attachment
from kb.attachments.naming import clean_name
from kb.attachments.services import attach
from kb.attachments.storage import Incoming, Storage
from kb.checklists.models import ItemState
from kb.checklists.services import add_item
from kb.errors import Conflict, Invalid
from kb.i18n import _
from kb.import_export.bundle import Bundle
from kb.import_export.sources import Remark
from kb.notes.slots import mark_slot
from kb.notes.titles import title_key
from kb.people.models import User
from kb.registers.models import EntryState
from kb.registers.queries import leavers_of
from kb.registers.services import add_entry
from kb.rehearsals.accepting import patch_item

_ITEM = ("module", "title", "guidance", "importance", "due", "rhythm", "next_on", "state")
_ENTRY = ("kind", "name", "location", "contact", "remark", "holder", "new_holder", "vault_ref", "expires_on",
          "importance", "state", "language")  # fmt: skip
PIECE = 1024 * 1024


def missing_items(bundle: Bundle, known: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The items of an export that a handover has not: `known` holds its items by folded title."""
    missing: dict[str, Mapping[str, Any]] = {}
    for row in bundle.items:
        key = title_key(str(row.get("title", "")))
        if key and key not in known:
            missing.setdefault(f"{row.get('module')}\n{key}", row)
    return list(missing.values())


def add_items(
    session: Session, identity: Identity, handover_id: str, rows: Iterable[Mapping[str, Any]],
    members: Collection[str],
) -> dict[str, str]:  # fmt: skip
    """Make the items; their new ids by the ids they had. Raises Invalid under the name of the export's file."""
    made = {}
    for row in rows:
        data = {name: row[name] for name in _ITEM if row.get(name) is not None}
        slots = _slots(row)
        if data.get("state") == ItemState.ACCEPTED:  # what it was accepted for is not there yet
            data["state"] = str(ItemState.DOCUMENTED)
        data["slots"] = [one.get("slot") for one in slots]
        if row.get("owner") in members:
            data["owner"] = row["owner"]
        if row.get("required_level"):
            data["practice"] = {"level": row["required_level"], "runs": row.get("required_runs") or 1}
        try:
            item = add_item(session, identity, handover_id, data)
            for one in slots:
                if one.get("waived_because"):
                    said = {"waived_because": one["waived_because"]}
                    mark_slot(session, identity, item.id, str(one["slot"]), said)
        except Invalid as refused:
            raise _about("items.json", row.get("title"), refused) from None
        made[str(row.get("id"))] = item.id
    return made


def _slots(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = row.get("slots")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def point_slots(
    session: Session, identity: Identity, bundle: Bundle, items: Mapping[str, str], notes: Mapping[str, str]
) -> None:
    """Point the slots of new items at the passages they pointed at; `items`, `notes`: new ids by the ids they had.

    What was accepted is not: that is said by who takes over now.
    """
    for row in bundle.items:
        item_id = items.get(str(row.get("id")))
        for slot in _slots(row):
            note_id = notes.get(str(slot.get("note")))
            if item_id and note_id:
                # Of several headings with one text the first; a mark names the others by their anchor.
                heading = str(slot["heading"]).partition("\x1f")[0] if slot.get("heading") else None
                with suppress(Invalid):
                    mark_slot(
                        session, identity, item_id, str(slot["slot"]), {"note": note_id, "heading": heading}
                    )


def accept_again(
    session: Session, identity: Identity, rows: Iterable[Mapping[str, Any]], items: Mapping[str, str]
) -> list[Remark]:
    """Accept what was accepted there and has no gaps here; of the rest it is said that it is not."""
    remarks = []
    for row in rows:
        item_id = items.get(str(row.get("id")))
        if item_id is None or row.get("state") != ItemState.ACCEPTED:
            continue
        try:
            patch_item(session, identity, item_id, {"state": str(ItemState.ACCEPTED)})
        except Conflict:
            text = _("%(title)s: it was accepted there. Here it has gaps, so it came in as documented.")
            remarks.append(Remark("items.json", text % {"title": str(row.get("title"))[:100]}))
    return remarks


def add_entries(
    session: Session, identity: Identity, handover_id: str, bundle: Bundle, present: Collection[tuple[str, str]]
) -> int:  # fmt: skip
    """Enter what the register does not hold yet, by kind and name; how many those were."""
    if not can(identity, Permission.REGISTER_WRITE, Facts(handover_id)):
        return 0
    made, leavers = 0, leavers_of(session, handover_id)
    for row in bundle.register:
        if (str(row.get("kind")), str(row.get("name"))) in present:
            continue
        data = {name: row[name] for name in _ENTRY if row.get(name) is not None}
        if _leaves(leavers, data.get("new_holder")):  # who took it over then has it, and leaves now
            data |= {"holder": data.pop("new_holder"), "state": EntryState.HELD}
        try:
            add_entry(session, identity, handover_id, data)
        except Invalid as refused:
            raise _about("register.json", row.get("name"), refused) from None
        made += 1
    return made


def _leaves(leavers: Sequence[User], holder: Any) -> bool:
    """Whether a holder of an export, an address or a name, is who leaves here."""
    named = str(holder or "").strip().casefold()
    return any(named in (one.email, one.name.casefold()) for one in leavers)


def add_files(
    session: Session, identity: Identity, storage: Storage, bundle: Bundle, notes: Mapping[str, str],
    most_bytes: int,
) -> list[Remark]:  # fmt: skip
    """Attach the files to the notes they belonged to; `notes`: new ids by the ids they had.

    A file keeps its id where that is free here, so that texts which name it go on showing it.
    """
    remarks = []
    with zipfile.ZipFile(bundle.path) as archive:
        for row in bundle.attachments:
            note_id, name = notes.get(str(row.get("note"))), str(row.get("file"))
            if note_id is None:
                continue
            incoming = _unpacked(archive, storage, name, str(row.get("sha256")), most_bytes)
            if incoming is None:
                text = _("The file is missing, damaged or too large; it was left out.")
                remarks.append(Remark(name, text))
                continue
            try:
                made = attach(session, identity, storage, note_id, incoming, clean_name(str(row.get("name"))))
            finally:
                incoming.discard()
            _keep_id(session, made, str(row.get("id")))
    return remarks


def _keep_id(session: Session, made: Attachment, wanted: str) -> None:
    if len(wanted) == len(made.id) and wanted.isalnum() and session.get(Attachment, wanted) is None:
        made.id = wanted
        session.flush()


def _unpacked(
    archive: zipfile.ZipFile, storage: Storage, name: str, sha256: str, most_bytes: int
) -> Incoming | None:
    """The bytes of a file, counted and compared while they come."""
    if name not in archive.namelist() or archive.getinfo(name).file_size > most_bytes:
        return None
    incoming = storage.incoming()
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as source:
        while (piece := source.read(PIECE)) and size <= most_bytes:
            incoming.write(piece)
            digest.update(piece)
            size += len(piece)
    incoming.finish()
    if size > most_bytes or digest.hexdigest() != sha256:
        incoming.discard()
        return None
    return incoming


def _about(file: str, name: Any, refused: Invalid) -> Invalid:
    first = refused.errors[0]
    return Invalid.field(file, f"{str(name)[:100]}: {first.field}: {first.message}")

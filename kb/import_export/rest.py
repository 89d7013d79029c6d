"""Beside the notes: an export's checklist before them, its register and files after them, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.attachments.storage import Storage
from kb.i18n import _
from kb.import_export.bundle import NOTES, Bundle
from kb.import_export.restoring import (
    accept_again,
    add_entries,
    add_files,
    add_items,
    missing_items,
    point_slots,
)
from kb.import_export.sources import Remark, Sources
from kb.notes.titles import title_key
from kb.registers.models import Entry

_YET_TO_BE_MADE = "new:"


@dataclass(frozen=True)
class Files:
    """Where files go, and how many bytes one may have."""

    storage: Storage
    most_bytes: int


@dataclass
class Rest:
    """What an export brings beside its notes. `items`: the handover's, by id, template key or folded title."""

    bundle: Bundle
    files: Files | None
    items: dict[str, str]
    members: Collection[str]
    made: dict[str, str] = field(default_factory=dict)  # new items' ids by the ids they had
    entries: int = 0
    _notes: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Items that are not there yet can be named already, by the id they had."""
        self._missing = missing_items(self.bundle, self.items)
        for row in self._missing:
            known = _YET_TO_BE_MADE + str(row.get("id"))
            self.items.setdefault(str(row.get("id")), known)
            self.items.setdefault(title_key(str(row.get("title"))), known)

    def only_notes(self, sources: Sources) -> None:
        """Of the Markdown in an export only its notes are notes; nothing is said about its other parts."""
        sources.entries[:] = [entry for entry in sources.entries if entry.name.startswith(NOTES)]
        sources.skipped.clear()

    def before(self, session: Session, identity: Identity, handover_id: str) -> None:
        """Make the checklist's items, where the importer may."""
        if can(identity, Permission.ITEM_WRITE, Facts(handover_id)):
            self.made = add_items(session, identity, handover_id, self._missing, self.members)

    def named(self, data: dict[str, Any]) -> dict[str, Any]:
        """A note with the ids of its items as they are now; those that could not be made are left out."""
        self._notes.append(data.get("was"))
        named = [self.made.get(key.removeprefix(_YET_TO_BE_MADE), key) for key in data["items"]]
        return data | {"items": [key for key in named if not key.startswith(_YET_TO_BE_MADE)]}

    def after(
        self, session: Session, identity: Identity, handover_id: str, notes: list[str]
    ) -> list[Remark]:  # fmt: skip
        """Enter the register and attach the files; what is to be said about them."""
        rows = session.execute(select(Entry.kind, Entry.name).where(Entry.handover_id == handover_id))
        self.entries = add_entries(
            session, identity, handover_id, self.bundle, {(row.kind, row.name) for row in rows}
        )
        remarks = [
            Remark(
                name,
                _("What was held and tried there stays in the export: it belongs to the people who did it."),
            )
            for name in self.bundle.left
        ]
        if self._missing and not self.made:
            text = _("The checklist was left out: the leaver or a manager can bring it in.")
            remarks.append(Remark("items.json", text))
        now: Mapping[str, str] = {was: new for was, new in zip(self._notes, notes, strict=True) if was}
        point_slots(session, identity, self.bundle, self.made, now)
        if self.files:
            storage, most = self.files.storage, self.files.most_bytes
            remarks += add_files(session, identity, storage, self.bundle, now, most)
        remarks += accept_again(session, identity, self._missing, self.made)
        return remarks

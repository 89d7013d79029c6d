"""The register in the manifest: each entry with its state, its holders, and what shows where it stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kb.people.models import User
from kb.registers.models import Entry, EntryStep


def register_facts(session: Session, handover_id: str) -> list[dict[str, Any]]:
    """The entries of a handover, by id; holders by address, or by the name where there is no account."""
    entries = session.scalars(
        select(Entry)
        .where(Entry.handover_id == handover_id)
        .options(joinedload(Entry.holder), joinedload(Entry.new_holder))
        .order_by(Entry.id)
    ).all()
    shown = _last_evidence(session, handover_id)
    return [
        {
            "id": entry.id, "kind": entry.kind, "name": entry.name, "location": entry.location,
            "importance": entry.importance, "state": entry.state, "vault_ref": entry.vault_ref,
            "holder": _holder(entry.holder, entry.holder_name),
            "new_holder": _holder(entry.new_holder, entry.new_holder_name),
            "expires_on": entry.expires_on.isoformat() if entry.expires_on else None,
            "item": entry.item_id, "evidence": shown.get(entry.id, ""),
        }
        for entry in entries
    ]  # fmt: skip


def _holder(user: User | None, name: str) -> str:
    return user.email if user else name


def _last_evidence(session: Session, handover_id: str) -> dict[str, str]:
    """What was written at each entry's last step."""
    steps = session.execute(
        select(EntryStep.entry_id, EntryStep.evidence)
        .join(Entry, Entry.id == EntryStep.entry_id)
        .where(Entry.handover_id == handover_id)
        .order_by(EntryStep.at, EntryStep.id)
    )
    return {row.entry_id: row.evidence for row in steps}

"""Writing the register: entries entered, changed, moved on with what shows it, given one new holder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.checklists.queries import items_among
from kb.clock import now
from kb.handovers.models import Handover
from kb.i18n import _
from kb.people.queries import user_by_email
from kb.registers.evidence import TELLING, ask_for_any, ask_for_more, evidence_needed, says_little
from kb.registers.models import Entry, EntryKind, EntryState, EntryStep
from kb.registers.queries import entries_of, entry_facts, get_entry, is_one_of, leavers_of
from kb.registers.schemas import MOVES, entry_fields
from kb.validation import Checker

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Given:
    """What naming one new holder for several entries did: how many changed, and which were left as they are."""

    changed: int
    left: tuple[Entry, ...]


def add_entry(session: Session, identity: Identity, handover_id: str, data: Mapping[str, Any]) -> Entry:
    """Enter something with a holder at the end of a handover's register."""
    require(identity, Permission.REGISTER_WRITE, Facts(handover_id))
    check = Checker(data)
    fields = _resolved(session, handover_id, check, entry_fields(check, creating=True))
    fields["language"] = check.language("language", _language(session, handover_id))
    evidence = _evidence(check, fields, EntryState.HELD, strict=False)
    check.done()
    last = session.scalar(select(func.max(Entry.position)).where(Entry.handover_id == handover_id)) or 0
    moment = now()
    entry = Entry(handover_id=handover_id, position=last + 1, created_at=moment, updated_at=moment, **fields)
    session.add(entry)
    session.flush()
    _step(session, identity, entry, EntryState.HELD, evidence)
    _record(session, identity, "register.created", entry, name=entry.name)
    session.flush()
    return _loaded(session, entry)


def change_entry(
    session: Session, identity: Identity, entry_id: str, data: Mapping[str, Any], *, strict: bool = False,
    hand_on: bool = False,
) -> Entry:  # fmt: skip
    """Change the fields that were sent; who may only move it on changes state and new holder. No change, no record.

    `evidence` is kept with the step; `strict`: a step that needs some is refused without, as on the pages;
    `hand_on`: with the step that ends it for the old holder, the new one is written down as holder.
    """
    facts = entry_facts(session, entry_id)
    check = Checker(data)
    fields = entry_fields(check, creating=False)
    require(identity, Permission.REGISTER_MOVE if set(fields) <= MOVES else Permission.REGISTER_WRITE, facts)
    entry = get_entry(session, entry_id)
    fields = _resolved(session, entry.handover_id, check, fields)
    evidence = _evidence(check, fields, entry.state, strict=strict)
    if strict and fields.get("state") in (EntryState.TRANSFERRED, EntryState.CONFIRMED):
        _held_by_somebody(check, entry, fields)
    check.done()
    if hand_on:
        fields = _handed_on(entry, fields)
    was = entry.state
    changed = [name for name, value in fields.items() if getattr(entry, name) != value]
    for name in changed:
        setattr(entry, name, fields[name])
    if not changed and not evidence:
        return entry
    entry.updated_at = now()
    _step(session, identity, entry, was, evidence)
    action = "register.moved" if was != entry.state else "register.changed"
    _record(session, identity, action, entry, fields=sorted(changed), was=was, became=entry.state)
    session.flush()
    return _loaded(session, entry)


def give_new_holder(
    session: Session, identity: Identity, handover_id: str, entry_ids: Sequence[str], new_holder: str
) -> Given:
    """Name one new holder for several entries at once. What has gone over to somebody else already is left as it is:
    what shows that is about them."""
    require(identity, Permission.REGISTER_MOVE, Facts(handover_id))
    check = Checker({"new_holder": new_holder, "entries": list(entry_ids)})
    chosen = check.strings("entries", most=MOST_AT_ONCE, each=12)
    fields = _resolved(session, handover_id, check, entry_fields(check, creating=False))
    if not new_holder.strip():
        check.fail("new_holder", _("Say who takes them over."))
    if not chosen:
        check.fail("entries", _("Choose at least one entry."))
    check.done()
    changed, left = 0, []
    for entry in session.scalars(entries_of(handover_id).where(Entry.id.in_(chosen))):
        before = (entry.new_holder_id, entry.new_holder_name)
        if before == (fields["new_holder_id"], fields["new_holder_name"]):
            continue
        if any(before) and entry.state in TELLING:
            left.append(entry)
        else:
            entry.new_holder_id, entry.new_holder_name = fields["new_holder_id"], fields["new_holder_name"]
            entry.updated_at = now()
            changed += 1
            _record(session, identity, "register.changed", entry, fields=["new_holder"])
    session.flush()
    return Given(changed, tuple(left))


def delete_entry(session: Session, identity: Identity, entry_id: str) -> str:
    """Take an entry out of the register for good, its history too; returns its handover's id."""
    require(identity, Permission.REGISTER_WRITE, entry_facts(session, entry_id))
    entry = get_entry(session, entry_id)
    session.delete(entry)
    _record(session, identity, "register.deleted", entry, name=entry.name, kind=entry.kind, state=entry.state)
    session.flush()
    return entry.handover_id


def _resolved(session: Session, handover_id: str, check: Checker, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as the table holds them: a holder as an account or a name, an item of this handover."""
    for name in ("holder", "new_holder"):
        if name in fields:
            typed = fields.pop(name)
            user = user_by_email(session, typed) if "@" in typed else None
            fields[f"{name}_id"] = user.id if user else None
            fields[f"{name}_name"] = "" if user else typed
    _not_the_leaver(session, handover_id, check, fields)
    if "item" in fields:
        item_id = fields.pop("item")
        if item_id and not items_among(session, handover_id, [item_id]):
            check.fail("item", _("There is no such item on this handover's checklist."))
        fields["item_id"] = item_id
    return fields


def _not_the_leaver(session: Session, handover_id: str, check: Checker, fields: Mapping[str, Any]) -> None:
    """Whoever leaves takes nothing over, by account or by name."""
    user_id, name = fields.get("new_holder_id"), fields.get("new_holder_name", "")
    if (user_id or name) and is_one_of(leavers_of(session, handover_id), user_id, name):
        check.fail("new_holder", _("This is who leaves. Name somebody who stays."))


def _handed_on(entry: Entry, fields: dict[str, Any]) -> dict[str, Any]:
    """With the new holder as holder where the step ends it for the old one; revoked and nobody next: nobody has it.

    Who had an account can sign in until that is revoked, and stays its holder.
    """
    becomes = fields.get("state", entry.state)
    ends = {EntryState.REVOKED} if entry.kind == EntryKind.ACCOUNT else TELLING
    user_id, name = (fields.get(one, getattr(entry, one)) for one in ("new_holder_id", "new_holder_name"))
    if becomes not in ends or not (user_id or name or becomes == EntryState.REVOKED):
        return fields
    return fields | {"holder_id": user_id, "holder_name": name}


def _evidence(check: Checker, fields: dict[str, Any], was: str, *, strict: bool) -> str:
    """What shows the step, taken out of the fields."""
    evidence: str = fields.pop("evidence", "")
    needed = strict and evidence_needed(was, fields.get("state", was))
    if evidence and says_little(evidence):
        check.fail("evidence", ask_for_more())
    elif needed and not evidence:
        check.fail("evidence", ask_for_any())
    return evidence


def _held_by_somebody(check: Checker, entry: Entry, fields: Mapping[str, Any]) -> None:
    after = [fields.get(name, getattr(entry, name)) for name in ("new_holder_id", "new_holder_name")]
    if not any(after):
        check.fail("new_holder", _("Say who has it now."))


def _step(session: Session, identity: Identity, entry: Entry, was: str, evidence: str) -> None:
    if evidence or was != entry.state:
        session.add(
            EntryStep(
                entry_id=entry.id, was=was, became=entry.state, evidence=evidence, by_id=identity.user_id, at=now()
            )
        )  # fmt: skip


def _language(session: Session, handover_id: str) -> str:
    return session.scalar(select(Handover.language).where(Handover.id == handover_id)) or "en"


def _loaded(session: Session, entry: Entry) -> Entry:
    session.expire(entry)
    return get_entry(session, entry.id)


def _record(session: Session, identity: Identity, action: str, entry: Entry, **details: Any) -> None:
    record(
        session, actor_id=identity.user_id, action=action, object_type="register", object_id=entry.id,
        handover_id=entry.handover_id, **details,
    )  # fmt: skip

"""What is sent and said of a register entry: JSON structures and their validation."""

from datetime import date
from typing import Any, TypedDict

import msgspec
from msgspec import UNSET, UnsetType

from kb.checklists.models import Importance
from kb.people.models import User
from kb.registers.models import Entry, EntryKind, EntryState, EntryStep
from kb.registers.secrecy import refuse_secrets
from kb.validation import Checker

# Text of one line by its longest length; whatever else may be written is `remark`.
LINES = {"name": 200, "location": 500, "contact": 500, "holder": 200, "new_holder": 200, "vault_ref": 300}
LONGEST_REMARK = 4000
LONGEST_EVIDENCE = 500
MOVES = frozenset({"state", "new_holder", "evidence"})  # what moving on may change; all else is writing


class EntryBody(msgspec.Struct):
    """An entry to create, or the fields of one to change; a holder is an account's address or any name."""

    kind: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    location: str | None | UnsetType = UNSET
    contact: str | None | UnsetType = UNSET
    remark: str | None | UnsetType = UNSET
    holder: str | None | UnsetType = UNSET
    new_holder: str | None | UnsetType = UNSET
    vault_ref: str | None | UnsetType = UNSET
    expires_on: str | None | UnsetType = UNSET
    importance: str | UnsetType = UNSET
    state: str | UnsetType = UNSET
    evidence: str | None | UnsetType = UNSET
    item: str | None | UnsetType = UNSET


class EntryAnswer(TypedDict):
    """A register entry; `vault_ref` says where the secret is kept. `names_leaver`: see `still_naming`."""

    id: str
    handover: str
    kind: EntryKind
    name: str
    location: str
    contact: str
    remark: str
    holder: str | None
    holder_name: str | None
    new_holder: str | None
    new_holder_name: str | None
    vault_ref: str
    expires_on: str | None
    importance: Importance
    state: EntryState
    item: str | None
    names_leaver: bool
    language: str
    url: str
    created_at: str
    updated_at: str


class StepAnswer(TypedDict):
    """One step of an entry from a state to the next, with what shows it."""

    was: EntryState
    became: EntryState
    evidence: str
    by: str | None
    by_name: str | None
    at: str


class EntryWithSteps(EntryAnswer):
    """An entry and how it changed hands, the newest step first."""

    steps: list[StepAnswer]


def entry_fields(check: Checker, *, creating: bool) -> dict[str, Any]:
    """The fields of an entry that were sent, or all of a new one; holders stay as typed. Errors stay in `check`."""
    fields: dict[str, Any] = {}
    if creating or check.has("kind"):
        fields["kind"] = str(check.choice("kind", EntryKind))
    for name, most in LINES.items():
        if creating or check.has(name):
            fields[name] = check.line(name, most=most, required=name == "name")
    if creating or check.has("remark"):
        fields["remark"] = check.text("remark", most=LONGEST_REMARK, required=False)
    if creating or check.has("expires_on"):
        fields["expires_on"] = check.day("expires_on", required=False)
    if creating or check.has("importance"):
        fields["importance"] = str(check.choice("importance", Importance, Importance.NORMAL))
    if creating or check.has("state"):
        fields["state"] = str(check.choice("state", EntryState, EntryState.HELD if creating else None))
    if check.has("evidence"):
        fields["evidence"] = check.line("evidence", most=LONGEST_EVIDENCE, required=False)
    if check.has("item"):
        fields["item"] = check.line("item", most=12, required=False) or None
    refuse_secrets(check, fields)
    return fields


def holder_of(user: User | None, name: str) -> str | None:
    """A holder as it is sent: an account's address, or a name."""
    return user.email if user else name or None


def holder_name(user: User | None, name: str) -> str | None:
    """A holder as people say it."""
    return user.name if user else name or None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def entry_json(entry: Entry, *, names_leaver: bool) -> EntryAnswer:
    """An entry as it is answered; its people must be loaded."""
    return EntryAnswer(
        id=entry.id, handover=entry.handover_id, kind=EntryKind(entry.kind), name=entry.name,
        location=entry.location, contact=entry.contact, remark=entry.remark,
        holder=holder_of(entry.holder, entry.holder_name), holder_name=holder_name(entry.holder, entry.holder_name),
        new_holder=holder_of(entry.new_holder, entry.new_holder_name),
        new_holder_name=holder_name(entry.new_holder, entry.new_holder_name),
        vault_ref=entry.vault_ref, expires_on=_iso(entry.expires_on), importance=Importance(entry.importance),
        state=EntryState(entry.state), item=entry.item_id, names_leaver=names_leaver, language=entry.language,
        url=f"/register/{entry.id}", created_at=entry.created_at.isoformat(), updated_at=entry.updated_at.isoformat(),
    )  # fmt: skip


def step_json(step: EntryStep) -> StepAnswer:
    """A step as it is answered; who took it must be loaded."""
    return StepAnswer(
        was=EntryState(step.was),
        became=EntryState(step.became),
        evidence=step.evidence,
        by=step.by.email if step.by else None,
        by_name=step.by.name if step.by else None,
        at=step.at.isoformat(),
    )
